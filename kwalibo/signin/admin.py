"""The log of the door, for who keeps the accounts."""

from django.contrib import admin
from django.utils import formats, timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from parties.admin_mixins import ScreenAdmin

from .models import SignInEvent

# Its own screens speak English; people are helped on that of a person.
admin.site.unregister(TOTPDevice)


@admin.register(SignInEvent)
class SignInEventAdmin(ScreenAdmin):
    list_display = ["when", "kind", "name", "address", "detail"]
    list_display_links = None
    list_filter = ["kind"]
    search_fields = ["name", "address"]
    search_help_text = "Zoek op gebruikersnaam of adres."

    @admin.display(description="wanneer", ordering="at")
    def when(self, event):
        return formats.date_format(timezone.localtime(event.at), "j F Y, H:i:s")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_user")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
