"""The whole set as files, and the page and catalogue that offer them."""

import csv
import io
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from rdflib import DCAT, RDF, Graph

from measures.models import DataFile, DataVersion, Measure, Status
from measures.open_data import files
from tests.counting import counted
from tests.factories import (
    CONCEPT,
    make_finding,
    make_measure,
    make_motion,
    make_party,
    make_source,
    report,
)
from tests.machine import needs

pytestmark = pytest.mark.django_db

NAMES = ["kwalibo.json", "kwalibo-csv.zip", "kwalibo.sqlite"]


def fetch(client, name) -> bytes:
    response = client.get(f"/open-data/{name}")
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert len(content) == int(response.headers["Content-Length"])
    return content


def tables(content: bytes) -> dict[str, list[dict[str, str]]]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {
        name.removesuffix(".csv"): list(
            csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";")
        )
        for name in archive.namelist()
        if name.endswith(".csv")
    }


def question(content: bytes, sql: str) -> list[tuple]:
    """The answer of a database file."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        return connection.execute(sql).fetchall()


@pytest.fixture
def measure():
    source = make_source(key="S09", title="Een rapport")
    party = make_party("Bodem+", slug="bodemplus")
    measure = make_measure("Een loket", number=7, lead=party, sources=[source])
    measure.involvements.create(group="schemabeheerders", role="betrokken")
    report(measure, Status.IMPLEMENTED, on=date(2024, 5, 1), explanation="Open.", sources=[source])
    make_finding(key="F1", measures=[measure])
    make_motion(slug="30015-87", measures=[measure], proposers=[("Lid", "Fractie")])
    return measure


def test_the_json_holds_what_the_api_tells(client, measure):
    whole = json.loads(fetch(client, "kwalibo.json"))

    told = client.get("/api/v1/maatregelen/7", headers={"host": "127.0.0.1:8000"}).json()
    assert whole["maatregelen"] == [told]
    assert whole["over"]["versie"] >= 0
    assert whole["over"]["licentie"].startswith("CC0")
    assert [row["code"] for row in whole["bronnen"]] == ["S09"]
    assert [row["tekst"] for row in whole["standen-van-zaken"]] == ["Open."]


def test_the_tables_in_the_zip_hold_the_same_row_by_row(client, measure):
    found = tables(fetch(client, "kwalibo-csv.zip"))

    (row,) = found["maatregelen"]
    assert (row["nummer"], row["titel"], row["trekker_code"]) == ("7", "Een loket", "bodemplus")
    assert (row["status"], row["statusSinds_datum"]) == ("geimplementeerd", "2024-05-01")
    assert (row["bronnen"], row["omschrijving"]) == ("S09", "")
    (involved,) = found["maatregelen_betrokkenen"]
    assert (involved["maatregelen_nummer"], involved["groep"]) == ("7", "schemabeheerders")
    assert found["verbeterpunten_maatregelen"][0]["nummer"] == "7"
    assert found["moties_indieners"][0]["moties_code"] == "30015-87"


def test_the_database_answers_questions_across_tables(client, measure):
    found = question(
        fetch(client, "kwalibo.sqlite"),
        "SELECT m.titel, s.tekst FROM maatregelen m JOIN standen_van_zaken s"
        " ON s.maatregel = m.nummer WHERE m.trekker_code = 'bodemplus' AND m.omschrijving IS NULL",
    )

    assert found == [("Een loket", "Open.")]


def test_no_cell_of_a_table_becomes_a_formula(client):
    make_measure('=HYPERLINK("https://voorbeeld.example")', number=7, description="+31 6")

    (row,) = tables(fetch(client, "kwalibo-csv.zip"))["maatregelen"]

    assert row["titel"].startswith("'=")
    assert row["omschrijving"] == "'+31 6"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_made_once_per_version_and_its_bytes_are_always_the_same(client, measure, name):
    with time_machine.travel("2026-03-01 12:00"):
        first = fetch(client, name)
        made = set(DataFile.objects.all())
        assert fetch(client, name) == first
        assert set(DataFile.objects.all()) == made
        DataFile.objects.all().delete()

        again = fetch(client, name)

    assert again == first


@pytest.mark.parametrize("name", NAMES)
def test_a_change_and_a_new_day_make_a_new_file(client, measure, name):
    with time_machine.travel("2026-03-01 12:00"):
        first = client.get(f"/open-data/{name}").headers["ETag"]
        measure.title = "Een beter loket"
        measure.save()
        changed = client.get(f"/open-data/{name}").headers["ETag"]
    with time_machine.travel("2026-03-02 12:00"):
        next_day = client.get(f"/open-data/{name}").headers["ETag"]

    assert len({first, changed, next_day}) == 3


def test_a_concept_makes_no_new_file(client, measure):
    fetch(client, "kwalibo.json")

    make_measure(publication=CONCEPT)
    fetch(client, "kwalibo.json")

    assert DataFile.objects.count() == len(NAMES)


def test_one_reading_of_the_data_makes_every_kind_of_file(client, measure, monkeypatch):
    fetch(client, "kwalibo.json")

    with counted(monkeypatch) as work:
        for name in NAMES:
            fetch(client, name)

    assert work.instances["DataFile"] == len(NAMES)
    assert set(work.instances) == {"DataFile"}


class TestBeforehand:
    """The files are made when nobody waits for them."""

    def test_they_are_made_when_it_has_been_quiet_for_a_while(self, measure, capsys):
        with time_machine.travel(timezone.now() + files.QUIET):
            call_command("release_due")
            assert "De bestanden met alle gegevens zijn gemaakt." in capsys.readouterr().out
            call_command("release_due")
            assert "bestanden" not in capsys.readouterr().out

        assert {file.format for file in DataFile.objects.all()} == {"json", "csv", "sqlite"}

    def test_they_wait_while_colleagues_are_at_work(self, measure):
        # PostgreSQL notes this at the commit, which a test never comes to.
        DataVersion.objects.update(changed_at=timezone.now())

        call_command("release_due")

        assert not DataFile.objects.exists()

    def test_what_goes_wrong_there_holds_up_no_letter(self, measure, monkeypatch, caplog):
        def fail(*arguments):
            raise ValueError("schijf vol")

        monkeypatch.setattr(files, "write", fail)
        with time_machine.travel(timezone.now() + files.QUIET):
            call_command("release_due")

        assert "schijf vol" in caplog.text
        assert not DataFile.objects.exists()


def test_who_has_the_file_already_gets_nothing(client, measure):
    etag = client.get("/open-data/kwalibo.json").headers["ETag"]

    response = client.get("/open-data/kwalibo.json", headers={"if-none-match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_old_files_go(client, measure, monkeypatch):
    monkeypatch.setattr(files, "KEPT", 4)
    for title in ["Een", "Twee", "Drie"]:
        Measure.objects.update(title=title)
        fetch(client, "kwalibo.json")

    assert DataFile.objects.count() == 4
    assert DataFile.objects.filter(parts__isnull=True).count() == 0


def test_a_large_file_is_sent_in_parts(client, measure, monkeypatch):
    monkeypatch.setattr(files, "PART", 1000)

    whole = fetch(client, "kwalibo.json")

    assert json.loads(whole)["maatregelen"]
    made = DataFile.objects.get(format="json")
    assert made.parts.count() == -(-len(whole) // 1000) > 3


def test_what_was_read_while_the_data_changed_is_read_again(client, measure, monkeypatch):
    titles = iter(["Intussen gewijzigd"])
    write = files.write

    def write_and_change(*arguments):
        write(*arguments)
        for title in titles:
            Measure.objects.update(title=title)

    monkeypatch.setattr(files, "write", write_and_change)

    assert b"Intussen gewijzigd" in fetch(client, "kwalibo.json")
    assert DataFile.objects.count() == len(NAMES)


@pytest.mark.parametrize("name", ["kwalibo.xlsx", "kwalibo", "%00", "catalogus.rdf"])
def test_another_file_is_not_there_and_the_answer_says_which_are(client, name):
    response = client.get(f"/open-data/{name}")

    assert response.status_code == 404
    assert "kwalibo-csv.zip" in response.text


# The page and the catalogue.


def test_the_page_names_every_collection_and_every_file(client, measure):
    page = client.get("/open-data/").text

    for name in NAMES:
        assert f'href="/open-data/{name}"' in page
    assert 'href="/api/v1/maatregelen"' in page
    assert 'href="/api/v1/openapi.json"' in page
    assert "curl 'http://testserver/api/v1/maatregelen?peildatum=2024-12-31'" in page
    assert "CC0 1.0" in page


def test_every_page_leads_to_it(client):
    assert 'href="/open-data/"' in client.get("/begrippen/").text


# rdflib, of its own reader.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_catalogue_is_one_graph_in_two_spellings(client):
    turtle = client.get("/open-data/catalogus.ttl")
    linked = client.get("/open-data/catalogus.jsonld")

    assert turtle.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert linked.headers["Content-Type"] == "application/ld+json"
    one = Graph().parse(data=turtle.text, format="turtle")
    other = Graph().parse(data=linked.text, format="json-ld")
    assert one.isomorphic(other)
    assert client.get("/open-data/catalogus.ttl").text == turtle.text
    assert client.get("/open-data/catalogus.jsonld").text == linked.text
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution):
        assert list(one.subjects(RDF.type, kind))
    for address in one.objects(None, DCAT.downloadURL):
        path = str(address).removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code == 200


def test_the_catalogue_is_as_dcat_ap_nl_wants_it(client):
    folder = os.environ.get("STANDARDS_DIR", "")
    shapes = Path(folder, "dcat-ap-nl-3-shapes.ttl")
    needs(folder and shapes.is_file(), "STANDARDS_DIR names no folder with Geonovum's shapes")
    from pyshacl import validate

    catalogue = Graph().parse(data=client.get("/open-data/catalogus.ttl").text, format="turtle")

    conforms, _, report = validate(catalogue, shacl_graph=Graph().parse(shapes))

    assert conforms, report
