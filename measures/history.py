"""Which records of the programme keep a history, field by field."""

from django.apps import apps

from parties.history import track
from parties.models import Party

from .models.measure import DERIVED

# What is written once and never changed has no history; nor has what is made anew.
WITHOUT = {
    "AnnexFile",
    "DataFile",
    "DataFilePart",
    "DataVersion",
    "DigestMail",
    "Draft",
    "ReviewStep",
    "SavedFilter",
    "Snapshot",
    "SnapshotFile",
    "SpreadsheetUpload",
}


def track_all() -> None:
    """Keep the history of every model that staff can change."""
    track(Party)
    for model in apps.get_app_config("measures").get_models():
        if model.__name__ not in WITHOUT:
            # Derived columns follow from reports, which have a history of their own.
            track(model, but=DERIVED if model.__name__ == "Measure" else ())
