"""Evidence: which files are taken, and who can reach them."""

import hashlib
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from measures import evidence_files
from measures.evidence_files import Refused, check
from measures.evidence_storage import evidence_lies_outside_the_web_root
from measures.models import Evidence, ProgressUpdate, Status
from parties.publication import Publication
from tests import evidence_files as files
from tests.factories import CONCEPT, make_evidence, make_measure, report

# Which files are taken


@pytest.mark.parametrize("name", files.GOOD)
def test_every_kind_that_we_take_is_known_by_its_content(name):
    content, media_type = files.GOOD[name]

    facts = check(name, content, max_mb=20)

    assert facts.media_type == media_type
    assert (facts.name, facts.size) == (name, len(content))
    assert facts.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("extension", evidence_files.EXTENSIONS)
def test_every_kind_that_we_promise_has_an_example_here(extension):
    assert any(name.endswith(f".{extension}") for name in files.GOOD)


WRONG_NAME = [
    ("foto.png", files.pdf()),
    ("verslag.pdf", files.png()),
    ("verslag.docx", files.xlsx()),
    ("verslag.odt", files.odf("spreadsheet")),
    ("verslag.odt", files.docx_file()),
    ("verslag.txt", files.pdf()),
    ("verslag.pdf", b"gewone tekst"),
    ("foto.jpg", files.png()),
]


@pytest.mark.parametrize(("name", "content"), WRONG_NAME)
def test_a_name_that_does_not_fit_the_content_is_refused(name, content):
    with pytest.raises(Refused, match="maar de inhoud is"):
        check(name, content, max_mb=20)


@pytest.mark.parametrize(
    "name",
    ["pagina.html", "plaatje.svg", "verslag.docm", "cijfers.xlsm", "verslag.doc", "x.exe", "geen"],
)
def test_other_kinds_are_refused_by_name_and_the_message_says_what_is_allowed(name):
    with pytest.raises(Refused, match="Wel: pdf, odt, ods, docx, xlsx, png, jpg, jpeg, csv of txt"):
        check(name, files.pdf(), max_mb=20)


MACROS = "macro’s of scripts"
BAD_CONTENT = {
    "a macro in docx": (
        "a.docx",
        files.with_part(files.docx_file(), "word/vbaProject.bin", b"x"),
        MACROS,
    ),
    "a macro in xlsx": (
        "a.xlsx",
        files.with_part(files.xlsx(), "xl/vbaProject.bin", b"x"),
        MACROS,
    ),
    "a macro sheet": (
        "a.xlsx",
        files.with_part(files.xlsx(), "xl/macrosheets/sheet1.xml", b"<x/>"),
        MACROS,
    ),
    "a docm that is called docx": (
        "a.docx",
        files.with_changed_part(
            files.docx_file(),
            "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
        MACROS,
    ),
    "a program inside": (
        "a.docx",
        files.with_part(files.docx_file(), "word/embeddings/oleObject1.bin", b"x"),
        MACROS,
    ),
    "a Basic macro": (
        "a.odt",
        files.with_part(files.odf("text"), "Basic/Standard/Module1.xml", b"<x/>"),
        MACROS,
    ),
    "a script in ods": (
        "a.ods",
        files.with_part(files.odf("spreadsheet"), "Scripts/python/x.py", b"x"),
        MACROS,
    ),
    "a presentation": (
        "a.odt",
        files.odf("presentation"),
        "Dit soort document nemen wij niet aan",
    ),
    "a bare zip file": (
        "a.docx",
        files.with_part(files.with_part(b"", "a.txt", b"x"), "b.txt", b"x"),
        "Een zip-bestand nemen wij niet aan",
    ),
    "half a document": ("a.docx", files.docx_file()[:-200], "beschadigd"),
    "a document that was written over": (
        "a.docx",
        files.docx_file().replace(b"word/document.xml", b"word/DOCUMENT.xml", 1),
        "beschadigd",
    ),
    "a script in pdf": ("a.pdf", files.pdf(b"/JavaScript (x) "), "script of een ander bestand"),
    "a script in pdf, written otherwise": (
        "a.pdf",
        files.pdf(b"/Java#53cript (x) "),
        "script of een ander bestand",
    ),
    "a packed script in pdf": (
        "a.pdf",
        files.pdf_with_packed(b"/S /JavaScript"),
        "script of een ander bestand",
    ),
    "a file in pdf": ("a.pdf", files.pdf(b"/EmbeddedFile "), "script of een ander bestand"),
    "a locked pdf": ("a.pdf", files.pdf(b"/Encrypt 2 0 R "), "beveiligd"),
    "half a pdf": ("a.pdf", files.pdf()[:20], "beschadigd"),
    "half a picture": ("a.png", files.png()[:-5], "beschadigd"),
    "a picture with something behind it": ("a.png", files.png() + b"<script>", "beschadigd"),
    "a picture that is also a zip file": ("a.png", files.png() + files.xlsx(), "beschadigd"),
    "a photo that is also a zip file": ("a.jpg", files.jpeg() + files.xlsx(), "beschadigd"),
    "a pdf that is also a zip file": (
        "a.pdf",
        files.pdf() + files.with_part(b"", "a.txt", b"%%EOF"),
        "beschadigd",
    ),
    "a picture that fills the memory": ("a.png", files.png(60_000, 60_000), "te groot"),
    "a photo that fills the memory": ("a.jpg", files.jpeg(60_000, 60_000), "te groot"),
    "an archive in a document": (
        "a.docx",
        files.with_part(files.docx_file(), "word/embeddings/x.zip", b"PK"),
        MACROS,
    ),
    "an archive in an open document": (
        "a.odt",
        files.with_part(files.odf("text"), "Object 1/x.jar", b"PK"),
        MACROS,
    ),
    "half a photo": ("a.jpg", files.jpeg()[:-2], "beschadigd"),
    "an old document": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "oude versie"),
    "a web page": ("a.txt", b"\n <!DOCTYPE html><script>alert(1)</script>", "webpagina of script"),
    "a drawing with scripts": ("a.csv", b"<svg onload='x'/>", "webpagina of script"),
    "a script": ("a.txt", b"#!/bin/sh\nrm -rf /", "webpagina of script"),
    "a program": ("a.txt", b"MZ\x90\x00\x03\x00\x00\x00", "herkennen de inhoud"),
    "nothing": ("a.pdf", b"", "leeg"),
}


@pytest.mark.parametrize("case", BAD_CONTENT)
def test_what_can_run_or_is_not_whole_is_refused(case):
    name, content, why = BAD_CONTENT[case]

    with pytest.raises(Refused, match=why):
        check(name, content, max_mb=20)


def test_a_file_is_as_large_as_the_setting_allows_and_no_larger():
    check("a.txt", b"x" * 1024 * 1024, max_mb=1)

    with pytest.raises(Refused, match=r"Dit bestand is 1,5 MB.*hoogstens 1 MB"):
        check("a.txt", b"x" * (1024 * 1024 * 3 // 2), max_mb=1)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = files.with_part(files.odf("text"), "Pictures/a.png", b"\x00" * 3_000_000)
    assert len(bomb) < 100_000
    check("a.odt", bomb, max_mb=20)
    monkeypatch.setattr(evidence_files, "MAX_UNPACKED", 2_000_000)
    monkeypatch.setattr("zipfile.ZipFile.testzip", lambda package: pytest.fail("unpacked"))

    with pytest.raises(Refused, match="veel groter dan een gewoon document"):
        check("a.odt", bomb, max_mb=20)


def test_a_document_with_thousands_of_parts_is_refused(monkeypatch):
    monkeypatch.setattr(evidence_files, "MAX_PARTS", 3)

    with pytest.raises(Refused, match="veel groter dan een gewoon document"):
        check("a.docx", files.docx_file(), max_mb=20)


def test_a_packed_bomb_in_a_pdf_is_refused(monkeypatch):
    monkeypatch.setattr(evidence_files, "MAX_UNPACKED", 1_000)

    with pytest.raises(Refused, match="veel groter dan een gewoon document"):
        check("a.pdf", files.pdf_with_packed(b" " * 2_000), max_mb=20)


def test_a_pdf_made_to_keep_the_check_busy_is_answered_at_once():
    many = b"%PDF-1.7\n" + b"/ObjStm stream\n" * 100_000 + b"endstream %%EOF"

    started = time.perf_counter()
    with pytest.raises(Refused, match="beschadigd"):
        check("a.pdf", many, max_mb=20)

    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Documenten\\verslag.txt", "verslag.txt"),
        ("ver\r\nslag\u202e.txt", "ver slag .txt"),
        (".txt", "txt"),
        ("", "bestand"),
        ("x" * 400 + ".txt", "x" * 146 + ".txt"),
    ],
)
def test_of_a_name_only_the_last_readable_part_is_kept(given, kept):
    assert evidence_files.clean_name(given) == kept


# Where it is kept


def stored(settings) -> set[str]:
    folder = Path(settings.EVIDENCE_DIR)
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.fixture
def update(db):
    return report(make_measure(), Status.PLANNED, on=date(2024, 5, 1))


def test_a_file_lies_under_its_number_and_only_the_application_reads_it(update, settings):
    evidence = make_evidence(update, content=b"tekst", name="../../Geheim verslag.txt")

    path = Path(evidence.document.path)
    assert path == Path(settings.EVIDENCE_DIR) / str(evidence.public_id)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="no address"):
        _ = evidence.document.url


def test_evidence_in_the_web_root_is_an_error(settings, tmp_path):
    assert evidence_lies_outside_the_web_root(None) == []
    settings.STATIC_ROOT = tmp_path
    settings.EVIDENCE_DIR = tmp_path / "bewijs"

    assert [error.id for error in evidence_lies_outside_the_web_root(None)] == ["measures.E001"]


def test_with_a_concept_its_evidence_and_the_file_go(
    update, settings, django_capture_on_commit_callbacks
):
    concept = report(update.measure, Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT)
    evidence = make_evidence(concept, content=b"tekst")
    assert str(evidence.public_id) in stored(settings)

    with django_capture_on_commit_callbacks(execute=True):
        concept.delete()

    assert not Evidence.objects.exists()
    assert str(evidence.public_id) not in stored(settings)


def test_a_file_of_a_row_that_is_refused_does_not_stay(update, settings):
    before = stored(settings)

    with pytest.raises(IntegrityError):
        make_evidence(update, content=b"tekst", url="https://voorbeeld.example/")

    assert stored(settings) == before


def test_what_the_public_could_see_is_not_deleted(update):
    evidence = make_evidence(update, content=b"tekst")
    evidence.visibility = "intern"
    evidence.save()

    with pytest.raises(ValidationError, match="openbaar geweest"):
        evidence.delete()
    with pytest.raises(IntegrityError, match="wordt niet verwijderd"), transaction.atomic():
        Evidence.objects.all().delete()
    assert Evidence.objects.count() == 1


def test_what_nobody_could_see_can_be_deleted(update):
    make_evidence(update, content=b"tekst", visibility="intern").delete()
    concept = report(update.measure, Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT)
    evidence = make_evidence(concept)
    evidence.visibility = "intern"
    evidence.save()
    concept.publish()

    evidence.delete()

    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"sha256": "0" * 64},
        {"document": "iets-anders"},
        {"file_name": "anders.txt"},
        {"opened_at": None, "visibility": "intern"},
    ],
)
def test_a_file_is_never_replaced(update, values):
    evidence = make_evidence(update, content=b"tekst")

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(**values)


def test_evidence_is_a_link_or_a_file(update):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(update=update, title="Niets")


def test_staff_can_count_all_evidence_of_an_update(update):
    make_evidence(update)
    make_evidence(update, visibility="intern")

    assert ProgressUpdate.objects.with_evidence_count().get().evidence_count == 2


# Who can reach it


def test_a_public_file_is_sent_to_save_and_no_browser_runs_it(client, update):
    content, media_type = files.GOOD["verslag.pdf"]
    evidence = make_evidence(update, content=content, name="Verslag 4 mei.pdf")

    answer = client.get(evidence.get_absolute_url())

    assert evidence.get_absolute_url() == f"/bewijsstukken/{evidence.public_id}/verslag-4-mei.pdf"
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == 'attachment; filename="Verslag 4 mei.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Length"] == str(len(content))
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_a_file_that_the_visitor_has_already_is_not_sent_again(client, update):
    evidence = make_evidence(update, content=b"tekst")
    first = client.get(evidence.get_absolute_url())
    etag = first["ETag"]
    first.getvalue()

    answer = client.get(evidence.get_absolute_url(), headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def unknown(client) -> str:
    answer = client.get(f"/bewijsstukken/{uuid.uuid4()}/verslag.txt")
    assert answer.status_code == 404
    return answer.text


def made_internal(update):
    return make_evidence(update, content=b"tekst", visibility="intern")


def made_internal_again(update):
    evidence = make_evidence(update, content=b"tekst")
    evidence.visibility = "intern"
    evidence.save()
    return evidence


def of_a_concept(update):
    concept = report(update.measure, Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT)
    return make_evidence(concept, content=b"tekst")


def of_a_withdrawn_update(update):
    evidence = make_evidence(update, content=b"tekst")
    update.withdraw("Klopte niet.")
    return evidence


def of_a_concept_measure(update):
    hidden = report(make_measure(publication=CONCEPT), Status.PLANNED, on=date(2024, 6, 1))
    return make_evidence(hidden, content=b"tekst")


@pytest.mark.parametrize(
    "make",
    [made_internal, made_internal_again, of_a_concept, of_a_withdrawn_update, of_a_concept_measure],
)
def test_what_is_not_public_answers_as_what_does_not_exist(client, update, make):
    evidence = make(update)

    answer = client.get(evidence.get_absolute_url())

    assert answer.status_code == 404
    assert answer.text == unknown(client)


def test_a_public_file_has_one_address(client, update):
    evidence = make_evidence(update, content=b"tekst", name="verslag.txt")
    link = make_evidence(update)

    for address in [
        f"/bewijsstukken/{evidence.public_id}/anders.txt",
        f"/bewijsstukken/{evidence.public_id}/..%2f..%2fsecret_key",
        f"/bewijsstukken/{evidence.public_id}/",
        f"/bewijsstukken/{evidence.pk}/verslag.txt",
        f"/bewijsstukken/{link.public_id}/bewijsstuk",
        "/bewijsstukken/",
        f"/static/{evidence.public_id}",
    ]:
        assert files.status_of(client, address) == 404, address


def test_a_file_that_is_gone_from_disk_is_not_found(client, update, caplog):
    evidence = make_evidence(update, content=b"tekst")
    Path(evidence.document.path).unlink()

    assert files.status_of(client, evidence.get_absolute_url()) == 404
    assert "ontbreekt" in caplog.text


def test_the_page_of_a_measure_shows_public_evidence_alone(client, update):
    make_evidence(update, "Verslag van mei", content=b"tekst", name="mei.txt")
    make_evidence(update, "Website van de raad", url="https://raad.example/stuk")
    make_evidence(update, "Zwartemarker", url="https://zwartemarker.example/", visibility="intern")

    page = client.get(update.measure.get_absolute_url()).text

    assert "Bewijsstukken:" in page
    assert "Verslag van mei</a> (opent een bestand: TXT, 5\xa0bytes)" in page
    assert '<a href="https://raad.example/stuk">Website van de raad</a> (op raad.example)' in page
    assert "zwartemarker" not in page.lower()


def test_what_was_opened_later_was_not_known_before(update):
    with time_machine.travel(datetime(2024, 5, 2, 12, tzinfo=UTC), tick=False):
        early = report(update.measure, Status.IN_DEVELOPMENT, on=date(2024, 5, 2))
    with time_machine.travel(datetime(2024, 5, 31, 22, 30, tzinfo=UTC), tick=False):
        # In the Netherlands it is the first of June by then.
        evidence = make_evidence(early)

    type(update.measure).objects.update(published_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert not Evidence.objects.public(date(2024, 5, 31)).exists()
    assert Evidence.objects.public(date(2024, 6, 1)).get() == evidence


def test_a_page_asks_no_more_for_many_updates_with_evidence(
    client, update, django_assert_num_queries
):
    measure = update.measure
    make_evidence(update)
    with CaptureQueriesContext(connection) as few:
        client.get(measure.get_absolute_url())
    for day in range(2, 20):
        newer = report(measure, Status.PLANNED, on=date(2024, 1, day))
        make_evidence(newer)
        make_evidence(newer)

    with django_assert_num_queries(len(few)):
        client.get(measure.get_absolute_url())


def test_evidence_of_a_held_update_is_not_public_before_its_moment(client, update):
    evidence = of_a_concept(update)
    assert evidence.update.publication == Publication.CONCEPT
    assert files.status_of(client, evidence.get_absolute_url()) == 404

    evidence.update.publish()

    assert files.status_of(client, evidence.get_absolute_url()) == 200
