"""How many follow what: numbers alone. No screen shows an address."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.template.response import TemplateResponse
from django.utils import timezone

from measures import subjects
from parties.admin_mixins import ScreenAdmin

from .models import Follower, FollowMail, Frequency, Subscription, Watch


def numbers() -> dict:
    """What keepers see: how many addresses, in which rhythm, and how many per subject."""
    followers = Follower.objects.confirmed().order_by()
    rhythms = dict(followers.values_list("frequency").annotate(n=Count("pk")))
    rows = Subscription.objects.confirmed().order_by()
    counts = {
        (kind, item): number
        for kind, item, number in rows.values_list("kind", "item").annotate(n=Count("pk"))
    }
    named = subjects.named(counts)
    watch = Watch.objects.first()
    return {
        "number": sum(rhythms.values()),
        "rhythms": [(frequency.label, rhythms.get(frequency, 0)) for frequency in Frequency],
        "subjects": sorted(
            ((named[scope].name, number) for scope, number in counts.items() if scope in named),
            key=lambda row: (-row[1], row[0]),
        ),
        "waiting": FollowMail.objects.to_send(timezone.now()).count(),
        "given_up": FollowMail.objects.filter(
            sent_at__isnull=True, next_try_at__isnull=True
        ).count(),
        "looked_at": watch.looked_at if watch else None,
    }


@admin.register(Follower)
class FollowerAdmin(ScreenAdmin):
    """Its list is a page of numbers; there is no screen of one follower."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"title": "Volgers"} | numbers()
        return TemplateResponse(request, "admin/followers.html", context)

    def has_view_permission(self, request, obj=None):
        return obj is None and request.user.has_perm("auth.change_user")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
