"""The admin site: Django's, under our name and in the order of the work."""

from django.contrib.admin import AdminSite

# The first page: what people come for stands first.
GROUPS = {
    "Maatregelen": ["Measure", "ProgressUpdate", "Theme", "Party"],
    "Tweede Kamer": ["Motion", "Commitment", "Letter", "TimelineEvent"],
    "Waar het op rust": ["Source", "Evaluation", "Finding", "Effect"],
    "Uitleg": ["GlossaryTerm", "Statement"],
    "Wie mag hier werken": ["User", "Group"],
}


class KwaliboAdminSite(AdminSite):
    site_title = "Kwalibo-voortgang"
    site_header = "Kwalibo-voortgang: beheer"
    index_title = "Beheer"
    enable_nav_sidebar = False

    def __init__(self, name="admin"):
        super().__init__(name)
        # Records are removed one by one, on a screen that says what stands in the way.
        self.disable_action("delete_selected")

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
        return super().index(request, (extra_context or {}) | {"groups": groups})
