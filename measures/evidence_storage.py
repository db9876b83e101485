"""Where the files of evidence lie: in a folder that no web server serves."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register
from django.core.files.storage import FileSystemStorage


class EvidenceStorage(FileSystemStorage):
    """The folder EVIDENCE_DIR, readable by the application alone.

    Its files have no address of their own: a view decides who gets one. They are never
    overwritten.
    """

    def __init__(self):
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self):
        return settings.EVIDENCE_DIR

    @property
    def location(self):
        return str(Path(settings.EVIDENCE_DIR).absolute())

    def url(self, name):
        raise ValueError("Evidence has no address by its place on disk.")


def evidence_storage() -> EvidenceStorage:
    return EvidenceStorage()


@register
def evidence_lies_outside_the_web_root(app_configs, **kwargs):
    """Refuse to start where a web server would serve evidence as static files."""
    place = Path(settings.EVIDENCE_DIR).resolve()
    served: list = [settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS]
    for folder in filter(None, served):
        if place.is_relative_to(Path(folder).resolve()):
            return [
                Error(
                    f"EVIDENCE_DIR lies inside {folder}, which everybody can read.",
                    hint="Choose a folder outside it.",
                    id="measures.E001",
                )
            ]
    return []
