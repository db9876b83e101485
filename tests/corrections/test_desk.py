"""What staff do with what readers say is wrong; the address of a reader goes when that is done."""

from datetime import date, timedelta

import pytest
import time_machine
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminLog
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from measures.desk import work
from measures.desk.corrections import deal_with
from measures.models import CorrectionProposal, ProgressUpdate, Status
from measures.roles import ROLES
from measures.rules import State, Verdict, why_not_decide
from tests.desk.people import again, colleague
from tests.factories import make_measure, make_source, make_theme, report

pytestmark = pytest.mark.django_db

READER = "lezer@voorbeeld.example"


@pytest.fixture
def measure():
    return make_measure("Loket")


@pytest.fixture
def update(measure):
    return report(
        measure,
        Status.PLANNED,
        on=date(2024, 1, 1),
        explanation="Het loket opent in mei.",
        sources=[make_source("Brief over het loket")],
    )


@pytest.fixture
def writer(db):
    return colleague("schrijver", "redacteur", first_name="Wil", last_name="Schrijver")


def proposed(measure=None, about=None, **values):
    """What a reader sent, as the form keeps it."""
    number = CorrectionProposal.objects.count()
    subject = f"maatregel-{measure.number}" if measure else "website"
    values = {
        "reference": f"V-TEST{number:04}",
        "subject": subject,
        "subject_title": str(measure) if measure else "de website als geheel",
        "wrong": "De maand klopt niet.",
        "right": "Het loket opent in juni.",
        "email": READER,
    } | values
    return CorrectionProposal.objects.create(measure=measure, about=about, **values)


def change(proposal):
    return reverse("admin:measures_correctionproposal_change", args=[proposal.pk])


# Who may do what.


@pytest.mark.parametrize("role", ROLES)
def test_who_writes_may_answer_a_reader_and_others_may_not(role, measure):
    person = colleague(f"een {role}", role)
    proposal = proposed(measure)

    may = [verdict for verdict in Verdict if not why_not_decide(person, verdict, proposal)]

    assert may == (list(Verdict) if role in ("redacteur", "beheerder") else [])


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_the_rights_of_the_table(role):
    group = Group.objects.get(name=role)
    found = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}

    assert found == ROLES[role]


def test_a_proposal_outside_the_field_of_work_is_for_somebody_else(measure):
    elsewhere = colleague("elders", "redacteur", themes=[make_theme()])

    assert "werkgebied" in why_not_decide(elsewhere, Verdict.REJECT, proposed(measure))
    assert why_not_decide(elsewhere, Verdict.REJECT, proposed()) == ""


def test_what_is_about_no_measure_starts_no_concept(writer):
    assert "geen" not in why_not_decide(writer, Verdict.MENDED, proposed())
    assert "niet over een maatregel" in why_not_decide(writer, Verdict.TAKE, proposed())


# What becomes of it.


def test_taken_over_it_starts_a_concept_that_corrects_the_published_text(
    client, writer, measure, update
):
    report(measure, Status.IMPLEMENTED, on=date(2024, 6, 1))
    proposal = proposed(measure, update)
    client.force_login(writer)

    answer = client.post(change(proposal), {"_TAKE": "1", "answer": ""})

    proposal.refresh_from_db()
    concept = proposal.update
    assert answer.url == reverse("admin:measures_progressupdate_change", args=[concept.pk])
    assert (concept.state, concept.author, concept.corrects) == (State.DRAFT, writer, update)
    # It begins with our text: what a reader wrote becomes nobody's text by itself.
    assert concept.explanation == "Het loket opent in mei."
    assert [source.title for source in concept.sources.all()] == ["Brief over het loket"]
    assert "juni" not in f"{concept.explanation}{concept.remark}"
    assert (proposal.state, proposal.email) == ("overgenomen", "")
    update.refresh_from_db()
    assert update.is_public


def test_a_measure_without_a_text_gets_an_empty_concept(writer, measure):
    proposal = proposed(measure)

    deal_with(proposal, Verdict.TAKE, writer)

    assert (proposal.update.explanation, proposal.update.corrects) == ("", None)


def test_a_withdrawn_text_is_not_taken_up_again(writer, measure, update):
    later = report(measure, Status.PLANNED, on=date(2024, 2, 1), explanation="Later.")
    update.withdraw("Onjuist.")
    proposal = proposed(measure, update)

    deal_with(proposal, Verdict.TAKE, writer)

    assert proposal.update.corrects == later


def test_a_refusal_says_why(client, writer, measure):
    proposal = proposed(measure)
    client.force_login(writer)

    page = client.post(change(proposal), {"_REJECT": "1", "answer": " "})

    assert "Zeg waarom u dit niet overneemt." in page.text
    proposal.refresh_from_db()
    assert (proposal.state, proposal.email) == ("nieuw", READER)


def test_two_colleagues_do_not_both_answer(writer, measure):
    proposal = proposed(measure)
    other = CorrectionProposal.objects.get()
    deal_with(proposal, Verdict.SPAM, writer)

    with pytest.raises(ValidationError, match="al geantwoord"):
        deal_with(other, Verdict.TAKE, writer)
    assert not ProgressUpdate.objects.exists()


# The answer by mail, and the address.


def test_the_answer_is_mailed_when_asked_for_and_repeats_nothing(writer, measure):
    proposal = proposed(measure)

    deal_with(proposal, Verdict.REJECT, writer, "Mei is juist.", by_mail=True)

    (sent,) = mail.outbox
    assert sent.to == [READER]
    assert "Mei is juist." in sent.body
    assert proposal.reference in sent.subject
    assert proposal.wrong not in sent.body
    assert proposal.was_mailed


@pytest.mark.parametrize(
    ("verdict", "answer", "by_mail"),
    [
        (Verdict.REJECT, "Mei is juist.", False),
        (Verdict.MENDED, "", True),
        (Verdict.SPAM, "Reclame.", True),
    ],
)
def test_no_mail_without_an_answer_nor_to_who_sends_spam(writer, measure, verdict, answer, by_mail):
    deal_with(proposed(measure), verdict, writer, answer, by_mail=by_mail)

    assert mail.outbox == []


def test_a_mail_that_is_refused_changes_nothing(writer, measure, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError("de server is weg")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    proposal = proposed(measure)

    with pytest.raises(ValidationError, match="niet verstuurd"):
        deal_with(proposal, Verdict.MENDED, writer, "Dank!", by_mail=True)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.email) == ("nieuw", READER)


def everything_kept() -> str:
    """All text in every table, as a back-up would have it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("verdict", Verdict)
def test_dealt_with_nothing_in_the_database_holds_the_address(client, writer, measure, verdict):
    proposal = proposed(measure, wrong="Uniekewoorden.")
    assert READER in everything_kept()
    client.force_login(writer)

    client.post(change(proposal), {f"_{verdict.name}": "1", "answer": "Dank.", "by_mail": "on"})

    proposal.refresh_from_db()
    assert proposal.state != "nieuw"
    assert READER not in everything_kept()
    assert READER not in str(list(LogEntry.objects.values_list("changes", "object_repr")))
    assert "Uniekewoorden" not in str(list(LogEntry.objects.values_list("changes")))
    assert READER not in str(list(AdminLog.objects.values_list("change_message", "object_repr")))


def test_the_database_refuses_an_answer_that_keeps_the_address(writer, measure):
    proposal = proposed(measure)

    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionProposal.objects.filter(pk=proposal.pk).update(state="spam", answered_by=writer)


def test_after_ninety_days_the_address_goes_in_any_case(measure):
    with time_machine.travel(timezone.now() - timedelta(days=90, minutes=1)):
        old = proposed(measure)
    with time_machine.travel(timezone.now() - timedelta(days=89)):
        young = proposed(measure)

    call_command("forget_addresses", verbosity=0)

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.email, young.email) == ("", READER)
    assert old.wrong == "De maand klopt niet."


def test_who_may_not_answer_does_not_see_the_address(client, measure):
    proposal = proposed(measure)
    client.force_login(colleague("meelezer", "lezer"))

    page = client.get(change(proposal)).text

    assert "De maand klopt niet." in page
    assert READER not in page


# The screens.


def test_new_ones_wait_on_the_first_page_the_oldest_first(client, writer, measure):
    about_measure, about_site = proposed(measure), proposed()
    proposed(make_measure(), state="spam", email="", answered_by=writer)

    found = {one.key: one for one in work.lists_of(again(writer))}["verbetervoorstellen"]

    assert [item.name for item in found.items] == [str(measure), "de website als geheel"]
    assert found.items[0].url == change(about_measure)
    assert about_site.reference in found.items[1].detail
    client.force_login(writer)
    page = client.get("/beheer/").text
    assert "Verbetervoorstellen van lezers" in page
    assert client.get(found.url).status_code == 200


def test_the_first_page_leaves_out_what_is_outside_the_field_of_work(measure):
    elsewhere = colleague("elders", "redacteur", themes=[make_theme()])
    proposed(measure)
    proposed()

    found = {one.key: one for one in work.lists_of(elsewhere)}["verbetervoorstellen"]

    assert [item.name for item in found.items] == ["de website als geheel"]


def test_the_screen_shows_the_text_beside_what_stands_there(client, writer, measure, update):
    proposal = proposed(measure, update, url="https://voorbeeld.example/<b>")
    client.force_login(writer)

    page = client.get(change(proposal)).text

    assert "De maand klopt niet." in page
    assert "Het loket opent in mei." in page
    assert READER in page
    assert "<b>" not in page.split("Bron volgens")[1][:200]


def test_nobody_changes_what_a_reader_wrote(client, writer, measure):
    proposal = proposed(measure)
    client.force_login(writer)

    assert client.get("/beheer/measures/correctionproposal/add/").status_code == 403
    page = client.post(change(proposal), {"wrong": "Anders.", "_save": "1", "answer": ""})

    assert "Kies wat u met dit verbetervoorstel doet." in page.text
    proposal.refresh_from_db()
    assert proposal.wrong == "De maand klopt niet."
