"""Evidence on the staff screens: added, opened and closed, never replaced."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from measures.models import Evidence, Status
from tests import evidence_files as files
from tests.admin.forms import delete, said, typed
from tests.factories import CONCEPT, make_evidence, make_measure, report

pytestmark = pytest.mark.django_db

ADD = reverse("admin:measures_evidence_add")


@pytest.fixture
def update():
    return report(make_measure(), Status.PLANNED, on=date(2024, 5, 1))


def page_of(update):
    return reverse("admin:measures_progressupdate_change", args=[update.pk])


def change(evidence):
    return reverse("admin:measures_evidence_change", args=[evidence.pk])


def file_of(evidence):
    return reverse("admin:measures_evidence_file", args=[evidence.pk])


def add(client, update, **values):
    page = client.get(f"{ADD}?update={update.pk}")
    return client.post(ADD, typed(page, **values))


def test_from_an_update_to_its_new_evidence_and_back(beheer, update):
    page = beheer.get(page_of(update)).text
    assert f'href="{ADD}?update={update.pk}"' in page
    assert "Er is nog geen bewijsstuk." in page
    content, media_type = files.GOOD["verslag.docx"]

    answer = add(
        beheer,
        update,
        title="Verslag van mei",
        document=SimpleUploadedFile("Verslag mei.docx", content, "text/html"),
    )

    assert answer.headers["Location"] == page_of(update)
    evidence = Evidence.objects.get()
    assert (evidence.update, evidence.title, evidence.visibility) == (
        update,
        "Verslag van mei",
        "intern",
    )
    # What the browser said of it counts for nothing.
    assert (evidence.media_type, evidence.file_name) == (media_type, "Verslag mei.docx")
    assert evidence.document.read() == content
    assert evidence.author.username == "jansen"
    evidence.document.close()
    assert "Verslag van mei" in beheer.get(page_of(update)).text


def test_a_concept_can_have_evidence_too(beheer, update):
    concept = report(update.measure, Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT)
    assert f'href="{ADD}?update={concept.pk}"' in beheer.get(page_of(concept)).text

    add(beheer, concept, title="Website", url="https://raad.example/stuk")

    assert concept.evidence.get().url == "https://raad.example/stuk"


REFUSED = [
    ({}, "Geef een webadres, of kies hieronder een bestand."),
    ({"url": "javascript:alert(1)"}, "Voer een geldige URL in."),
    ({"url": "ftp://raad.example/stuk"}, "Een webadres begint met https:// of http://."),
    ({"document": ("leeg.pdf", b"")}, "Dit bestand is leeg."),
    ({"document": ("a.svg", b"<svg/>")}, "nemen wij niet aan"),
    (
        {"document": ("a.docx", files.with_part(files.docx_file(), "word/vbaProject.bin", b"x"))},
        "macro’s of scripts",
    ),
    (
        {"document": ("a.txt", b"tekst"), "url": "https://raad.example/"},
        "Geef een webadres of kies een bestand, niet allebei.",
    ),
]


@pytest.mark.parametrize(("values", "why"), REFUSED)
def test_what_is_refused_says_why_and_keeps_what_was_typed(beheer, update, values, why):
    if "document" in values:
        values = values | {"document": SimpleUploadedFile(*values["document"])}

    answer = add(beheer, update, title="Verslag van mei", visibility="openbaar", **values)

    assert answer.status_code == 200
    assert why in answer.text
    assert 'value="Verslag van mei"' in answer.text
    assert '<option value="openbaar" selected>' in answer.text
    assert not Evidence.objects.exists()


def test_a_file_that_is_too_large_is_refused_without_reading_it(beheer, update, settings):
    settings.EVIDENCE_MAX_MB = 1
    file = SimpleUploadedFile("a.txt", b"x" * (1024 * 1024 + 200_000))

    answer = add(beheer, update, title="Verslag", document=file)

    assert "Dit bestand is 1,2 MB. Een bewijsstuk mag hoogstens 1 MB zijn." in answer.text


def test_a_good_file_beside_a_mistake_must_be_chosen_again(beheer, update):
    answer = add(beheer, update, title="", document=SimpleUploadedFile("a.txt", b"tekst"))

    assert "Kies dit bestand opnieuw" in answer.text


def test_who_may_see_it_can_change_and_the_history_says_so(beheer, client, update):
    evidence = make_evidence(update, "Verslag", content=b"tekst", visibility="intern")
    page = beheer.get(change(evidence))

    beheer.post(change(evidence), typed(page, visibility="openbaar"))

    assert files.status_of(Client(), evidence.get_absolute_url()) == 200
    history = beheer.get(reverse("admin:measures_measure_record", args=[update.measure_id])).text
    assert "Bewijsstuk ‘Verslag’: zichtbaarheid: Intern → Openbaar" in history


def test_a_stored_file_cannot_be_replaced(beheer, update):
    evidence = make_evidence(update, "Verslag", content=b"tekst", visibility="intern")
    page = beheer.get(change(evidence))
    assert 'type="file"' not in page.text

    other = SimpleUploadedFile("anders.txt", b"iets anders")
    beheer.post(
        change(evidence), typed(page, title="Nieuw", document=other, url="https://x.example")
    )

    evidence.refresh_from_db()
    assert (evidence.title, evidence.file_name, evidence.url) == ("Nieuw", "verslag.txt", "")


def test_two_people_do_not_overwrite_each_other(beheer, ans, update):
    evidence = make_evidence(update, "Verslag", visibility="intern")
    first, second = beheer.get(change(evidence)), ans.get(change(evidence))

    beheer.post(change(evidence), typed(first, visibility="openbaar"))
    answer = ans.post(change(evidence), typed(second, title="Verslag van mei"))

    assert "intussen" in answer.text.lower() or "nadat u het formulier opende" in answer.text
    evidence.refresh_from_db()
    assert (evidence.title, evidence.visibility) == ("Verslag", "openbaar")


def test_internal_evidence_can_be_deleted_and_public_evidence_stays(beheer, update):
    internal = make_evidence(update, "Intern stuk", content=b"tekst", visibility="intern")
    public = make_evidence(update, "Openbaar stuk", content=b"tekst")

    delete(beheer, internal)
    refused = beheer.post(
        reverse("admin:measures_evidence_delete", args=[public.pk]),
        {"post": "yes", "opened_version": public.version},
    )

    assert list(Evidence.objects.all()) == [public]
    assert "openbaar geweest" in said(refused)
    assert "Zet het op ‘Intern’" in said(refused)
    history = beheer.get(reverse("admin:measures_measure_record", args=[update.measure_id])).text
    assert "Bewijsstuk verwijderd: Intern stuk (verslag.txt; intern)" in history


def test_a_concept_with_evidence_can_be_deleted(beheer, update):
    concept = report(update.measure, Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT)
    make_evidence(concept, content=b"tekst")

    delete(beheer, concept)

    assert not Evidence.objects.exists()


# Who may fetch an internal file


def test_staff_fetch_an_internal_file_with_the_same_safe_headers(beheer, update):
    evidence = make_evidence(update, content=b"tekst", visibility="intern")

    answer = beheer.get(file_of(evidence))

    assert answer.getvalue() == b"tekst"
    assert answer["Content-Disposition"] == 'attachment; filename="verslag.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_an_internal_file_asks_a_visitor_to_log_in(client, update):
    evidence = make_evidence(update, content=b"tekst", visibility="intern")

    answer = client.get(file_of(evidence))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize(("rights", "status"), [([], 403), (["view_evidence"], 200)])
def test_a_colleague_needs_the_right_to_see_evidence(client, update, rights, status):
    evidence = make_evidence(update, "Intern stuk", content=b"tekst", visibility="intern")
    group = Group.objects.create(name="Groep")
    group.permissions.set(Permission.objects.filter(codename__in=["view_progressupdate", *rights]))
    reader = User.objects.create_user("lezer", is_staff=True)
    reader.groups.add(group)
    client.force_login(reader)

    assert files.status_of(client, file_of(evidence)) == status
    assert ("Intern stuk" in client.get(page_of(update)).text) == bool(rights)


def test_a_link_has_no_file(beheer, update):
    assert beheer.get(file_of(make_evidence(update))).status_code == 404
