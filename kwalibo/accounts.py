"""The staff screens of people and groups: who may work here."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django_otp.plugins.otp_totp.models import TOTPDevice

from measures.models import Assignment
from parties.admin_mixins import (
    ChangesAdmin,
    ScreenAdmin,
    StaleAdmin,
    log,
    only_choosing,
    yes_or_no,
)
from parties.forms import StaleFormMixin
from parties.history import entries_of, track

from .signin import events, sessions
from .signin.models import Identity

VERBS = {"view": "bekijken", "add": "toevoegen", "change": "wijzigen", "delete": "verwijderen"}
# What no screen shows needs no rights.
OWN_APPS = ["measures", "parties", "auth"]
WITHOUT_SCREEN = ["annexfile", "permission"]


def last_change_of(record) -> int:
    """The number of the latest entry in the history of this, a field of work included."""
    records = [record]
    if assignment := getattr(record, "assignment", None):
        records.append(assignment)
    numbers = (entries_of(one).values_list("pk", flat=True).first() for one in records)
    return max((number or 0 for number in numbers), default=0)


class PermissionsField(forms.ModelMultipleChoiceField):
    """Rights in Dutch: Django stores them as 'Can change maatregel'."""

    def label_from_instance(self, permission):
        verb = permission.codename.partition("_")[0]
        return f"{permission.content_type.name.capitalize()}: {VERBS.get(verb, permission.name)}"


class AssignmentInline(admin.StackedInline):
    """What a person works on. One row: there is no second."""

    model = Assignment
    autocomplete_fields = ["measures", "party"]
    can_delete = False
    max_num = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return only_choosing(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "themes":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class LoggedVersionAdmin(StaleAdmin):
    """Recognises a stale form of a record that counts no versions: by its latest history."""

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.version = last_change_of(found)
        return found


class PersonForm(StaleFormMixin, UserChangeForm):
    class Meta(UserChangeForm.Meta):
        pass


class PersonAdmin(ScreenAdmin, ChangesAdmin, LoggedVersionAdmin, UserAdmin):
    form = PersonForm
    list_display = ["username", "first_name", "last_name", "works", "may_all"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_help_text = "Zoek op gebruikersnaam, naam of e-mailadres."
    filter_horizontal = []
    autocomplete_fields = ["groups"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Wie is dit?", {"fields": [("first_name", "last_name"), "email"]}),
        ("Wat mag deze persoon?", {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        ("Wanneer?", {"fields": [("last_login", "date_joined")]}),
    ]
    words = {
        "is_active": (
            "Account werkt",
            "Zet dit uit als iemand hier niet meer werkt. Zijn naam blijft in de geschiedenis.",
        ),
        "is_staff": ("Mag inloggen in het beheer", ""),
        "is_superuser": ("Mag alles", "Ook personen toevoegen en rechten geven."),
        "groups": ("Groepen", "Iemand mag wat zijn groepen mogen."),
    }

    works = yes_or_no("is_active", "account werkt")
    may_all = yes_or_no("is_superuser", "mag alles")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.words:
            field.label, field.help_text = self.words[db_field.name]
        return field

    def construct_change_message(self, request, form, formsets, add=False):
        if "password1" in form.fields and not add:
            return "wachtwoord gewijzigd"
        return super().construct_change_message(request, form, formsets, add)

    inlines = [AssignmentInline]
    actions = ["forget_device", "forget_identity", "end_sessions"]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        """Only who may do everything makes somebody who may."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (request.user.is_superuser or not (obj and obj.is_superuser))

    @admin.action(description="App voor de tweede stap loskoppelen", permissions=["change"])
    def forget_device(self, request, queryset):
        """For who lost their telephone: the next time they set up another."""
        for person in queryset:
            if self.has_change_permission(request, person):
                TOTPDevice.objects.filter(user=person).delete()
                events.note(events.Kind.RESET, request, user=person, detail=f"door {request.user}")
                log(request, person, "app voor de tweede stap losgekoppeld")
                self.message_user(request, f"{person}: de app is losgekoppeld.")

    @admin.action(description="Eenmalige aanmelding loskoppelen", permissions=["change"])
    def forget_identity(self, request, queryset):
        """For who got another account at the ministry."""
        for person in queryset:
            if self.has_change_permission(request, person):
                Identity.objects.filter(user=person).delete()
                log(request, person, "eenmalige aanmelding losgekoppeld")
                self.message_user(request, f"{person}: de eenmalige aanmelding is losgekoppeld.")

    @admin.action(description="Overal uitloggen", permissions=["change"])
    def end_sessions(self, request, queryset):
        """For who lost a laptop, or leaves today."""
        for person in queryset:
            if self.has_change_permission(request, person):
                number = sessions.end_all(person)
                log(request, person, "overal uitgelogd")
                self.message_user(request, f"{person}: overal uitgelogd ({number}).")

    def has_delete_permission(self, request, obj=None):
        """Never: with a person goes the log of what they did."""
        return False


class RightsAdmin(ScreenAdmin, ChangesAdmin, LoggedVersionAdmin, GroupAdmin):
    filter_horizontal = []

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        return db_field.formfield(
            form_class=PermissionsField,
            queryset=Permission.objects.select_related("content_type")
            .filter(content_type__app_label__in=OWN_APPS)
            .exclude(content_type__model__in=WITHOUT_SCREEN),
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )


admin.site.unregister([User, Group])
admin.site.register(User, PersonAdmin)
admin.site.register(Group, RightsAdmin)


def track_people() -> None:
    """Keep what changes in people and groups; never a password, nor each log-in."""
    track(User, but=("password", "last_login"))
    track(Group)
