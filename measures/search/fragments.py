"""The stretch of a text in which the words of a question stand, with those words marked."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .question import Question
from .words import clean, spans, stem

# So many characters of a text are shown, and so many of them before the first word found.
LENGTH = 240
BEFORE = 60


def marked(text: str, question: Question) -> SafeString:
    """All of a text, escaped, with the words of the question in <mark>."""
    text = clean(text)
    return _html(text, _found(text, question), 0, len(text))


def fragment(texts: list[str], question: Question) -> SafeString:
    """The best stretch of these texts, escaped; of the first text when no word stands in any."""
    texts = [" ".join(clean(text).split()) for text in texts if text.strip()]
    if not texts:
        return SafeString("")
    places = [_found(text, question) for text in texts]
    best = max(range(len(texts)), key=lambda n: (_variety(texts[n], places[n]), -n))
    text, found = texts[best], places[best]
    start = max(0, found[0][0] - BEFORE) if found else 0
    if start:
        start = text.rfind(" ", 0, start) + 1
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LENGTH // 2)
    inside = [(a, b) for a, b in found if start <= a and b <= end]
    body = _html(text, inside, start, end)
    return format_html("{}{}{}", "… " if start else "", body, " …" if end < len(text) else "")


def _variety(text: str, found: list[tuple[int, int]]) -> int:
    return len({text[start:end].casefold() for start, end in found})


def _found(text: str, question: Question) -> list[tuple[int, int]]:
    """Where words of the question stand in a text that is clean."""
    whole, begins = set(), []
    for group in question.groups:
        for term in group:
            whole |= {stem(word) for word in term.words}
            if term.goes_on:
                begins.append(stem(term.words[-1]))
    starts = tuple(begins)
    return [
        (start, end)
        for start, end, forms in spans(text)
        if any(stem(f) in whole or (starts and stem(f).startswith(starts)) for f in forms)
    ]


def _html(text: str, found: list[tuple[int, int]], start: int, end: int) -> SafeString:
    pieces, at = [], start
    for first, last in found:
        pieces.append(format_html("{}<mark>{}</mark>", text[at:first], text[first:last]))
        at = last
    pieces.append(format_html("{}", text[at:end]))
    return mark_safe("".join(pieces))  # noqa: S308 (every piece is escaped above)
