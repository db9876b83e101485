"""Who may take which step with a report in which state: the whole table."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from measures import moments
from measures.models import ReviewStep, Status
from measures.roles import ROLES
from measures.rules import Action, State, may, why_not
from tests.desk.people import again, colleague
from tests.factories import CONCEPT, make_measure, make_moment, make_theme, report, shift

pytestmark = pytest.mark.django_db

DAY = date(2024, 1, 1)
ORDER = [
    State.DRAFT,
    State.SUBMITTED,
    State.APPROVED,
    State.HELD,
    State.FROZEN,
    State.PUBLIC,
    State.WITHDRAWN,
]
# Per role and step: the states in which it is allowed, in the order above ('x' is yes).
ALLOWED = {
    "lezer": {},
    "redacteur": {
        Action.WRITE: "xxxx---",
        Action.DELETE: "xxxx---",
        Action.SUBMIT: "x------",
        Action.HOLD: "--xx---",
        Action.LET_GO: "---x---",
        Action.PUBLISH: "--x----",
    },
    "fiatteur": {
        Action.APPROVE: "-x-----",
        Action.SEND_BACK: "-xxx---",
        Action.HOLD: "--xx---",
        Action.LET_GO: "---x---",
        Action.PUBLISH: "--x----",
        Action.WITHDRAW: "-----x-",
    },
    "beheerder": {
        Action.WRITE: "xxxx---",
        Action.DELETE: "xxxx---",
        Action.SUBMIT: "x------",
        Action.HOLD: "--xx---",
        Action.LET_GO: "---x---",
        Action.PUBLISH: "--x----",
    },
    "partij-contactpersoon": {},
}


def in_state(state, writer, approver, kind="update", measure=None):
    """A report by `writer` that went its way until `state`."""
    measure = measure or make_measure()
    if kind == "update":
        found = report(measure, Status.PLANNED, on=DAY, publication=CONCEPT, author=writer)
    else:
        found = shift(measure, date(2025, 1, 1), on=DAY, publication=CONCEPT, author=writer)
    moment = make_moment(on=DAY) if state in (State.HELD, State.FROZEN) else None
    if state == State.DRAFT:
        return found
    found.submit(writer)
    if state == State.SUBMITTED:
        return found
    found.approve(approver)
    if moment:
        found.hold(moment, writer)
    if state == State.FROZEN:
        moments.freeze(moment, by=approver, reason_for=lambda row: "Zo laten.")
    if state in (State.PUBLIC, State.WITHDRAWN):
        found.publish(approver)
    if state == State.WITHDRAWN:
        found.withdraw("Vergissing.", approver)
    return type(found).objects.get(pk=found.pk)


@pytest.mark.parametrize("kind", ["update", "deadline"])
@pytest.mark.parametrize("state", ORDER)
def test_every_role_may_do_in_every_state_what_the_table_says(state, kind, writer, approver):
    found = in_state(state, writer, approver, kind)
    assert found.state == state
    people = {role: colleague(f"een {role}", role) for role in ROLES}

    for role, person in people.items():
        for action in Action:
            expected = ALLOWED[role].get(action, "-------")[ORDER.index(state)] == "x"
            assert may(person, action, found) == expected, (role, action, state)


def test_the_table_has_every_role():
    assert set(ALLOWED) == set(ROLES) == set(Group.objects.values_list("name", flat=True))


def test_who_wrote_it_does_not_approve_it_whatever_their_roles(writer, approver, settings):
    both = colleague("beide", "redacteur", "fiatteur")
    boss = get_user_model().objects.create_superuser("baas")
    for person in (both, boss):
        own = in_state(State.SUBMITTED, person, approver)
        assert "zelf" in why_not(person, Action.APPROVE, own)
        assert may(approver, Action.APPROVE, own)

    settings.FOUR_EYES = False
    assert may(both, Action.APPROVE, own)


def test_who_changed_a_word_of_it_does_not_approve_it_either(writer, approver):
    both = colleague("beide", "redacteur", "fiatteur")
    found = in_state(State.DRAFT, writer, approver)
    found.explanation += " En dit."
    found.write(both)
    found.submit(writer)

    assert not may(both, Action.APPROVE, found)
    assert not may(writer, Action.APPROVE, found)
    assert may(approver, Action.APPROVE, found)
    kinds = list(found.steps.values_list("kind", "by__username"))
    assert kinds == [
        (ReviewStep.Kind.WRITTEN, "beide"),
        (ReviewStep.Kind.SUBMITTED, "schrijver"),
    ]


@pytest.mark.parametrize("role", ["redacteur", "fiatteur"])
def test_a_field_of_work_is_a_theme_or_a_measure(role, writer, approver):
    own_theme = make_theme()
    own, other = make_measure(theme=own_theme), make_measure(theme=make_theme())
    person = colleague("deels", role, themes=[own_theme])
    action = Action.WRITE if role == "redacteur" else Action.APPROVE
    of = {m: in_state(State.SUBMITTED, writer, approver, measure=m) for m in (own, other)}

    assert [may(person, action, of[m]) for m in (own, other)] == [True, False]
    assert "werkgebied" in why_not(person, action, of[other])

    person.assignment.measures.add(other)
    assert may(again(person), action, of[other])
