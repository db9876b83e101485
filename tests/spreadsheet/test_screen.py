"""Fetching the list in the admin, and sending it back: a preview first, then all or nothing."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from measures import spreadsheet
from measures.models import Measure, ProgressUpdate, SpreadsheetUpload, Status
from tests.admin.forms import said
from tests.desk.people import colleague
from tests.factories import CONCEPT, make_measure, report
from tests.spreadsheet.files import current, made, read

pytestmark = pytest.mark.django_db

PAGE = "admin:measures_measure_spreadsheet"


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(writer):
    return browser_of(writer)


def send(desk, data, name="lijst.xlsx"):
    return desk.post(reverse(PAGE), {"file": SimpleUploadedFile(name, data)}, follow=True)


def press(desk, page, button="_concept"):
    return desk.post(
        page.wsgi_request.path,
        {"digest": page.context["plan"].digest, button: "1"},
        follow=True,
    )


def changed(**values):
    rows = current()
    rows[0] |= values
    return made(rows)


@pytest.mark.parametrize("format", spreadsheet.FORMATS)
def test_the_file_of_the_page_is_the_list_of_now(desk, measures, format):
    make_measure("Nog niet openbaar", number=9, publication=CONCEPT)
    page = desk.get(reverse(PAGE))
    address = reverse("admin:measures_measure_spreadsheet_download", args=[format])
    assert address in page.text

    answer = desk.get(address)

    assert "no-store" in answer.headers["Cache-Control"]
    assert f".{format}" in answer.headers["Content-Disposition"]
    assert len(read(answer.content, format).rows) == 4


def test_somebody_with_a_field_of_work_may_fetch_only_that(measures):
    somebody = colleague("toezicht", "redacteur", themes=[measures[0].theme])
    desk = browser_of(somebody)
    assert "alleen uw werkgebied" in desk.get(reverse(PAGE)).text

    address = reverse("admin:measures_measure_spreadsheet_download", args=["csv"])

    assert len(read(desk.get(f"{address}?eigen").content, "csv").rows) == 2


def test_a_preview_changes_nothing_and_the_button_does_what_it_showed(desk, measures, writer):
    page = send(desk, changed(Titel="Nieuw", Status="Gepland"))

    assert "Dit bestand wijzigt 1 maatregel;" in page.text
    assert "In uitwerking" in page.text
    assert Measure.objects.get(number=1).title == "Aanpak van bijlagen"

    answer = press(desk, page, "_submit")

    assert "Verwerkt: M1. 1 concept gemaakt en ter goedkeuring aangeboden." in answer.text
    assert Measure.objects.get(number=1).title == "Nieuw"
    assert ProgressUpdate.objects.waiting().get().status == Status.PLANNED
    upload = SpreadsheetUpload.objects.get()
    assert (bytes(upload.content), upload.user) == (b"", writer)
    assert upload.result in desk.get(reverse(PAGE)).text


def test_pressing_twice_does_it_once(desk, measures):
    page = send(desk, changed(Status="Gepland"))
    press(desk, page)

    answer = press(desk, page)

    assert "is al verwerkt" in said(answer) + answer.text
    assert ProgressUpdate.objects.concepts().count() == 1


def test_what_moved_since_the_preview_is_shown_again(desk, measures):
    page = send(desk, changed(Titel="Nieuw"))
    measures[0].description = "Van een collega"
    measures[0].save()

    page = press(desk, page)

    assert "Intussen is er iets gewijzigd" in page.text
    assert Measure.objects.get(number=1).title == "Aanpak van bijlagen"
    press(desk, page)
    assert Measure.objects.get(number=1).title == "Nieuw"


def test_a_fault_is_named_and_there_is_no_button(desk, measures):
    page = send(desk, changed(Status="klaar"))

    assert "Rij 2, kolom ‘Status’" in page.text
    assert 'name="_concept"' not in page.text


def test_what_is_no_list_is_refused_beside_the_field(desk, measures):
    page = send(desk, b"PK\x03\x04", "lijst.xlsx")

    assert page.context["form"].errors["file"] == [
        "Dit bestand is beschadigd of niet compleet. Maak het opnieuw en probeer het nog eens."
    ]
    assert not SpreadsheetUpload.objects.exists()


def test_a_hundred_megabytes_are_refused_unread(desk, measures, settings):
    settings.SPREADSHEET_MAX_MB = 1

    page = send(desk, b"x" * 2_000_000, "lijst.csv")

    assert "groter dan 1 MB" in page.text


def test_nobody_sees_or_loads_the_file_of_another(desk, measures):
    page = send(desk, changed(Titel="Nieuw"))
    other = browser_of(colleague("ander", "redacteur"))

    assert other.get(page.wsgi_request.path).status_code == 404
    assert press(other, page).status_code == 404


def test_a_reader_may_fetch_and_not_send(measures):
    desk = browser_of(colleague("lezer", "lezer"))

    assert "Stuur hem in" not in desk.get(reverse(PAGE)).text
    assert send(desk, changed(Titel="Nieuw")).status_code == 403


def test_a_visitor_gets_nothing(measures):
    address = reverse("admin:measures_measure_spreadsheet_download", args=["csv"])

    assert Client().get(address).status_code == 302


# From the command line.


@pytest.fixture
def run(capsys):
    def run(*words):
        call_command(*map(str, words))
        return capsys.readouterr().out

    return run


def test_the_same_goes_from_the_command_line(measures, writer, run, tmp_path):
    file = tmp_path / "lijst.ods"
    assert "3 maatregelen geschreven" in run("export_measures", file)
    file.write_bytes(changed(Titel="Nieuw", Status="Gepland"))
    file = file.rename(tmp_path / "lijst.xlsx")

    told = run("import_measures", file, "--user=schrijver", "--dry-run")

    assert "titel: Aanpak van bijlagen → Nieuw" in told
    assert "Er is niets gewijzigd" in told
    assert not ProgressUpdate.objects.concepts().exists()

    assert "Verwerkt." in run("import_measures", file, "--user=schrijver", "--aanbieden")
    assert ProgressUpdate.objects.waiting().get().author == writer
    assert "0 maatregelen wijzigen" in run("import_measures", file, "--user=schrijver")


@pytest.mark.parametrize(
    ("name", "user", "message"),
    [
        ("goed.xlsx", "niemand", "Er is niemand"),
        ("fout.xlsx", "schrijver", "Rij 2, kolom ‘Peildatum’"),
        ("weg.xlsx", "schrijver", "Kan"),
        ("lijst.doc", "schrijver", "xlsx, ods of csv"),
    ],
)
def test_what_is_wrong_ends_with_a_sentence(measures, writer, run, tmp_path, name, user, message):
    (tmp_path / "goed.xlsx").write_bytes(changed(Titel="Nieuw"))
    (tmp_path / "fout.xlsx").write_bytes(changed(Titel="Nieuw", Peildatum=date(2999, 1, 1)))
    (tmp_path / "lijst.doc").write_bytes(b"x")

    with pytest.raises(CommandError, match=message):
        run("import_measures", tmp_path / name, f"--user={user}")

    assert not Measure.objects.filter(title="Nieuw").exists()


def test_a_report_of_another_person_stays_theirs(desk, measures, approver):
    report(measures[0], Status.PLANNED, on=date(2024, 5, 1), publication=CONCEPT, author=approver)

    press(desk, send(desk, changed(Status="Vervallen")))

    assert ProgressUpdate.objects.concepts().filter(author=approver).get().status == Status.PLANNED
    assert ProgressUpdate.objects.concepts().count() == 2
