"""Who may do what with a report, and when: all of it (the matrix: tests/desk/test_rules.py).

A step is allowed when three things hold: the person has the *right* (from the groups of
`measures/roles.py`), the measure lies in their *field of work*, and the report is in a *state*
in which the step makes sense. Approving asks a fourth: four eyes.
"""

from django.conf import settings
from django.db import models


class State(models.TextChoices):
    """Where a report is on its way to the public."""

    DRAFT = "concept", "Concept"
    SUBMITTED = "ter-goedkeuring", "Ter goedkeuring"
    APPROVED = "akkoord", "Akkoord"
    HELD = "klaargezet", "Klaargezet"
    FROZEN = "vastgesteld", "Vastgesteld met een brief"
    PUBLIC = "openbaar", "Openbaar"
    WITHDRAWN = "ingetrokken", "Ingetrokken"


class Action(models.TextChoices):
    """A step that somebody takes with a report."""

    WRITE = "wijzigen", "Wijzigen"
    DELETE = "verwijderen", "Verwijderen"
    SUBMIT = "aanbieden", "Ter goedkeuring aanbieden"
    APPROVE = "goedkeuren", "Goedkeuren"
    SEND_BACK = "terugsturen", "Terugsturen"
    HOLD = "klaarzetten", "Klaarzetten"
    LET_GO = "losmaken", "Niet meer klaarzetten"
    PUBLISH = "publiceren", "Publiceren"
    WITHDRAW = "intrekken", "Intrekken"


# One of these rights is enough. '{model}' is 'progressupdate' or 'deadlinechange'.
RIGHTS = {
    Action.WRITE: ("measures.change_{model}",),
    Action.DELETE: ("measures.delete_{model}",),
    Action.SUBMIT: ("measures.change_{model}",),
    Action.APPROVE: ("measures.approve_{model}",),
    Action.SEND_BACK: ("measures.approve_{model}",),
    Action.HOLD: ("measures.approve_{model}", "measures.change_{model}"),
    Action.LET_GO: ("measures.approve_{model}", "measures.change_{model}"),
    Action.PUBLISH: ("measures.approve_{model}", "measures.change_{model}"),
    Action.WITHDRAW: ("measures.approve_{model}",),
}

STATES = {
    # What is written anew is a concept again, whatever it was.
    Action.WRITE: {State.DRAFT, State.SUBMITTED, State.APPROVED, State.HELD},
    Action.DELETE: {State.DRAFT, State.SUBMITTED, State.APPROVED, State.HELD},
    Action.SUBMIT: {State.DRAFT},
    Action.APPROVE: {State.SUBMITTED},
    Action.SEND_BACK: {State.SUBMITTED, State.APPROVED, State.HELD},
    Action.HOLD: {State.APPROVED, State.HELD},
    Action.LET_GO: {State.HELD},
    Action.PUBLISH: {State.APPROVED},
    Action.WITHDRAW: {State.PUBLIC},
}

# What a person reads when a report is not in a state for the step.
WHY = {
    State.DRAFT: "Dit is nog een concept. Bied het eerst ter goedkeuring aan.",
    State.SUBMITTED: "Dit ligt ter goedkeuring en is nog niet akkoord.",
    State.APPROVED: "Hierop is al akkoord gegeven.",
    State.HELD: (
        "Dit staat klaar voor een brief en wordt daarmee openbaar. Haal het daar eerst weg."
    ),
    State.FROZEN: "Dit ligt vast met een brief en blijft zoals het is.",
    State.PUBLIC: "Dit is al openbaar en wordt niet meer herschreven.",
    State.WITHDRAWN: "Dit is ingetrokken.",
}
NO_RIGHT = "U hebt hiervoor geen rechten. Vraag de beheerder."
NOT_YOURS = "Deze maatregel hoort niet bij uw werkgebied."
OWN_TEXT = "U schreef deze tekst zelf. Een ander moet akkoord geven."


def why_not(user, action: Action, report) -> str:
    """Why `user` may not take this step with `report` now, in Dutch; empty when they may.

    Without a user: whether the step can be taken at all.
    """
    if user is not None:
        if not has_right(user, action, type(report)):
            return NO_RIGHT
        if not works_on(user, report.measure):
            return NOT_YOURS
    if report.state not in STATES[action] and not _at_once(user, action, report):
        return WHY[report.state]
    if action == Action.APPROVE and four_eyes() and user is not None and report.is_written_by(user):
        return OWN_TEXT
    return ""


def may(user, action: Action, report) -> bool:
    return not why_not(user, action, report)


def has_right(user, action: Action, model) -> bool:
    """Whether the groups of this person allow the step at all, for some report."""
    names = (right.format(model=model._meta.model_name) for right in RIGHTS[action])
    return any(user.has_perm(name) for name in names)


def works_on(user, measure) -> bool:
    """Whether a measure lies in the field of work of this person; without one: every measure."""
    if user.is_superuser:
        return True
    themes, measures = field_of_work(user)
    return not (themes or measures) or measure.theme_id in themes or measure.pk in measures


# What a party contributes.


class Reply(models.TextChoices):
    """What staff do with what a party contributed."""

    TAKE = "overnemen", "Overnemen als concept"
    NOTE = "gezien", "Gezien, niets te wijzigen"
    DECLINE = "niet-overnemen", "Niet overnemen"
    SHOW = "tonen", "Op de website tonen"
    HIDE = "niet-tonen", "Niet meer op de website tonen"


REPLY_RIGHTS = {
    Reply.TAKE: "measures.add_progressupdate",
    Reply.NOTE: "measures.change_progressupdate",
    Reply.DECLINE: "measures.change_progressupdate",
    # A text that becomes public asks who approves; the party wrote it, so that is a second person.
    Reply.SHOW: "measures.approve_progressupdate",
    Reply.HIDE: "measures.approve_progressupdate",
}
ANSWERED = "Hierop is al geantwoord."


def speaks_for(user):
    """The party that this person is contact person of, or None.

    Needs the right and the link; a party that is not public has nothing to look at.
    """
    if not user.is_authenticated or not user.has_perm("measures.contribute_measure"):
        return None
    assignment = getattr(user, "assignment", None)
    party = assignment.party if assignment else None
    return party if party and party.is_public else None


def why_not_contribute(user, party, measure) -> str:
    """Why this person may not contribute for a party, in Dutch; empty when they may."""
    if party is None or speaks_for(user) != party:
        return NO_RIGHT
    if not type(measure).objects.of_party(party).filter(pk=measure.pk).exists():
        return "Uw organisatie heeft volgens ons geen rol bij deze maatregel."
    return ""


def why_not_reply(user, reply: Reply, contribution) -> str:
    """Why `user` may not do this with a contribution now, in Dutch; empty when they may."""
    if not user.has_perm(REPLY_RIGHTS[reply]):
        return NO_RIGHT
    if not works_on(user, contribution.measure):
        return NOT_YOURS
    if user.pk == contribution.author_id:
        return "U schreef dit zelf. Een ander moet erover beslissen."
    is_new = contribution.state == contribution.State.NEW
    if reply in (Reply.TAKE, Reply.NOTE, Reply.DECLINE) and not is_new:
        return ANSWERED
    if reply == Reply.TAKE and contribution.kind == contribution.Kind.CONFIRMS:
        return "Een bevestiging heeft geen nieuwe tekst om over te nemen."
    if reply == Reply.SHOW and contribution.is_shown:
        return "Dit staat al op de website."
    if reply == Reply.HIDE and not contribution.is_shown:
        return "Dit staat niet op de website."
    return ""


# What readers say is wrong.


class Verdict(models.TextChoices):
    """What staff do with what a reader says is wrong."""

    TAKE = "overnemen", "Verbeteren in een concept"
    MENDED = "verbeterd", "Is al verbeterd"
    REJECT = "afwijzen", "Niet overnemen"
    SPAM = "spam", "Dit is spam"


DECIDE_RIGHT = "measures.change_correctionproposal"


def may_decide(user) -> bool:
    """Whether this person answers readers at all, and so may see where an answer goes."""
    return user.has_perm(DECIDE_RIGHT)


def why_not_decide(user, verdict: Verdict, proposal) -> str:
    """Why `user` may not do this with a proposal now, in Dutch; empty when they may."""
    if not may_decide(user):
        return NO_RIGHT
    if proposal.measure is not None and not works_on(user, proposal.measure):
        return NOT_YOURS
    if proposal.state != proposal.State.NEW:
        return ANSWERED
    if verdict == Verdict.TAKE:
        if proposal.measure is None:
            return "Dit gaat niet over een maatregel. Verbeter het zelf."
        if not user.has_perm("measures.add_progressupdate"):
            return NO_RIGHT
    return ""


def field_of_work(user) -> tuple[frozenset[int], frozenset[int]]:
    """The themes and the measures (ids) that a person works on; asked once per request."""
    if not hasattr(user, "_field_of_work"):
        assignment = getattr(user, "assignment", None)
        user._field_of_work = (
            (
                frozenset(assignment.themes.values_list("pk", flat=True)),
                frozenset(assignment.measures.values_list("pk", flat=True)),
            )
            if assignment
            else (frozenset(), frozenset())
        )
    return user._field_of_work


def four_eyes() -> bool:
    """Whether a second person has to approve; a team of one can set FOUR_EYES=0."""
    return settings.FOUR_EYES


def _at_once(user, action: Action, report) -> bool:
    """Whether this goes to the public without a second person.

    In a team of one; and when nobody wrote it and nobody asks: then it is being loaded with
    its source.
    """
    if action not in (Action.PUBLISH, Action.HOLD, Action.APPROVE):
        return False
    is_loaded = user is None and report.author_id is None
    return report.state in (State.DRAFT, State.SUBMITTED) and (is_loaded or not four_eyes())
