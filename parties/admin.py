"""The staff screen of parties."""

from django.contrib import admin

from .admin_mixins import PublishableAdmin
from .models import Party


@admin.register(Party)
class PartyAdmin(PublishableAdmin):
    list_display = ["name", "abbreviation", "kind", "sector", "participation", "publication_mark"]
    list_filter = ["publication", "kind", "sector", "participation"]
    search_fields = ["name", "abbreviation", "role"]
    search_help_text = "Zoek op naam, afkorting of rol."
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "abbreviation"]}),
        (
            "Wat voor partij is dit?",
            {"fields": [("kind", "kind_detail"), ("sector", "sector_detail"), "role"]},
        ),
        ("Website van de partij", {"fields": [("website", "website_certainty")]}),
        ("Waar komt dit vandaan?", {"fields": ["participation", "certainty", "remark"]}),
        ("Op onze website", {"fields": ["slug", "publication"]}),
    ]
