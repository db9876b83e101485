"""Everything that happened to one measure, newest first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from parties.admin_mixins import moment, person

from ..models import Measure, ProgressUpdate


@dataclass
class Happening:
    """One line of the history: an update, a note for colleagues, or a change."""

    kind: str
    at: datetime
    author: str
    text: str = ""
    update: ProgressUpdate | None = None
    log: list[str] = field(default_factory=list)

    @property
    def moment(self) -> str:
        return moment(self.at)


def signature(author, at) -> str:
    return f"{person(author)}, {moment(at)}"


def measure_history(model_admin, request, pk):
    measure = get_object_or_404(Measure.objects.as_of(), pk=pk)
    updates = list(
        measure.updates.select_related("author", "merged_into").prefetch_related("sources")
    )
    log = LogEntry.objects.select_related("user", "content_type").filter(
        Q(content_type=ContentType.objects.get_for_model(Measure), object_id=str(pk))
        | Q(
            content_type=ContentType.objects.get_for_model(ProgressUpdate),
            object_id__in=[str(update.pk) for update in updates],
        )
    )
    changes, about_updates = [], {update.pk: [] for update in updates}
    for entry in log.order_by("action_time", "pk"):
        text = entry.get_change_message()
        if entry.content_type.model_class() is ProgressUpdate:
            about_updates[int(entry.object_id)].append(
                f"{text} ({signature(entry.user, entry.action_time)})"
            )
        else:
            text = text or ("toegevoegd" if entry.action_flag == ADDITION else "gewijzigd")
            changes.append(Happening("change", entry.action_time, person(entry.user), text))
    happenings = [
        *(
            Happening(
                "update",
                update.created_at,
                person(update.author),
                update=update,
                log=about_updates[update.pk],
            )
            for update in updates
        ),
        *(
            Happening("note", note.created_at, person(note.author), note.text)
            for note in measure.internal_notes.select_related("author")
            if request.user.has_perm("measures.view_internalnote")
        ),
        *changes,
    ]
    happenings.sort(key=lambda happening: happening.at, reverse=True)
    context = model_admin.admin_site.each_context(request) | {
        "title": f"Geschiedenis van {measure.code}",
        "opts": Measure._meta,
        "measure": measure,
        "happenings": happenings,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/measures/history.html", context)
