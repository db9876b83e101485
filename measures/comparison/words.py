"""The difference between two texts, word by word, as people can read it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

# A word (also 'CO₂-arm', 'foto’s' and '1.500'), white space, or one other sign.
_TOKEN = re.compile(r"\w+(?:[-.,’']\w+)*|\s+|[^\w\s]")
# Fewer equal words than this between two changes are taken along: else it becomes confetti.
_ISLAND = 3
# With a smaller part of the words equal, the old and the new text are two texts.
_ALIKE = 0.25
# Beyond so many tokens, or pairs of equal words to weigh, the work would be quadratic: this is
# about a thousand changed words.
_TOKENS = 4_000
_PAIRS = 30_000


class Mark(StrEnum):
    """What happened to a piece of text, in the word that stands before it."""

    EQUAL = "gelijk"
    REMOVED = "vervallen"
    ADDED = "nieuw"


@dataclass(frozen=True)
class Piece:
    mark: Mark
    text: str

    @property
    def plain(self) -> str:
        """The piece where there is no colour: '[nieuw: de proef]'."""
        return self.text if self.mark == Mark.EQUAL else f"[{self.mark}: {self.text.strip()}]"


@dataclass(frozen=True)
class TextChange:
    """Two texts and the pieces between them.

    The pieces that are not added make the old text again, those that are not removed the
    new one. `is_whole` says that the texts stand one after the other, not word by word.
    """

    old: str
    new: str
    pieces: tuple[Piece, ...]
    is_whole: bool

    @property
    def plain(self) -> str:
        """The difference in one text, legible without colour or style."""
        text = ""
        for piece in self.pieces:
            if piece.mark == Mark.EQUAL:
                text += piece.text
            elif piece.text.strip():
                text += piece.plain if not text or text[-1].isspace() else f" {piece.plain}"
                text += piece.text[len(piece.text.rstrip()) :]
        return re.sub(r"(\])(?=[\w\[])", r"\1 ", text).strip()


def is_same(old: str, new: str) -> bool:
    """Whether two texts say the same; spaces and line ends say nothing."""
    return old.split() == new.split()


def difference(old: str, new: str) -> TextChange:
    """The difference between two texts, in work that is bounded."""
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False)))
    room = min(len(was), len(now)) - head
    backwards = zip(reversed(was), reversed(now), strict=False)
    tail = min(room, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards)))
    end_was, end_now = len(was) - tail, len(now) - tail
    core = _core(was[head:end_was], now[head:end_now])
    if core is not None:
        runs = [(was[:head], now[:head]), *core, (was[end_was:], now[end_now:])]
        pieces = tuple(_pieces(_joined(runs)))
        if _share_of_equal(pieces) >= _ALIKE:
            return TextChange(old, new, pieces, is_whole=False)
    both = (Piece(Mark.REMOVED, old), Piece(Mark.ADDED, new))
    return TextChange(old, new, tuple(piece for piece in both if piece.text), is_whole=True)


Tokens = Sequence[str]
Run = tuple[Tokens, Tokens]


def _core(was: Tokens, now: Tokens) -> list[Run] | None:
    """Equal and unequal runs of what differs; None when that is too much work."""
    times = Counter(token for token in now if not token.isspace())
    if len(was) + len(now) > _TOKENS or sum(times[token] for token in was) > _PAIRS:
        return None
    matcher = SequenceMatcher(str.isspace, was, now, autojunk=False)
    return [(was[a:b], now[c:d]) for _, a, b, c, d in matcher.get_opcodes()]


def _joined(runs: Sequence[Run]) -> list[Run]:
    """The runs with every short equal one between two changes taken along in them.

    A paragraph that ends is kept: it tells the reader where he is.
    """
    joined: list[Run] = []
    changes = [place for place, (was, now) in enumerate(runs) if was != now]
    for place, (was, now) in enumerate(runs):
        between = changes and changes[0] < place < changes[-1]
        taken = was != now or (between and _is_island(was))
        if taken and joined and joined[-1][0] != joined[-1][1]:
            before, after = joined.pop()
            joined.append(([*before, *was], [*after, *now]))
        elif was or now:
            joined.append((was, now))
    return joined


def _is_island(tokens: Tokens) -> bool:
    words = sum(any(map(str.isalnum, token)) for token in tokens)
    return words < _ISLAND and not any("\n" in token for token in tokens)


def _pieces(runs: Sequence[Run]) -> Iterator[Piece]:
    for was, now in runs:
        if was == now:
            yield Piece(Mark.EQUAL, "".join(was))
        else:
            if was:
                yield Piece(Mark.REMOVED, "".join(was))
            if now:
                yield Piece(Mark.ADDED, "".join(now))


def _share_of_equal(pieces: Sequence[Piece]) -> float:
    """The part of the words that stayed, from 0 to 1."""
    words = dict.fromkeys(Mark, 0)
    for piece in pieces:
        words[piece.mark] += len(piece.text.split())
    stayed = 2 * words[Mark.EQUAL]
    return stayed / max(1, stayed + words[Mark.REMOVED] + words[Mark.ADDED])
