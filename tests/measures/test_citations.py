"""'Verwijs hiernaar': a permanent address, and a line that programs for references can read."""

import re
from datetime import UTC, date, datetime

import bibtexparser
import pytest
import rispy
import time_machine
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import moments
from measures.citations import AUTHOR, Citation
from measures.models import Status
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_evidence,
    make_letter,
    make_measure,
    make_moment,
    make_motion,
    make_source,
    report,
)

NASTY = r"100% van {de} kosten & baten_#1 $5 ~ ^ \ ‘Łódź’"


def citation(title="Maatregel M7", **values):
    values = {
        "key": "kwalibo-m7",
        "published": date(2025, 5, 3),
        "address": "https://voorbeeld.example/maatregelen/7/",
        "dated": "https://voorbeeld.example/maatregelen/7/?peildatum=2025-06-01",
        "accessed": date(2026, 11, 25),
    } | values
    return Citation(title=title, **values)


def test_the_line_names_author_day_title_and_when_it_was_read():
    assert citation().apa == (
        "Ministerie van Infrastructuur en Waterstaat. (2025, 3 mei). Maatregel M7. "
        "Kwalibo-voortgang. Geraadpleegd op 25 november 2026, van "
        "https://voorbeeld.example/maatregelen/7/?peildatum=2025-06-01"
    )
    assert ". (z.d.). " in citation(published=None).apa


def test_a_program_for_bibtex_reads_it():
    (entry,) = bibtexparser.parse_string(citation().bibtex).entries

    assert (entry.entry_type, entry.key) == ("online", "kwalibo-m7")
    assert entry["author"] == f"{{{AUTHOR}}}"
    assert (entry["year"], entry["urldate"]) == ("2025", "2026-11-25")
    assert entry["url"] == "https://voorbeeld.example/maatregelen/7/?peildatum=2025-06-01"


def test_a_program_for_ris_reads_it():
    (entry,) = rispy.loads(citation(NASTY).ris)

    assert entry["type_of_reference"] == "ELEC"
    assert entry["authors"] == [AUTHOR]
    assert entry["title"] == NASTY
    assert entry["year"] == "2025"
    assert entry["urls"] == ["https://voorbeeld.example/maatregelen/7/?peildatum=2025-06-01"]


def test_special_signs_are_written_as_tex_wants_them():
    title = re.search(r"title = \{\{(.*)\}\},", citation(NASTY).bibtex).group(1)

    assert title == (
        r"100\% van \textbraceleft{}de\textbraceright{} kosten \& baten\_\#1 \$5 "
        r"\textasciitilde{} \textasciicircum{} \textbackslash{} ‘Łódź’"
    )


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_title_breaks_out_of_its_field(title):
    found = citation(title)

    (entry,) = bibtexparser.parse_string(found.bibtex).entries
    assert entry["url"] == found.dated
    assert found.bibtex.count("{") == found.bibtex.count("}")
    assert len(found.ris.splitlines()) == len(citation("Gewoon").ris.splitlines())
    assert found.ris.endswith("ER  - \r\n")


pages = pytest.mark.django_db


@pages
def test_every_page_to_cite_has_the_box_and_its_files(client):
    measure = make_measure("Loket")
    update = report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))
    motion = make_motion("Motie over granuliet")
    moment = make_moment("De brief van juni", on=date(2024, 6, 1), letter=make_letter())
    moments.render_files(moments.freeze(moment, by=None, reason_for=lambda row: "Zo laten."))
    moments.release(moment)
    told = reverse("moment-measure", args=[moment.slug, measure.number])
    for page in [
        measure.get_absolute_url(),
        update.get_absolute_url(),
        motion.get_absolute_url(),
        moment.get_absolute_url(),
        told,
    ]:
        text = client.get(page).text
        assert "Verwijs hiernaar" in text, page
        assert f"http://testserver{page}" in text
        assert "@online{kwalibo-" in text
        for ending in ("bib", "ris"):
            address = f"{page}verwijzing.{ending}"
            assert address in text
            file = client.get(address)
            assert file.status_code == 200, address
            assert f'.{ending}"' in file.headers["Content-Disposition"]
            assert f"http://testserver{page}" in file.text


@pages
def test_a_measure_is_cited_as_it_stood_on_the_day_of_the_page(client):
    measure = make_measure("Loket")
    report(measure, Status.PLANNED, on=date(2023, 1, 1))
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))
    address = measure.get_absolute_url()

    page = client.get(f"{address}?peildatum=2023-06-01").text

    assert f"{address}verwijzing.bib?peildatum=2023-06-01" in page
    file = client.get(f"{address}verwijzing.bib?peildatum=2023-06-01").text
    assert "stand op 1 juni 2023: gepland" in file
    assert f"http://testserver{address}?peildatum=2023-06-01" in file


@pages
def test_the_year_is_that_of_the_publication_and_not_of_today(client):
    with time_machine.travel(datetime(2023, 12, 31, 23, 30, tzinfo=UTC)):
        update = report(make_measure(), Status.PLANNED, on=date(2022, 1, 1))

    file = client.get(f"{update.get_absolute_url()}verwijzing.bib").text

    # In Dutch time it was the new year already.
    assert "year = {2024}" in file


@pages
@pytest.mark.parametrize(
    "path", ["maatregelen/999/", "moties/geen/", "kamerbrieven/geen/", "maatregelen/999/standen/1/"]
)
def test_there_is_no_file_of_what_is_not_there(client, path):
    assert client.get(f"/{path}verwijzing.bib").status_code == 404
    assert client.get("/moties/verwijzing.pdf").status_code == 404


# The page of one progress update.


@pages
def test_an_update_has_a_page_of_its_own_with_everything_that_belongs_to_it(client):
    measure = make_measure("Loket")
    earlier = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    update = report(
        measure,
        Status.IN_DEVELOPMENT,
        on=date(2024, 1, 1),
        explanation="De proef loopt.",
        sources=[make_source("Verslag van de proef")],
        letter=make_letter("Brief over de proef"),
    )
    make_evidence(update, "Foto’s van de proef")
    later = report(measure, Status.IMPLEMENTED, on=date(2025, 1, 1))

    page = client.get(update.get_absolute_url()).text

    for words in [
        "Stand van zaken op 1 januari 2024",
        "In uitwerking",
        "De proef loopt.",
        "Verslag van de proef",
        "Brief over de proef",
        "Foto’s van de proef",
        "1 januari 2025: geïmplementeerd",
        "1 januari 2023: gepland",
        f'href="{later.get_absolute_url()}"',
        f'href="{earlier.get_absolute_url()}"',
    ]:
        assert words in page, words
    assert (
        f'href="{update.get_absolute_url()}">Vast adres'
        in client.get(measure.get_absolute_url()).text
    )


@pages
def test_a_correction_and_what_it_corrects_name_each_other(client):
    measure = make_measure()
    wrong = report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Fout.")
    right = report(
        measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Goed.", corrects=wrong
    )

    old, new = (client.get(one.get_absolute_url()).text for one in (wrong, right))

    assert "Deze melding is later verbeterd" in old
    assert f'href="{right.get_absolute_url()}">Lees de verbeterde tekst' in old
    assert "Fout." in old
    assert f'href="{wrong.get_absolute_url()}">wat hier eerder stond' in new


@pages
def test_a_correction_that_is_not_public_is_not_named(client):
    measure = make_measure()
    wrong = report(measure, Status.PLANNED, on=date(2024, 1, 1))
    report(measure, Status.PLANNED, on=date(2024, 1, 1), corrects=wrong, publication=CONCEPT)

    assert "later verbeterd" not in client.get(wrong.get_absolute_url()).text


@pages
def test_of_a_withdrawn_update_only_the_day_of_its_withdrawal_is_left(client):
    measure = make_measure("Loket")
    update = report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="De tekst.")
    with time_machine.travel("2026-03-05 12:00+01:00"):
        update.withdraw("De reden.")

    response = client.get(update.get_absolute_url())

    assert response.status_code == 410
    assert 'op <time datetime="2026-03-05">5 maart 2026</time> ingetrokken' in response.text
    for gone in ("De tekst.", "De reden.", "Geïmplementeerd", "1 januari 2024"):
        assert gone not in response.text
    assert client.get(f"{update.get_absolute_url()}verwijzing.bib").status_code == 404


@pages
def test_a_concept_was_never_there(client):
    measure = make_measure()
    concept = report(measure, Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)
    hidden = make_measure(publication=CONCEPT)
    of_hidden = report(hidden, Status.PLANNED, on=date(2024, 1, 1))
    withdrawn = report(hidden, Status.PLANNED, on=date(2024, 1, 1))
    withdrawn.withdraw("Reden.")
    public = report(measure, Status.PLANNED, on=date(2024, 1, 1))

    for update in (concept, of_hidden, withdrawn):
        assert client.get(update.get_absolute_url()).status_code == 404
    other = reverse("update", args=[make_measure().number, public.pk])
    assert client.get(other).status_code == 404
    assert withdrawn.publication == Publication.WITHDRAWN


@pages
def test_the_page_of_an_update_keeps_the_day(client):
    measure = make_measure()
    first = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    second = report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))

    then = client.get(f"{first.get_absolute_url()}?peildatum=2023-06-01").text
    assert "Dit is de laatste stand van zaken op deze dag." in then
    assert second.get_absolute_url() not in then
    after = client.get(f"{second.get_absolute_url()}?peildatum=2023-06-01").text
    assert "Deze melding is van na de peildatum." in after
    unknown = client.get(f"{first.get_absolute_url()}?peildatum=2023-06-01&bekend_op=2023-06-01")
    assert unknown.status_code == 404
    assert "stond op deze dag nog niet op deze website" in unknown.text


@pages
def test_m7_leads_to_the_address(client):
    update = report(make_measure(), Status.PLANNED, on=date(2024, 1, 1))
    number = update.measure.number

    response = client.get(f"/maatregelen/M{number}/standen/{update.pk}/?peildatum=2024-06-01")

    assert response.status_code == 301
    assert response.url == f"{update.get_absolute_url()}?peildatum=2024-06-01"


@pages
def test_a_page_asks_as_much_of_the_database_for_forty_updates_as_for_two(
    client, django_assert_num_queries
):
    measure = make_measure()
    first = report(measure, Status.PLANNED, on=date(2024, 1, 1))

    def add(number):
        for day in range(1, number + 1):
            report(
                measure,
                Status.PLANNED,
                on=date(2024, 2, 1 + day % 28),
                sources=[make_source()],
                corrects=first,
                letter=make_letter(),
            )

    for number in (1, 38):
        add(number)
        with django_assert_num_queries(5):
            assert client.get(first.get_absolute_url()).status_code == 200
