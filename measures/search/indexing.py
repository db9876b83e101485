"""Keeping the index true: working off what the database noted (`triggers.py`)."""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from ..models import SearchChange, SearchDocument, SearchWord
from . import words
from .engine import engine, indexed
from .kinds import KINDS, Kind

# A search works off so many records at most: then it answers, and the next takes the rest.
AT_ONCE = 100
_NOTES = 1000
# Who has all the time takes larger lots.
_LOT = 500
TEXTS = ("title_words", "body_words", "now_words")
Record = tuple[str, int]


def refresh() -> bool:
    """Index what was written since the last time, a bounded lot; whether all is done.

    Called before every search. One query when there is nothing to do. When somebody else is
    writing or indexing it does not wait: the search then finds what was indexed before.
    """
    if not SearchChange.objects.exists():
        return True
    try:
        with engine().patience(), transaction.atomic():
            _some()
    except DatabaseError:
        return False
    return not SearchChange.objects.exists()


def is_behind() -> bool:
    """Whether something was written that is not indexed yet."""
    return SearchChange.objects.exists()


def catch_up() -> None:
    """Index all that was written, however much: after a command that wrote a lot.

    A record that was written often is indexed once. Broken off half-way, it leaves its notes.
    """
    last = SearchChange.objects.aggregate(last=Max("pk"))["last"]
    if last is None:
        return
    noted = SearchChange.objects.filter(pk__lte=last)
    records = noted.order_by("kind", "object_id").values_list("kind", "object_id").distinct()
    for lot in batched(list(records), _LOT, strict=False):
        with transaction.atomic():
            _may_index(wait=True)
            _index(lot)
    noted.delete()


def rebuild() -> int:
    """Index everything again; the number of documents. Safe to repeat, and to break off."""
    SearchWord.objects.all().delete()
    notes = (SearchChange(kind=kind, object_id=key) for kind, key in _everything())
    SearchChange.objects.bulk_create(notes, batch_size=_LOT)
    catch_up()
    return SearchDocument.objects.count()


def _everything() -> Iterator[Record]:
    """Every public record, and every document: its record may have gone."""
    for kind in KINDS.values():
        if kind.is_noted:
            keys = set(kind.visible(None, None).values_list("pk", flat=True))
            documents = SearchDocument.objects.filter(kind=kind.name)
            keys |= set(documents.values_list("object_id", flat=True))
            yield from ((kind.name, key) for key in sorted(keys))


def _may_index(*, wait: bool) -> bool:
    with connection.cursor() as cursor:
        return engine().may_index(cursor, wait=wait)


def _some() -> None:
    """Index the first records that were noted."""
    if not _may_index(wait=False):
        return
    done: list[int] = []
    records: set[Record] = set()
    for pk, kind, key in SearchChange.objects.values_list("pk", "kind", "object_id")[:_NOTES]:
        if len(records) == AT_ONCE and (kind, key) not in records:
            break
        records.add((kind, key))
        done.append(pk)
    _index(sorted(records))
    # These alone: what was noted since they were read is for the next time.
    SearchChange.objects.filter(pk__in=done).delete()


def _index(records: Iterable[Record]) -> None:
    """Replace the documents of these records by what they say now."""
    for name, kind in KINDS.items():
        if keys := [key for noted, key in records if noted == name]:
            _replace(kind, keys)


def _replace(kind: Kind, keys: list[int]) -> None:
    kind.indexed(keys).delete()
    made = list(kind.documents(keys))
    _learn(made)
    for document in made:
        for name in TEXTS:
            setattr(document, name, indexed(getattr(document, name)))
    SearchDocument.objects.bulk_create(made, batch_size=_LOT)


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
        batch_size=_LOT,
        ignore_conflicts=True,
    )
