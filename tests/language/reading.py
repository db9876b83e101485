"""Sentences of a page or a module, and how hard they are to read.

The rules are those of docs/taal.md.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import textstat
from lxml import html

from .marking import END, START

# Flesch-Douma of all sentences of a page together; from 60 a text is called plain.
FLOOR = 65
# And of one sentence, when it is long enough to judge.
SENTENCE_FLOOR, LONG_ENOUGH = 30, 8
LONGEST = 20
# Too few sentences say nothing about a page.
FEWEST = 5
# Words of offices, and what people say.
OFFICIALESE = {
    "aangaande": "over",
    "aanvangen": "beginnen",
    "alsmede": "en",
    "alvorens": "voordat",
    "behoudens": "behalve",
    "bewerkstelligen": "zorgen voor",
    "betreffende": "over",
    "conform": "volgens",
    "daar waar": "waar",
    "derhalve": "dus",
    "desalniettemin": "toch",
    "desgewenst": "als u wilt",
    "dewelke": "die",
    "dien te": "moet",
    "dienaangaande": "daarover",
    "dient te": "moet",
    "dienen te": "moeten",
    "doch": "maar",
    "echter": "maar",
    "geschieden": "gebeuren",
    "hetgeen": "wat",
    "hierbij": "",
    "inzake": "over",
    "indien": "als",
    "ingevolge": "door",
    "jegens": "tegen",
    "met betrekking tot": "over",
    "middels": "met",
    "mits": "als",
    "navolgende": "dit",
    "nopens": "over",
    "omtrent": "over",
    "onderhavige": "deze",
    "onverwijld": "meteen",
    "realiseren": "maken",
    "gerealiseerd": "gemaakt",
    "reeds": "al",
    "teneinde": "om",
    "ten aanzien van": "over",
    "ten behoeve van": "voor",
    "ter zake": "daarover",
    "tevens": "ook",
    "thans": "nu",
    "trachten": "proberen",
    "uit hoofde van": "door",
    "verzoeken wij": "vragen wij",
    "vigerende": "geldende",
    "voornoemde": "deze",
    "welke is": "die",
    "zodoende": "zo",
    "zulks": "dat",
}
_OFFICIAL = re.compile(
    rf"\b({'|'.join(sorted(map(re.escape, OFFICIALESE), key=len, reverse=True))})\b",
    re.IGNORECASE,
)
# What stands for a name or number that is not ours, in a sentence that is.
STAND_IN = "dit"
NOT_OURS = "\ue002"
_BLOCKS = {
    *("p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "caption", "summary", "label"),
    *("div", "section", "article", "figcaption", "legend", "button", "option", "br", "text"),
    *("ul", "ol", "dl", "table", "tr", "thead", "tbody", "nav", "form", "details", "desc", "title"),
}
_DUTCH = {
    *("de", "het", "een", "niet", "van", "dit", "deze", "die", "wij", "u", "uw", "er", "ook"),
    *("maar", "voor", "geen", "staat", "wat"),
}
_ENGLISH = {
    *("the", "a", "an", "not", "of", "this", "we", "you", "are", "for", "to", "and", "it"),
    *("that", "with", "by", "as", "which"),
}


@dataclass(frozen=True)
class Sentence:
    """`where` is a page or module."""

    text: str
    where: str

    @property
    def words(self) -> int:
        return len(re.findall(r"[\w’'-]+", self.text))

    @property
    def official(self) -> list[str]:
        return [found.lower() for found in _OFFICIAL.findall(self.text)]

    @property
    def ease(self) -> float:
        """Flesch-Douma: 100 is easy, 60 plain, 0 hard."""
        return ease([self])


def ease(sentences: list[Sentence]) -> float:
    """How easy these are together."""
    textstat.set_lang("nl")
    return textstat.flesch_reading_ease(" ".join(sentence.text for sentence in sentences))


def of_page(markup: str, where: str) -> Iterator[Sentence]:
    """The sentences that we wrote in the main part of a page. Headings and labels are none."""
    main = html.document_fromstring(markup).find(".//main")
    for piece in _pieces(main):
        yield from _sentences(piece, where)


def _pieces(element) -> Iterator[str]:
    """Texts that stand by themselves, with NOT_OURS for each stretch that is not ours.

    What is not in Dutch is left out. What is not ours may hold elements of its own.
    """
    text: list[str] = []
    depth = 0

    def add(words: str | None):
        nonlocal depth
        for sign in words or "":
            if sign == START:
                depth += 1
                text.append(NOT_OURS)
            elif sign == END:
                depth = max(depth - 1, 0)
            else:
                text.append(NOT_OURS if depth else sign)

    def flush() -> str:
        piece = re.sub(f"{NOT_OURS}+", NOT_OURS, " ".join("".join(text).split()))
        text.clear()
        return piece

    def walk(node):
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "textarea"):
            return
        if node.get("lang", "nl") != "nl":
            return
        breaks = node.tag in _BLOCKS
        if breaks:
            yield flush()
        if node.tag in ("code", "kbd", "pre"):
            text.append(NOT_OURS)
        else:
            add(node.text)
            for child in node:
                yield from walk(child)
                add(child.tail)
        if breaks:
            yield flush()

    yield from filter(None, walk(element))
    yield flush()


def _sentences(piece: str, where: str) -> Iterator[Sentence]:
    for text in re.split(r"(?<=[.?!])[’”)]?\s+(?=[A-Z‘“(])", piece):
        if not re.search(r"[.?!]\W*$", text.replace(NOT_OURS, "")):
            continue
        found = Sentence(text.replace(NOT_OURS, STAND_IN).strip(), where)
        strangers = text.count(NOT_OURS)
        # Not a list of names, nor a name with one word of ours.
        if strangers <= 0.4 * found.words and found.words - strangers >= 3:
            yield found


def of_template(path: Path, where: str) -> Iterator[Sentence]:
    """The sentences in the source of a template that no test renders; a tag cuts a sentence."""
    source = re.sub(r"{#.*?#}|<(style|svg).*?</\1>", " ", path.read_text(), flags=re.DOTALL)
    source = re.sub(r"{{.*?}}", NOT_OURS, source)
    for piece in re.split(r"{%.*?%}|<[^>]*>|\n\s*\n", source):
        yield from _sentences(" ".join(piece.split()), where)


def of_module(path: Path, where: str) -> Iterator[Sentence]:
    """The Dutch sentences in the texts of a module; its docstrings are English."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) in docstrings | inside:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else NOT_OURS
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = re.sub(r"%\(\w+\)s|\{\w*\}", NOT_OURS, node.value)
        else:
            continue
        if is_dutch(text) and "<" not in text:
            yield from _sentences(" ".join(text.split()), where)


def is_dutch(text: str) -> bool:
    words = set(re.findall(r"[a-zé]+", text.lower()))
    return len(words & _DUTCH) > len(words & _ENGLISH)
