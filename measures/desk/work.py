"""What waits for one person, as lists that a screen or a mail can show.

Everything is chosen within the field of work of that person (`measures/rules.py`); the
number of queries does not grow with the number of measures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import formats, timezone

from .. import rules
from ..models import (
    Contribution,
    CorrectionProposal,
    DeadlineChange,
    DeadlineState,
    Measure,
    ProgressUpdate,
    ReportingMoment,
    ReviewStep,
    Stage,
)
from ..rules import Action

REPORTS: tuple[Any, ...] = (ProgressUpdate, DeadlineChange)
# What somebody can look over; the list behind it has the rest.
MOST = 8


@dataclass(frozen=True)
class Item:
    """One line: what it is about, what there is to know, and where to do it."""

    measure: Measure | None
    what: str
    detail: str
    url: str
    action: str
    comment: str = ""
    # What it is about when that is no measure.
    subject: str = ""

    @property
    def name(self) -> str:
        return str(self.measure or self.subject)

    @property
    def short_name(self) -> str:
        return self.measure.code if self.measure else self.subject


@dataclass(frozen=True)
class WorkList:
    """A list under a heading; `total` counts what is not shown too."""

    key: str
    title: str
    empty: str
    items: tuple[Item, ...]
    total: int
    url: str = ""

    @property
    def left(self) -> int:
        return self.total - len(self.items)


def lists_of(user, day: date | None = None) -> list[WorkList]:
    """All lists for a person, in the order in which to work; those without a right are left out."""
    day = day or timezone.localdate()
    found = []
    if any(rules.has_right(user, Action.APPROVE, model) for model in REPORTS):
        found.append(waits_for_approval(user))
    if any(rules.has_right(user, Action.WRITE, model) for model in REPORTS):
        found.append(own_concepts(user))
    if any(rules.has_right(user, Action.PUBLISH, model) for model in REPORTS):
        found.append(approved_not_public(user))
    if user.has_perm(rules.REPLY_RIGHTS[rules.Reply.NOTE]):
        found.append(contributed(user))
    if rules.may_decide(user):
        found.append(said_wrong(user))
    return [*found, due(user, day), quiet(user, day), own_measures(user, day)]


def waits_for_approval(user) -> WorkList:
    """What others wrote and this person may approve, the longest waiting first."""

    def waiting(model):
        if not rules.has_right(user, Action.APPROVE, model):
            return model.objects.none()
        found = model.objects.waiting()
        if rules.four_eyes():
            wrote = ReviewStep.objects.filter(kind=ReviewStep.Kind.WRITTEN, by=user)
            found = found.exclude(author=user).exclude(steps__in=wrote)
        return found

    return _reports(
        user,
        "goedkeuren",
        "Wacht op uw akkoord",
        "Er wacht niets op uw akkoord.",
        waiting,
        "Beoordelen",
        "ter-goedkeuring",
    )


def own_concepts(user) -> WorkList:
    """What this person wrote and did not offer yet, or got back."""

    def own(model):
        return model.objects.concepts().filter(author=user, stage=Stage.DRAFT)

    return _reports(
        user,
        "concepten",
        "Uw concepten",
        "U hebt geen concepten liggen.",
        own,
        "Verder schrijven",
        "concept",
        screen="change",
    )


def approved_not_public(user) -> WorkList:
    def approved(model):
        if not rules.has_right(user, Action.PUBLISH, model):
            return model.objects.none()
        return model.objects.approved()

    return _reports(
        user,
        "akkoord",
        "Akkoord, nog niet openbaar",
        "Alles wat akkoord is, is openbaar of klaargezet.",
        approved,
        "Openbaar maken",
        "akkoord",
    )


def contributed(user) -> WorkList:
    """What parties sent and nobody answered yet, the oldest first."""
    found = in_field(Contribution.objects.new(), user, "measure__")
    rows = found.select_related("measure", "party").order_by("created_at", "pk")
    items = (
        Item(
            one.measure,
            one.get_kind_display(),
            f"{one.party.short_name}, {_moment(one.created_at)}",
            reverse("admin:measures_contribution_change", args=[one.pk]),
            "Bekijken",
        )
        for one in rows[:MOST]
    )
    return WorkList(
        "inbreng",
        "Inbreng van partijen",
        "Er is geen nieuwe inbreng van partijen.",
        tuple(items),
        found.count(),
        reverse("admin:measures_contribution_changelist") + "?state__exact=nieuw",
    )


def said_wrong(user) -> WorkList:
    """What readers say is wrong and nobody dealt with yet, the oldest first."""
    new = CorrectionProposal.objects.new()
    # What is about no measure is for everybody.
    found = new.filter(measure__isnull=True) | in_field(new, user, "measure__")
    rows = found.select_related("measure").order_by("created_at", "pk")
    items = (
        Item(
            one.measure,
            "Verbetervoorstel",
            f"{one.reference}, {_moment(one.created_at)}",
            reverse("admin:measures_correctionproposal_change", args=[one.pk]),
            "Bekijken",
            one.wrong,
            one.subject_title,
        )
        for one in rows[:MOST]
    )
    return WorkList(
        "verbetervoorstellen",
        "Verbetervoorstellen van lezers",
        "Er zijn geen nieuwe verbetervoorstellen.",
        tuple(items),
        found.count(),
        reverse("admin:measures_correctionproposal_changelist") + "?state__exact=nieuw",
    )


def due(user, day: date) -> WorkList:
    """Measures whose deadline has passed or comes near, the earliest first."""
    near = (DeadlineState.PASSED, DeadlineState.NEAR)
    found = _remaining(user).with_deadline_state(day).filter(deadline_state__in=near)

    def detail(measure):
        days = (measure.deadline - day).days
        when = formats.date_format(measure.deadline, "j F Y")
        if days < 0:
            return f"Te laat: streefdatum {when}, {_days(-days)} geleden"
        return f"Streefdatum {when}, {f'nog {_days(days)}' if days else 'dat is vandaag'}"

    return _measures(
        user,
        "streefdatum",
        "Te laat of bijna",
        "Geen streefdatum is voorbij of dichtbij.",
        found.order_by("deadline", "number"),
        detail,
        f"streefdatum={DeadlineState.PASSED.value}",
    )


def quiet(user, day: date) -> WorkList:
    """Measures of which nothing was reported for a long time, the longest first."""
    since = day - timedelta(days=settings.REPORT_LATE_DAYS)
    found = _remaining(user).filter(Q(reported_on__lt=since) | Q(reported_on__isnull=True))
    return _measures(
        user,
        "stil",
        f"Langer dan {settings.REPORT_LATE_DAYS} dagen niet bijgewerkt",
        "Alles is kort geleden bijgewerkt.",
        found.order_by(F("reported_on").asc(nulls_first=True), "number"),
        _last_report,
        "bijgewerkt=lang-niet",
    )


def own_measures(user, day: date) -> WorkList:
    """The measures of this person's field of work that are not finished."""
    themes, measures = rules.field_of_work(user)
    found = _remaining(user)
    if not (themes or measures):
        wrote = ProgressUpdate.objects.filter(author=user).values("measure")
        found = found.filter(pk__in=wrote)
    return _measures(
        user,
        "eigen",
        "Mijn maatregelen",
        "Er loopt geen maatregel die bij u hoort. De beheerder kan uw werkgebied instellen.",
        found.order_by(F("reported_on").asc(nulls_first=True), "number"),
        _last_report,
        "",
    )


def next_moment() -> ReportingMoment | None:
    """The letter in preparation that comes first."""
    moments = ReportingMoment.objects.in_preparation().select_related("letter")
    return moments.order_by("reference_date", "pk").first()


def _remaining(user):
    return in_field(Measure.objects.as_of(), user).remaining()


def in_field(queryset: QuerySet, user, path: str = "") -> Any:
    """Only what lies in the field of work; `path` leads to the measure ('measure__')."""
    themes, measures = rules.field_of_work(user)
    if user.is_superuser or not (themes or measures):
        return queryset
    return queryset.filter(Q(**{f"{path}theme__in": themes}) | Q(**{f"{path}pk__in": measures}))


def _reports(
    user,
    key: str,
    title: str,
    empty: str,
    choose: Callable[[Any], QuerySet],
    action: str,
    state: str,
    screen: str = "review",
) -> WorkList:
    last = ReviewStep.objects.order_by("-at", "-pk")
    total, items = 0, []
    for model, of in zip(REPORTS, ("update", "deadline"), strict=True):
        found = in_field(choose(model), user, "measure__")
        total += found.count()
        steps = last.filter(**{of: OuterRef("pk")})
        rows = found.annotate(
            last_at=Subquery(steps.values("at")[:1]),
            last_kind=Subquery(steps.values("kind")[:1]),
            last_comment=Subquery(steps.values("comment")[:1]),
        ).select_related("measure", "author", "merged_into" if of == "update" else "held_for")
        for report in rows.order_by(F("last_at").asc(nulls_first=True), "pk")[:MOST]:
            items.append((report.last_at or report.created_at, _item(report, screen, action)))
    items.sort(key=lambda pair: pair[0])
    url = f"{reverse('admin:measures_progressupdate_changelist')}?stap={state}"
    return WorkList(key, title, empty, tuple(item for _, item in items[:MOST]), total, url)


def _item(report, screen: str, action: str) -> Item:
    name = report._meta.model_name
    if isinstance(report, ProgressUpdate):
        what = f"{report.status_label}, {report.reporting_date_label or 'nog zonder peildatum'}"
    else:
        what = f"Streefdatum {report.label}"
    sent_back = report.last_kind == ReviewStep.Kind.SENT_BACK
    detail = "Teruggestuurd" if sent_back else _person(report.author)
    if report.last_at:
        detail += f", {_moment(report.last_at)}"
    return Item(
        report.measure,
        what,
        detail,
        reverse(f"admin:measures_{name}_{screen}", args=[report.pk]),
        action,
        report.last_comment or "",
    )


def _measures(
    user, key: str, title: str, empty: str, found, detail: Callable[[Measure], str], query: str
) -> WorkList:
    may_report = user.has_perm("measures.add_progressupdate")
    name, action = ("update", "Bijwerken") if may_report else ("record", "Bekijken")
    items = (
        Item(
            measure,
            "",
            detail(measure),
            reverse(f"admin:measures_measure_{name}", args=[measure.pk]),
            action,
        )
        for measure in found[:MOST]
    )
    url = reverse("admin:measures_measure_changelist") + (f"?{query}" if query else "")
    return WorkList(key, title, empty, tuple(items), found.count(), url)


def _last_report(measure) -> str:
    if measure.reported_on is None:
        return "Nog nooit een stand van zaken"
    return f"Laatste stand: {measure.standing_date_label}"


def _days(number: int) -> str:
    return "1 dag" if number == 1 else f"{number} dagen"


def _person(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else "Geladen uit een bestand"


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "j F, H:i")
