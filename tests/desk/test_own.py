"""What a colleague sets for themselves, and what the browser keeps while they type."""

import pytest
from django.urls import reverse

from measures.models import Assignment, Draft, ProgressUpdate, SavedFilter
from tests.admin.forms import said, typed
from tests.factories import make_measure

pytestmark = pytest.mark.django_db

LIST = "/beheer/measures/measure/"


@pytest.fixture
def desk(browser_of, writer):
    return browser_of(writer)


def save(desk, name="Mijn stapel", query="status__exact=gepland&p=2", of="measures_measure"):
    data = {"list": of, "name": name, "query": query}
    return desk.post(reverse("admin:save_filter"), data, follow=True)


# Saved filters.


def test_a_choice_is_kept_under_a_name_and_one_click_away(desk):
    page = desk.get(f"{LIST}?status__exact=gepland&p=2")
    assert 'value="status__exact=gepland"' in page.text

    save(desk)

    page = desk.get(LIST)
    assert '<a href="?status__exact=gepland">Mijn stapel</a>' in page.text
    assert desk.get(f"{LIST}?status__exact=gepland").status_code == 200


def test_a_saved_choice_is_of_one_person_and_one_list(desk, browser_of, approver):
    save(desk)

    assert "Mijn stapel" not in browser_of(approver).get(LIST).text
    assert "Mijn stapel" not in desk.get("/beheer/parties/party/").text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": " "}, "leeg"),
        ({"query": "p=2"}, "Kies eerst een filter"),
        ({"name": "x" * 61}, "60"),
    ],
)
def test_what_cannot_be_kept_is_said(desk, values, message):
    assert message in save(desk, **values).text
    assert not SavedFilter.objects.exists()


def test_a_name_is_used_once_and_twenty_are_enough(desk):
    save(desk)
    assert "al een selectie met deze naam" in save(desk).text
    for number in range(19):
        save(desk, f"nr {number}")

    assert "hoogstens 20" in save(desk, "te veel").text
    assert SavedFilter.objects.count() == 20


def test_a_list_that_is_not_there_has_no_choices(desk):
    assert save(desk, of="weg_is_weg").status_code == 404


def test_a_saved_choice_leads_to_no_other_site(desk):
    answer = save(desk, query="q=x&next=https://elders.example/")

    assert answer.redirect_chain[0][0].startswith(f"{LIST}?")


def test_somebody_else_cannot_throw_it_away(desk, browser_of, approver):
    save(desk)
    address = reverse("admin:forget_filter", args=[SavedFilter.objects.get().pk])

    assert browser_of(approver).post(address).status_code == 404
    desk.post(address)
    assert not SavedFilter.objects.exists()


# Mail.


def test_a_colleague_chooses_how_often_they_get_mail(desk, writer):
    page = desk.get(reverse("admin:own_settings"))

    desk.post(reverse("admin:own_settings"), typed(page, digest="nooit"))

    assert Assignment.objects.get(user=writer).digest == "nooit"


# What is being typed.


@pytest.fixture
def form():
    measure = make_measure("Een loket")
    return reverse("admin:measures_measure_update", args=[measure.pk])


def keep(desk, form, **values):
    data = typed(desk.get(form), explanation="Half af", _path=form, **values)
    return desk.post(reverse("admin:autosave"), data)


def test_what_is_being_typed_is_kept_and_given_back(desk, form):
    answer = keep(desk, form)
    assert "is om" in answer.json()["text"]
    assert not ProgressUpdate.objects.exists()

    page = desk.get(form)
    assert "Half af" in page.text
    assert "sloeg het niet op" in page.text
    desk.post(form, dict(page.context["fields"]))

    assert ProgressUpdate.objects.get().explanation == "Half af"
    assert not Draft.objects.exists()
    assert "Half af" not in desk.get(form).text


def test_only_the_last_of_a_form_is_kept(desk, form):
    data = typed(desk.get(form), _path=form)
    for text in ("Eerst", "Daarna"):
        desk.post(reverse("admin:autosave"), data | {"explanation": text})

    assert "Daarna" in desk.get(form).text
    assert Draft.objects.count() == 1


def test_saving_the_form_ends_it(desk, form):
    data = typed(desk.get(form), explanation="Af", _concept="1")
    keep(desk, form)

    desk.post(form, data)

    assert not Draft.objects.exists()


def test_it_can_be_thrown_away(desk, form):
    keep(desk, form)

    desk.post(form, {"_weggooien": "1"})

    assert "Half af" not in desk.get(form).text


def test_nobody_else_gets_it(desk, form, browser_of, approver):
    keep(desk, form)

    assert "Half af" not in browser_of(approver).get(form).text


@pytest.mark.parametrize("path", ["/", "/beheer/auth/user/1/change/", "https://x.example/", ""])
def test_only_forms_that_ask_for_it_are_kept(desk, path):
    answer = desk.post(reverse("admin:autosave"), {"_path": path, "explanation": "x"})

    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_no_secret_and_nothing_huge_is_kept(desk, form):
    answer = desk.post(reverse("admin:autosave"), {"_path": form, "explanation": "x" * 1_100_000})
    assert answer.status_code == 400

    keep(desk, form, password="geheim")

    assert "geheim" not in str(Draft.objects.get().fields)


def test_a_visitor_keeps_nothing(client, form):
    client.post(reverse("admin:autosave"), {"_path": form, "explanation": "x"})

    assert not Draft.objects.exists()


def test_a_long_text_in_the_history_is_compared_word_by_word(desk, writer):
    measure = make_measure("Een loket", description="Een lange zin over het loket. " * 3)
    page = desk.get(reverse("admin:measures_measure_change", args=[measure.pk]))
    text = measure.description + "En nu nog iets."
    answer = desk.post(page.wsgi_request.path, typed(page, description=text))
    assert answer.status_code == 302, said(answer)

    page = desk.get(reverse("admin:measures_measure_history", args=[measure.pk]), follow=True)

    assert "<ins>" in page.text
