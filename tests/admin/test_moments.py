"""Preparing a letter: from what is still to do to everybody being able to read it."""

import html
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from measures import moments
from measures.models import DeadlineChange, Measure, ProgressUpdate, ReportingMoment, Status
from parties.publication import Publication
from tests.admin.forms import said, typed
from tests.factories import CONCEPT, make_letter, make_measure, make_moment, make_party, report

pytestmark = pytest.mark.django_db
DAY = date(2024, 12, 31)
SECRET = "Nog even geheim."


@pytest.fixture
def measure():
    return make_measure("Het loket", lead=make_party("Inspectie"))


@pytest.fixture
def moment():
    return make_moment("De winterbrief", on=DAY, slug="winterbrief")


def screen(moment):
    return reverse("admin:measures_reportingmoment_prepare", args=[moment.pk])


def press(client, moment, button, **values):
    page = client.get(screen(moment))
    version = str(page.context["moment"].version)
    return client.post(screen(moment), {"opened_version": version, button: "1", **values})


def hold(client, measure, moment, **values):
    address = reverse("admin:measures_measure_update", args=[measure.pk])
    values = {"status": Status.IMPLEMENTED, "explanation": SECRET} | values
    data = typed(client.get(address), **values, reporting_date="2024-12-01")
    return client.post(address, data | {"moment": str(moment.pk), "_hold": "1"})


def text_of(response):
    return html.unescape(" ".join(response.text.split()))


PUBLIC = ["/", "/maatregelen/", "/maatregelen.csv", "/maatregelen.json", "/bijlage/"]


def told_in_public(measure):
    visitor = Client()
    pages = [
        *PUBLIC,
        measure.get_absolute_url(),
        "/kamerbrieven/",
        f"/maatregelen/?q={SECRET[:10]}",
    ]
    return [page for page in pages if SECRET in text_of(visitor.get(page))]


def test_a_letter_goes_its_whole_way(beheer, staff, measure, moment):
    answer = hold(beheer, measure, moment)
    assert "klaargezet voor ‘De winterbrief’" in said(answer)
    assert told_in_public(measure) == []

    page = text_of(beheer.get(screen(moment)))
    assert "Klaargezet voor deze brief (1)" in page
    assert "Geïmplementeerd zonder bewijsstuk (1)" in page

    refused = press(beheer, moment, "_freeze")
    assert refused.status_code == 400
    assert "‘Geïmplementeerd’ heeft geen bewijsstuk." in text_of(refused)

    key = f"reden:zonder-bewijsstuk:{measure.code}"
    answer = press(beheer, moment, "_freeze", **{key: "Het verslag volgt."})
    moment.refresh_from_db()
    assert (moment.state, moment.frozen_by) == (ReportingMoment.State.FROZEN, staff)
    assert moment.snapshot.sha256 in said(answer)
    assert moment.acceptances.get().reason == "Het verslag volgt."
    assert moment.snapshot.files.count() == 6
    assert told_in_public(measure) == []

    press(beheer, moment, "_release")
    assert measure.get_absolute_url() in told_in_public(measure)
    assert Client().get("/kamerbrieven/winterbrief/").status_code == 200
    texts = [entry.get_change_message() for entry in LogEntry.objects.filter(user=staff)]
    assert any("vastgesteld" in text for text in texts)
    assert any("openbaar gemaakt" in text for text in texts)


def test_reasons_that_were_typed_are_kept_when_something_is_left(beheer, moment):
    first, second = make_measure(), make_measure()

    refused = press(
        beheer, moment, "_freeze", **{f"reden:geen-trekker:{first.code}": "Wordt nog gezocht."}
    )

    page = text_of(refused)
    assert 'value="Wordt nog gezocht."' in page
    assert f"{second.code}: Er is geen trekker bekend." in page
    moment.refresh_from_db()
    assert moment.is_in_preparation


def test_one_reason_can_do_for_a_whole_check(beheer, moment):
    make_measure(), make_measure()

    press(beheer, moment, "_freeze", **{"reden-voor-alle:geen-trekker": "Zie de brief."})

    moment.refresh_from_db()
    assert moment.state == ReportingMoment.State.FROZEN
    assert {one.reason for one in moment.acceptances.all()} == {"Zie de brief."}


def test_freezing_from_two_browsers_happens_once(beheer, moment):
    data = {"opened_version": "1", "_freeze": "1"}
    beheer.post(screen(moment), data)

    second = beheer.post(screen(moment), data)

    assert second.status_code == 400
    assert "‘De winterbrief’ is al vastgesteld" in text_of(second)


def test_a_page_that_is_no_longer_true_freezes_nothing(beheer, moment):
    page = beheer.get(screen(moment))
    moment.introduction = "Intussen door een ander geschreven."
    moment.save()

    answer = beheer.post(
        screen(moment), {"opened_version": str(page.context["moment"].version), "_freeze": "1"}
    )

    assert "gewijzigd nadat u deze pagina opende" in text_of(answer)
    moment.refresh_from_db()
    assert moment.is_in_preparation


def test_what_is_not_frozen_is_not_released(beheer, moment):
    answer = press(beheer, moment, "_release")
    assert "nog niet vastgesteld" in text_of(answer)
    assert not ReportingMoment.objects.public().exists()


def test_looking_changes_nothing(beheer, measure, moment):
    hold(beheer, measure, moment)
    for address in [
        screen(moment),
        reverse("admin:measures_reportingmoment_preview", args=[moment.pk]),
        reverse("admin:measures_reportingmoment_preview_file", args=[moment.pk, "odt"]),
        f"{screen(moment)}?_freeze=1",
    ]:
        assert beheer.get(address).status_code == 200
    moment.refresh_from_db()
    assert moment.is_in_preparation
    assert not ProgressUpdate.objects.public().exists()


def test_a_preview_says_that_it_is_one_and_shows_what_is_held(beheer, measure, moment):
    hold(beheer, measure, moment)

    page = text_of(beheer.get(reverse("admin:measures_reportingmoment_preview", args=[moment.pk])))
    file = beheer.get(
        reverse("admin:measures_reportingmoment_preview_file", args=[moment.pk, "csv"])
    )

    assert SECRET in page
    assert "Dit is nog niet openbaar." in page
    assert 'filename="CONCEPT-bijlage-winterbrief.csv"' in file.headers["Content-Disposition"]
    assert SECRET in file.content.decode("utf-8-sig")


def test_what_is_held_can_be_taken_off_again(beheer, measure, moment):
    hold(beheer, measure, moment)
    update = ProgressUpdate.objects.get()

    beheer.post(screen(moment), {"_free": f"progressupdate-{update.pk}"})

    update.refresh_from_db()
    assert (update.held_for, update.publication) == (None, Publication.CONCEPT)


def test_several_concepts_are_held_at_once(beheer, moment):
    good, empty = make_measure(), make_measure()
    report(good, Status.PLANNED, on=DAY, publication=CONCEPT)
    report(empty, Status.PLANNED, on=DAY, publication=CONCEPT, explanation="")
    public = report(good, Status.PLANNED, on=date(2024, 1, 1))
    data = {
        "action": f"hold_for_{moment.pk}",
        "_selected_action": list(ProgressUpdate.objects.values_list("pk", flat=True)),
    }

    answer = beheer.post(reverse("admin:measures_progressupdate_changelist"), data)

    assert ProgressUpdate.objects.held_for(moment).get().measure == good
    assert f"Klaargezet voor ‘De winterbrief’: {good.code}" in said(answer)
    assert "Vul een peildatum en een tekst in" in said(answer)
    assert "Dit is al openbaar" in said(answer)
    public.refresh_from_db()
    assert public.is_public


def test_a_held_update_saved_as_concept_waits_no_longer(beheer, measure, moment):
    hold(beheer, measure, moment)
    update = ProgressUpdate.objects.get()
    address = reverse("admin:measures_progressupdate_change", args=[update.pk])
    page = beheer.get(address)
    assert "Dit staat klaar voor" in page.text

    beheer.post(address, typed(page) | {"_concept": "1"})

    update.refresh_from_db()
    assert update.held_for is None


def test_a_held_update_of_a_frozen_letter_is_read_only(beheer, measure, moment):
    hold(beheer, measure, moment)
    update = ProgressUpdate.objects.get()
    address = reverse("admin:measures_progressupdate_change", args=[update.pk])
    form = typed(beheer.get(address), explanation="Toch anders.")
    key = f"reden:zonder-bewijsstuk:{measure.code}"
    press(beheer, moment, "_freeze", **{key: "Het verslag volgt."})

    assert "deze tekst ligt daarom vast" in text_of(beheer.get(address))
    answer = beheer.post(address, form | {"_concept": "1"})

    assert "ligt intussen vast voor ‘De winterbrief’" in text_of(answer)
    assert "Toch anders." in text_of(answer)
    update.refresh_from_db()
    assert update.explanation == SECRET


def test_a_time_can_be_set_and_taken_back(beheer, staff, moment):
    press(beheer, moment, "_freeze")
    day = timezone.localdate() + timedelta(days=2)

    press(beheer, moment, "_schedule", day=day.isoformat(), time="10:15")
    moment.refresh_from_db()
    assert timezone.localtime(moment.release_at).strftime("%H:%M") == "10:15"

    with time_machine.travel(moment.release_at + timedelta(minutes=5)):
        # Two days later somebody logs in again.
        beheer.force_login(staff)
        assert "draait niet" in text_of(beheer.get(screen(moment)))
    beheer.force_login(staff)
    press(beheer, moment, "_unschedule")
    moment.refresh_from_db()
    assert moment.release_at is None


def test_a_time_that_is_no_time_is_said_beside_its_field(beheer, moment):
    press(beheer, moment, "_freeze")
    answer = press(beheer, moment, "_schedule", day="morgen", time="")
    assert answer.status_code == 200
    assert answer.context["schedule_form"].errors.keys() == {"day", "time"}


def test_a_frozen_letter_can_be_given_up_with_a_reason(beheer, measure, moment):
    press(beheer, moment, "_freeze")

    answer = press(beheer, moment, "_withdraw", reason="")
    assert "Zeg waarom u dit peilmoment intrekt." in text_of(answer)
    press(beheer, moment, "_withdraw", reason="De brief gaat niet door.")

    moment.refresh_from_db()
    assert moment.state == ReportingMoment.State.WITHDRAWN


def test_a_held_update_that_does_not_fit_is_said_on_the_screen(beheer, measure, moment):
    hold(beheer, measure, moment, status=Status.PLANNED)
    report(measure, Status.DROPPED, on=date(2024, 1, 1))

    page = text_of(beheer.get(screen(moment)))

    assert f"{measure.code} is geëindigd op 1 januari 2024" in page


def test_missing_files_can_be_made_after_all(beheer, moment):
    moments.freeze(moment, by=None)
    assert "Nog niet alle bestanden zijn gemaakt" in text_of(beheer.get(screen(moment)))
    press(beheer, moment, "_render")
    assert moment.snapshot.files.count() == 6


def test_a_frozen_moment_has_no_form(beheer, moment):
    press(beheer, moment, "_freeze")
    address = reverse("admin:measures_reportingmoment_change", args=[moment.pk])
    assert beheer.get(address).status_code == 200
    assert beheer.post(address, {"title": "Anders"}).status_code == 403


def test_a_new_moment_leads_to_its_screen(beheer):
    letter = make_letter("De zomerbrief", publication=CONCEPT)
    address = reverse("admin:measures_reportingmoment_add")
    data = typed(
        beheer.get(address),
        title="Zomerbrief",
        slug="zomerbrief",
        letter=str(letter.pk),
        reference_date="2024-06-30",
    )

    answer = beheer.post(address, data)

    moment = ReportingMoment.objects.get()
    assert answer.url == screen(moment)


def test_a_new_moment_without_a_day_says_so(beheer):
    previous = make_moment(on=DAY)
    moments.render_files(moments.freeze(previous, by=None))
    moments.release(previous)
    address = reverse("admin:measures_reportingmoment_add")
    data = typed(beheer.get(address), title="Zomerbrief", previous=str(previous.pk))

    answer = beheer.post(address, data | {"reference_date": ""})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["reference_date"]


@pytest.mark.parametrize("allowed", [["view"], []])
def test_who_may_not_change_moments_takes_no_step(moment, allowed):
    user = get_user_model().objects.create_user("lezer", password="x", is_staff=True)
    for name in allowed:
        user.user_permissions.add(Permission.objects.get(codename=f"{name}_reportingmoment"))
    client = Client()
    client.force_login(user)

    assert client.get(screen(moment)).status_code == (200 if allowed else 403)
    assert client.post(screen(moment), {"_freeze": "1"}).status_code == 403


# Deadlines.


def deadline_screen(measure):
    return reverse("admin:measures_measure_deadline", args=[measure.pk])


def give(client, measure, button="_publish", **values):
    page = client.get(deadline_screen(measure))
    data = {"deadline": "2025-12-31", "precision": "dag"} | values
    return client.post(deadline_screen(measure), typed(page, **data) | {button: "1"})


def test_a_first_deadline_asks_no_reason_and_a_shift_does(beheer, measure):
    give(beheer, measure)
    measure.refresh_from_db()
    assert measure.deadline == date(2025, 12, 31)

    refused = give(beheer, measure, deadline="2026-06-30")
    assert "Zeg waarom de streefdatum verschuift." in text_of(refused)
    give(beheer, measure, deadline="2026-06-30", reason="Er was meer tijd nodig.")

    measure.refresh_from_db()
    assert measure.deadline == date(2026, 6, 30)
    assert [c.is_original for c in measure.deadline_changes.latest_first()] == [False, True]
    ledger = text_of(beheer.get(deadline_screen(measure)))
    assert ledger.count("Vastgelegd door Jo Jansen") == 2
    page = text_of(Client().get(measure.get_absolute_url()))
    assert "Er was meer tijd nodig." in page
    assert page.index("30 juni 2026") < page.index("31 december 2025")


def test_a_deadline_can_wait_for_a_letter(beheer, measure, moment):
    give(beheer, measure)
    values = {"deadline": "2026-06-30", "reason": SECRET, "reporting_date": "2024-12-01"}

    give(beheer, measure, "_hold", moment=str(moment.pk), **values)

    assert SECRET not in text_of(Client().get(measure.get_absolute_url()))
    measure.refresh_from_db()
    assert measure.deadline == date(2025, 12, 31)
    moments.render_files(moments.freeze(moment, by=None))
    moments.release(moment)
    measure.refresh_from_db()
    assert measure.deadline == date(2026, 6, 30)


def test_pressing_twice_makes_one_deadline(beheer, measure):
    page = beheer.get(deadline_screen(measure))
    data = typed(page, deadline="2025-12-31", precision="dag") | {"_publish": "1"}
    beheer.post(deadline_screen(measure), data)
    answer = beheer.post(deadline_screen(measure), data)

    assert "was al opgeslagen" in said(answer)
    assert DeadlineChange.objects.count() == 1


def test_a_deadline_that_a_colleague_moved_meanwhile_is_not_overwritten(beheer, measure):
    page = beheer.get(deadline_screen(measure))
    give(beheer, measure, deadline="2027-01-01")

    answer = beheer.post(
        deadline_screen(measure),
        typed(page, deadline="2025-12-31", precision="dag") | {"_publish": "1"},
    )

    assert "Intussen is de streefdatum gewijzigd." in text_of(answer)
    measure.refresh_from_db()
    assert measure.deadline == date(2027, 1, 1)


def test_a_published_deadline_is_withdrawn_with_a_reason(beheer, measure):
    give(beheer, measure)
    give(beheer, measure, deadline="2026-06-30", reason="Vergissing.")
    change = measure.deadline_changes.latest_first().first()
    address = reverse("admin:measures_deadlinechange_withdraw", args=[change.pk])

    assert "Zeg waarom" in text_of(beheer.post(address, {"reason": ""}))
    beheer.post(address, {"reason": "Verkeerde maatregel."})

    measure.refresh_from_db()
    assert measure.deadline == date(2025, 12, 31)
    assert Measure.objects.get().deadline_changes.count() == 2


def test_a_second_moment_for_a_letter_is_refused_with_a_reason(beheer):
    moment = make_moment("Brief van mei", on=date(2024, 5, 1))
    address = reverse("admin:measures_reportingmoment_add")
    page = beheer.get(address)
    values = {"title": "Nog een", "slug": "nog-een", "reference_date": "2024-05-01"}

    answer = beheer.post(address, typed(page, letter=str(moment.letter_id), **values))

    assert answer.status_code == 200
    assert "Bij deze brief hoort al een peilmoment." in answer.text
    assert ReportingMoment.objects.count() == 1
