"""What the staff screens of reports share: looking, approving, holding, withdrawing.

Which step somebody may take is asked of `measures/rules.py`, and asked again by the model.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import Action as ListAction
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from parties.admin_mixins import PublishableAdmin, log, person, sentences
from parties.publication import Publication

from ..models import ReportingMoment, Stage
from ..rules import Action, State, four_eyes, has_right, may, works_on
from .report_form import WithdrawalForm, address_of

# More than a civil servant can have read.
MOST_AT_ONCE = 50


class DecisionForm(forms.Form):
    """What somebody decides of a text that waits, with a word to its writer."""

    comment = forms.CharField(
        label="Opmerking",
        required=False,
        help_text="Bij terugsturen is dit nodig: wat moet er anders?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    moment = forms.ModelChoiceField(
        ReportingMoment.objects.none(),
        required=False,
        label="Klaarzetten voor",
        empty_label="Kies een brief",
    )
    opened_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["moment"].queryset = ReportingMoment.objects.in_preparation()


@dataclass(frozen=True)
class Decision:
    """One button: its name in the form, the steps it takes, and what is said of it after."""

    name: str
    label: str
    steps: tuple[Action, ...]
    done: str

    def is_open(self, user, report) -> bool:
        """Whether this person may take the first of its steps now, and has a right to the rest."""
        first, *rest = self.steps
        return may(user, first, report) and all(
            has_right(user, step, type(report)) for step in rest
        )


DECISIONS = [
    Decision(
        "_approve_publish",
        "Akkoord en openbaar maken",
        (Action.APPROVE, Action.PUBLISH),
        "goedgekeurd en gepubliceerd",
    ),
    Decision("_approve", "Akkoord, nog niet openbaar", (Action.APPROVE,), "goedgekeurd"),
    Decision(
        "_approve_hold",
        "Akkoord en klaarzetten",
        (Action.APPROVE, Action.HOLD),
        "goedgekeurd en klaargezet",
    ),
    Decision("_publish", "Openbaar maken", (Action.PUBLISH,), "gepubliceerd"),
    Decision("_hold", "Klaarzetten", (Action.HOLD,), "klaargezet"),
    Decision("_let_go", "Niet meer klaarzetten", (Action.LET_GO,), "niet meer klaargezet"),
    Decision("_send_back", "Terugsturen", (Action.SEND_BACK,), "teruggestuurd"),
]


class StateFilter(admin.SimpleListFilter):
    title = "stap"
    parameter_name = "stap"

    def lookups(self, request, model_admin):
        steps = [State.DRAFT, State.SUBMITTED, State.APPROVED, State.HELD]
        return [(step.value, step.label) for step in steps]

    def queryset(self, request, queryset):
        if self.value() == State.HELD:
            return queryset.filter(held_for__isnull=False, publication=Publication.CONCEPT)
        if self.value() in Stage.values:
            return queryset.concepts().filter(stage=self.value())
        return queryset


class HeldFilter(admin.SimpleListFilter):
    """What waits for a letter, and what waits for none."""

    title = "klaargezet"
    parameter_name = "klaargezet"

    def lookups(self, request, model_admin):
        name = f"{model_admin.model._meta.model_name}s__publication"
        waiting = ReportingMoment.objects.filter(**{name: Publication.CONCEPT})
        return [(str(moment.pk), str(moment)) for moment in waiting.distinct()]

    def queryset(self, request, queryset):
        if self.value() and self.value().isdecimal():
            return queryset.held_for(self.value())
        return queryset


class ReviewedAdmin(PublishableAdmin):
    """A list of reports, the form or the page of one, and the page where it is approved."""

    # Which ReportScreen edits a concept; the template of the page that only shows; 'deze stand'.
    screen: type
    read_only_template: str
    this: str
    never_put_back = (
        "Wat openbaar is, wordt niet herschreven, en een concept wijzigt u in het formulier."
    )
    actions = ["approve_several", "publish_several"]

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path(
                "<int:pk>/intrekken/",
                wrap(require_POST(self.withdraw_view)),
                name=f"measures_{name}_withdraw",
            ),
            path("<int:pk>/beoordelen/", wrap(self.review_view), name=f"measures_{name}_review"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        """Never without a measure: the form for a new one starts from the measure."""
        return False

    def has_delete_permission(self, request, obj=None):
        # What was public or is frozen stays: the screen says why, see why_kept().
        may_delete = has_right(request.user, Action.DELETE, self.model)
        return may_delete and (obj is None or works_on(request.user, obj.measure))

    def find(self, key):
        try:
            return self.model.objects.select_related(
                "measure", "author", "held_for", "letter", "approved_by"
            ).get(pk=unquote(str(key)))
        except (self.model.DoesNotExist, ValueError) as error:
            raise Http404 from error

    # Looking and changing.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may_write = has_right(request.user, Action.WRITE, self.model)
        if not (may_write or (request.method != "POST" and self.has_view_permission(request))):
            raise PermissionDenied
        try:
            report = self.find(object_id)
        except Http404:
            if request.method != "POST":
                raise
            return self.screen(self, request).after_deletion()
        if request.method == "POST" or may(request.user, Action.WRITE, report):
            # A POST to what is no concept any more came from a form that was opened before.
            return self.screen(self, request).edit(report)
        return self.read_only(request, report, self.withdrawal_form())

    def read_only(self, request, report, form):
        context = self.admin_site.each_context(request) | {
            "title": str(report),
            "opts": self.opts,
            "report": report,
            "measure": report.measure,
            "author": person(report.author),
            "approved_by": person(report.approved_by) if report.approved_by else "",
            "form": form,
            "state": report.state,
            "steps": report.steps.select_related("by"),
            "may_withdraw": may(request.user, Action.WITHDRAW, report),
            "review_url": address_of(report, "review"),
            "may_review": self._decisions(request, report) and report.state != State.PUBLIC,
            "media": self.media,
            "sources": report.sources.all(),
            "public_url": self.public_url(report),
        }
        return TemplateResponse(request, self.read_only_template, context)

    def public_url(self, report) -> str:
        if report and report.is_public and report.measure.is_public:
            return report.measure.get_absolute_url()
        return ""

    # Approving.

    def review_view(self, request, pk):
        """Show a text that waits with what it changes, and take a decision of it."""
        report = self.find(pk)
        if not self.has_view_permission(request, report):
            raise PermissionDenied
        if request.method != "POST":
            form = DecisionForm(initial=self._initial(report))
            return self._review_screen(request, report, form)
        form = DecisionForm(request.POST)
        with transaction.atomic():
            report.lock_measures()
            report = self.find(pk)
            decision = next((d for d in DECISIONS if d.name in request.POST), None)
            if decision is None or not form.is_valid():
                return self._review_screen(request, report, form)
            if form.cleaned_data["opened_version"] != report.version:
                return self._opened_before(request, report, form, decision)
            try:
                with transaction.atomic():
                    self._decide(request, report, decision, form)
            except ValidationError as error:
                report.refresh_from_db()
                form.add_error(None, sentences(error, self.model))
                return self._review_screen(request, report, form)
        messages.success(request, f"{report.measure.code}: {self.this} is {decision.done}.")
        return redirect("admin:index")

    def _initial(self, report) -> dict:
        return {"opened_version": report.version, "moment": report.held_for_id}

    def _opened_before(self, request, report, form, decision):
        """Answer a decision about a text that has changed since it was shown."""
        last = report.steps.select_related("by").last()
        if last and last.by == request.user and not decision.is_open(request.user, report):
            messages.warning(request, f"{report.measure.code}: u had dit al gedaan.")
            return redirect("admin:index")
        form.data = form.data.copy()
        form.data["opened_version"] = str(report.version)
        form.add_error(None, "Dit is intussen gewijzigd. Hieronder staat hoe het nu is.")
        return self._review_screen(request, report, form)

    def _decide(self, request, report, decision, form):
        """Take the steps of a decision, and log them together."""
        user, comment = request.user, form.cleaned_data["comment"]
        moment = form.cleaned_data["moment"]
        if Action.HOLD in decision.steps and moment is None:
            raise ValidationError("Kies de brief waarvoor u dit klaarzet.")
        for step in decision.steps:
            match step:
                case Action.APPROVE:
                    report.approve(user, comment)
                case Action.PUBLISH:
                    report.publish(user)
                case Action.HOLD:
                    report.hold(moment, user)
                case Action.LET_GO:
                    report.let_go(user)
                case Action.SEND_BACK:
                    report.send_back(user, comment)
        text = decision.done + (f" voor ‘{moment}’" if Action.HOLD in decision.steps else "")
        log(request, report, f"{text}: {comment}" if comment else text)

    def _decisions(self, request, report) -> list[Decision]:
        found = [decision for decision in DECISIONS if decision.is_open(request.user, report)]
        if not ReportingMoment.objects.in_preparation().exists():
            found = [decision for decision in found if Action.HOLD not in decision.steps]
        return found

    def _review_screen(self, request, report, form):
        decisions = self._decisions(request, report)
        context = self.admin_site.each_context(request) | {
            "title": f"Beoordelen: {report.measure.code}",
            "opts": self.opts,
            "report": report,
            "measure": report.measure,
            "author": person(report.author),
            "state": report.state,
            "steps": report.steps.select_related("by"),
            "form": form,
            "decisions": [d for d in decisions if d.name != "_send_back"],
            "send_back": next((d for d in decisions if d.name == "_send_back"), None),
            "is_holding": any(Action.HOLD in d.steps for d in decisions),
            "is_own": report.is_written_by(request.user),
            "may_write": may(request.user, Action.WRITE, report),
            "edit_url": address_of(report),
            "four_eyes": four_eyes(),
            "sources": report.sources.all(),
            "media": self.media,
        }
        return TemplateResponse(
            request, "admin/measures/review.html", context | self.review_context(report)
        )

    def review_context(self, report) -> dict:
        """What the page of approval shows of this kind of report."""
        return {}

    # Withdrawing.

    def withdrawal_form(self, data=None):
        return WithdrawalForm(self.this, data)

    def withdraw_view(self, request, pk):
        form = self.withdrawal_form(request.POST)
        with transaction.atomic():
            self.find(pk).lock_measures()
            report = self.find(pk)
            if not (report.publication == Publication.WITHDRAWN or report.is_public):
                raise PermissionDenied
            if not has_right(request.user, Action.WITHDRAW, self.model):
                raise PermissionDenied
            if not report.is_public:
                messages.warning(request, f"{capfirst(self.this)} was al ingetrokken.")
                return redirect(f"admin:measures_{self.opts.model_name}_change", pk)
            if not form.is_valid():
                return self.read_only(request, report, form)
            try:
                report.withdraw(form.cleaned_data["reason"], request.user)
            except ValidationError as error:
                form.add_error(None, sentences(error, self.model))
                report.refresh_from_db()
                return self.read_only(request, report, form)
            log(request, report, f"ingetrokken: {report.withdrawal_reason}")
        report.measure.refresh_from_db()
        return self.after_withdrawal(request, report)

    def after_withdrawal(self, request, report):
        raise NotImplementedError

    def log_deletions(self, request, queryset):
        """In the history of the measure too: that of the report goes with it."""
        for report in queryset:
            log(request, report.measure, f"concept verwijderd: {self.told(report)}")
        return super().log_deletions(request, queryset)

    def told(self, report) -> str:
        """A report in the log, with its text."""
        return str(report)

    # Several at once.

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """With an action for each letter in preparation: hold what was chosen for it."""
        actions = super().get_actions(request, action_location)
        if action_location == ActionLocation.CHANGE_LIST and has_right(
            request.user, Action.HOLD, self.model
        ):
            for moment in ReportingMoment.objects.in_preparation():
                name = f"hold_for_{moment.pk}"
                label = f"Klaarzetten voor ‘{moment}’".replace("%", "%%")
                actions[name] = ListAction(_holding(moment), name, label, label, [action_location])
        return actions

    def has_approve_permission(self, request):
        return has_right(request.user, Action.APPROVE, self.model)

    def has_publish_permission(self, request):
        return has_right(request.user, Action.PUBLISH, self.model)

    @admin.action(description="Akkoord en openbaar maken", permissions=["approve"])
    def approve_several(self, request, queryset):
        def step(report):
            report.approve(request.user)
            report.publish(request.user)

        self.each(request, queryset, step, "goedgekeurd en gepubliceerd")

    @admin.action(description="Openbaar maken wat akkoord is", permissions=["publish"])
    def publish_several(self, request, queryset):
        self.each(request, queryset, lambda report: report.publish(request.user), "gepubliceerd")

    def each(self, request, queryset, step, done):
        """Take a step with each of the chosen reports; name those that could not."""
        if queryset.count() > MOST_AT_ONCE:
            text = f"Kies hoogstens {MOST_AT_ONCE} tegelijk. Er is niets veranderd."
            return self.message_user(request, text, messages.ERROR)
        taken, refused = [], []
        for pk in queryset.order_by("reporting_date", "pk").values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    self.find(pk).lock_measures()
                    report = self.find(pk)
                    name = str(report)
                    step(report)
                    log(request, report, done)
                    taken.append(name)
            except ValidationError as error:
                refused.append(f"{name}: {sentences(error, self.model)}")
        if taken:
            text = f"{capfirst(done)}: {'; '.join(taken)}."
            self.message_user(request, text, messages.SUCCESS)
        for line in refused:
            self.message_user(request, f"Niet {done}: {line}", messages.ERROR)

    @admin.display(description="stap")
    def state_mark(self, report):
        return report.state.label

    @admin.display(description="klaargezet voor")
    def waits_for(self, report):
        return str(report.held_for) if report.is_held else ""

    @admin.display(description="auteur", ordering="author__username")
    def author_name(self, report):
        return person(report.author)


def _holding(moment):
    """The action that holds the chosen reports for a moment."""

    def hold(model_admin, request, queryset):
        def step(report):
            report.hold(moment, request.user)

        model_admin.each(request, queryset, step, f"klaargezet voor ‘{moment}’")

    return hold
