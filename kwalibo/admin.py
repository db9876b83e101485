"""The admin site: Django's, under our name and in the order of the work."""

import logging
from functools import update_wrapper
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from measures import moments, rules
from measures.annex import FORMATS, file_name, files
from measures.desk import work
from parties.history import acting

from . import kept, manual, own
from .forms import AnnexForm
from .signin import doors
from .signin.doors import next_of
from .signin.forms import SignInForm

logger = logging.getLogger(__name__)

# The first page: what people come for stands first.
GROUPS = {
    "Maatregelen": [
        "Measure",
        "ProgressUpdate",
        "DeadlineChange",
        "Evidence",
        "Contribution",
        "CorrectionProposal",
        "Theme",
        "Party",
    ],
    "Tweede Kamer": ["ReportingMoment", "Motion", "Commitment", "Letter", "TimelineEvent"],
    "Waar het op rust": ["Source", "Evaluation", "Finding", "Effect"],
    "Uitleg": ["GlossaryTerm", "Statement"],
    "Wie volgt ons": ["Follower"],
    "Wie mag hier werken": ["User", "Group", "SignInEvent"],
}

# How many changes by others the first page shows.
LATEST = 8
# For how many seconds the first page believes the number of open checks of a letter.
CHECKED_FOR = 60


def _open_checks(moment) -> int | None:
    """How many checks of a letter ask for a reason; None when it cannot be rehearsed."""
    try:
        return sum(row.is_blocking for row in moments.checks(moment))
    except ValidationError:
        return None


class KwaliboAdminSite(AdminSite):
    site_title = "Kwalibo-voortgang"
    site_header = "Kwalibo-voortgang: beheer"
    index_title = "Beheer"
    enable_nav_sidebar = False
    login_form = SignInForm

    def __init__(self, name="admin"):
        super().__init__(name)
        # Records are removed one by one, on a screen that says what stands in the way.
        self.disable_action("delete_selected")

    def admin_view(self, view, cacheable=False):
        """Let the history know who acts, and lose nothing when a session is over."""

        def guarded(request, *args, **kwargs):
            if request.method == "POST":
                return self._take(view, request, *args, **kwargs)
            if found := kept.kept(request):
                return kept.give_back(request, self, found)
            return view(request, *args, **kwargs)

        # Django lets browsers keep the screen for a new password too; words alone may be kept.
        cacheable = cacheable and view == self.i18n_javascript
        guarded = super().admin_view(update_wrapper(guarded, view), cacheable)

        def outer(request, *args, **kwargs):
            doors.end_when_idle(request)
            # The session is over: what was typed must not be. (The token of the form was
            # checked before, by the middleware.)
            is_over = request.method == "POST" and not self.has_permission(request)
            if is_over and request.path not in self._doors():
                return kept.keep(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(outer, guarded)

    def has_permission(self, request):
        """Active staff, behind the second door too."""
        return super().has_permission(request) and doors.is_through(request)

    def each_context(self, request):
        """What every screen gets; a list also the choices that this person saved of it."""
        context = super().each_context(request)
        match = request.resolver_match
        if match and (match.url_name or "").endswith("_changelist") and context["has_permission"]:
            context |= own.filters_of(request, match.url_name.removesuffix("_changelist"))
        return context

    def login(self, request, extra_context=None):
        """Ask for name and password; who gave those is sent on to the second door."""
        if doors.may_come_in(request.user) and not doors.is_through(request):
            query = urlencode({"next": next_of(request)})
            return redirect(f"{reverse('second_factor')}?{query}")
        is_contact = not request.user.is_staff and rules.speaks_for(request.user) is not None
        if request.method == "GET" and is_contact:
            to, inside = next_of(request), reverse("contributions")
            return redirect(to if to.startswith(inside) else inside)
        context = {"sso_name": settings.OIDC_NAME if settings.OIDC_ISSUER else ""}
        return super().login(request, (extra_context or {}) | context)

    def logout(self, request, extra_context=None):
        """Say goodbye, and let the browser throw away what it kept of these screens."""
        response = super().logout(request, extra_context)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _take(self, view, request, *args, **kwargs):
        """Let somebody change something, known to the history."""
        if kept.THROW_AWAY in request.POST or kept.kept(request):
            kept.forget(request)
        if kept.THROW_AWAY in request.POST:
            return redirect(request.get_full_path())
        with acting(request.user):
            return view(request, *args, **kwargs)

    def _doors(self):
        return {reverse("admin:login"), reverse("admin:logout")}

    def index(self, request, extra_context=None):
        models = {
            model["object_name"]: model
            for app in self.get_app_list(request)
            for model in app["models"]
        }
        groups = [
            {"name": name, "models": [models[key] for key in keys if key in models]}
            for name, keys in GROUPS.items()
        ]
        groups = [group for group in groups if group["models"]]
        context = {
            "groups": groups,
            "lists": work.lists_of(request.user),
            "moment": self._next_letter(request),
            "others": LogEntry.objects.exclude(user=request.user)
            .select_related("user", "content_type")
            .order_by("-action_time", "-pk")[:LATEST],
        }
        return super().index(request, (extra_context or {}) | context)

    def _next_letter(self, request):
        """The letter in preparation with the number of things to look at, for who may see it."""
        moment = work.next_moment()
        if moment is None or not request.user.has_perm("measures.view_reportingmoment"):
            return None
        # Freezing is rehearsed for it, which holds the others up: not at every look.
        key = f"open-checks-{moment.pk}-{moment.version}"
        try:
            found = cache.get(key)
        except Exception as problem:
            # Each kind of cache has errors of its own; the page can do without the number.
            logger.error("The cache does not answer: %s", problem)
            return {"moment": moment, "open": None, "at": None}
        if found is None:
            found = (_open_checks(moment), timezone.now())
            cache.set(key, found, CHECKED_FOR)
        return {"moment": moment, "open": found[0], "at": found[1]}

    def get_urls(self):
        return [
            path("bijlage/", self.admin_view(self.annex_view), name="annex"),
            path("bewaren/", self.admin_view(kept.autosave), name="autosave"),
            path("instellingen/", self.admin_view(self.own_view), name="own_settings"),
            path("selecties/", self.admin_view(own.save_filter), name="save_filter"),
            path("selecties/<int:pk>/", self.admin_view(own.forget_filter), name="forget_filter"),
            path("handleiding/", self.admin_view(self.manual_view), name="manual"),
            *super().get_urls(),
        ]

    def annex_view(self, request):
        """Make the annex as of a day, in one of its formats."""
        form = AnnexForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            format = form.cleaned_data["format"]
            content, file = files.get_or_render(form.cleaned_data["day"], format)
            name = file_name(content, format)
            return HttpResponse(
                bytes(file.content),
                content_type=FORMATS[format].media_type,
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        context = self.each_context(request) | {"title": "Bijlage maken", "form": form}
        return TemplateResponse(request, "admin/annex.html", context)

    def own_view(self, request):
        """What a colleague sets for themselves."""
        return own.settings(self, request)

    def manual_view(self, request):
        """The manual for staff."""
        context = {"title": "Handleiding", "sections": mark_safe(manual.sections())}  # noqa: S308 (our own manual)
        return TemplateResponse(request, "admin/manual.html", self.each_context(request) | context)
