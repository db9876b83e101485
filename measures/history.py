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


# What a stranger wrote, and where they can be reached, is not for a history that nobody can erase.
UNTRACKED = {
    "CorrectionProposal": ("subject_title", "wrong", "right", "url", "email"),
    # Derived columns follow from reports, which have a history of their own.
    "Measure": (*DERIVED, "status_rank"),
}


def track_all() -> None:
    """Keep the history of every model that staff can change."""
    track(Party)
    for model in apps.get_app_config("measures").get_models():
        if model.__name__ not in WITHOUT:
            track(model, but=UNTRACKED.get(model.__name__, ()))
