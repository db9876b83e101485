"""Keeping the index true: working off what the database noted (`triggers.py`)."""

from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction

from ..models import SearchChange, SearchDocument, SearchWord
from . import words
from .engine import engine, indexed
from .kinds import KINDS

# A search works off so many records at most: then it answers, and the next takes the rest.
AT_ONCE = 100
_READ = 1000
TEXTS = ("title_words", "body_words", "now_words")


def refresh() -> bool:
    """Index what was written since the last time, a bounded lot; whether all is done.

    Called before every search. One query when there is nothing to do. When somebody else is
    writing or indexing it does not wait: the search then finds what was indexed before.
    """
    if not SearchChange.objects.exists():
        return True
    try:
        with engine().patience():
            _some()
    except DatabaseError:
        return False
    return not SearchChange.objects.exists()


def rebuild() -> int:
    """Index everything again; the number of documents. Safe to repeat, and to break off."""
    SearchWord.objects.all().delete()
    _look_at_everything()
    while _some(wait=True):
        pass
    return SearchDocument.objects.count()


def catch_up() -> None:
    """Index all that was written, however much: after a command that wrote a lot."""
    while _some(wait=True):
        pass


def _look_at_everything() -> None:
    """Note every record, and every document whose record may have gone."""
    for kind in KINDS.values():
        if not kind.is_noted:
            continue
        keys = set(kind.visible(None, None).values_list("pk", flat=True))
        keys |= set(
            SearchDocument.objects.filter(kind=kind.name).values_list("object_id", flat=True)
        )
        SearchChange.objects.bulk_create(
            (SearchChange(kind=kind.name, object_id=key) for key in sorted(keys)), batch_size=500
        )


def _some(*, wait: bool = False) -> int:
    """Index a lot of what was noted; how many records."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not engine().may_index(cursor, wait=wait):
                return 0
        done, records = [], set()
        for pk, kind, key in SearchChange.objects.values_list("pk", "kind", "object_id")[:_READ]:
            if len(records) == AT_ONCE and (kind, key) not in records:
                break
            records.add((kind, key))
            done.append(pk)
        if not done:
            return 0
        for name, kind in KINDS.items():
            _index(kind, [key for noted, key in records if noted == name])
        # Only what was read: what was noted since is for the next time.
        SearchChange.objects.filter(pk__gte=done[0], pk__lte=done[-1], pk__in=done).delete()
    return len(records)


def _index(kind, keys: list[int]) -> None:
    """Replace the documents of these records by what they say now."""
    if not keys:
        return
    kind.indexed(keys).delete()
    made = list(kind.documents(keys))
    _learn(made)
    for document in made:
        for name in TEXTS:
            setattr(document, name, indexed(getattr(document, name)))
    SearchDocument.objects.bulk_create(made, batch_size=500)


def _learn(documents: Iterable[SearchDocument]) -> None:
    """Keep the words of these documents, for 'bedoelde u' and for compounds."""
    found: dict[str, str] = {}
    for document in documents:
        for name in TEXTS:
            for word in getattr(document, name).split():
                if len(word) > 2 and word.isalpha():
                    found.setdefault(words.stem(word), word)
    SearchWord.objects.bulk_create(
        (SearchWord(stem=stem, word=found[stem]) for stem in sorted(found)),
        batch_size=400,
        ignore_conflicts=True,
    )
