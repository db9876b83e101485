"""Change the links of a page, and take out what needs a server; all else stays byte for byte.

Our own pages are well formed (the Nu HTML checker says so), so tags can be told by a regular
expression. A parser would write the whole page anew, and SVG in it differently.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style)\b.*?</(?P=raw)\s*>"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"([^\s=/\"'>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
# Where the address of something else stands, per element.
ADDRESS = {
    "a": "href",
    "area": "href",
    "link": "href",
    "use": "href",
    "image": "href",
    "img": "src",
    "script": "src",
    "source": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
}
VOID = {"area", "br", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What only makes a page quicker, or is for programs that read the live site.
DROPPED_LINKS = {"preload", "prefetch", "preconnect", "dns-prefetch", "search"}
# An element with this attribute is for the live site alone.
LIVE = "data-live"

# For an address in a page: the one to put in its place, None to leave it as it is.
# Raises KeyError when it leads nowhere in this copy.
Resolve = Callable[[str], str | None]


@dataclass
class Rewriter:
    """One page. `banner` goes below its header, `notice` in the place of every form."""

    resolve: Resolve
    banner: str = ""
    notice: str = ""
    out: list[str] = field(default_factory=list)
    # What is being left out: (element, depth, what comes in its place).
    gone: tuple[str, int, str] | None = None
    is_in_header: bool = False
    is_off: bool = False

    def rewrite(self, html: str) -> str:
        position = 0
        # A page without a header (a picture to embed) has it at its beginning.
        self.below = "/header" if "</header>" in html else "body"
        for token in TOKEN.finditer(html):
            self._text(html[position : token.start()])
            position = token.end()
            name = (token["raw"] or token["name"] or "").lower()
            if not name:
                self._text(token[0])
            elif token["end"]:
                self._end(name, token[0])
            else:
                self._start(name, token[0])
        self._text(html[position:])
        return "".join(self.out)

    def _text(self, text: str) -> None:
        if self.gone is None:
            self.out.append(text)

    def _start(self, name: str, tag: str) -> None:
        if self.gone is not None:
            element, depth, instead = self.gone
            if name == element:
                self.gone = element, depth + 1, instead
            return
        given = attributes(tag)
        if LIVE in given and name not in VOID:
            self.gone = name, 1, ""
        elif name == "form":
            self.gone = name, 1, "" if self.is_in_header else self.notice
        else:
            self.is_in_header = self.is_in_header or name == "header"
            self.out.append(self._changed(name, tag, given))
            if name == self.below:
                self._put_banner()

    def _end(self, name: str, tag: str) -> None:
        if self.gone is not None:
            element, depth, instead = self.gone
            if name == element:
                self.gone = (element, depth - 1, instead) if depth > 1 else None
                if depth == 1:
                    self.out.append(instead)
            return
        if name == "a" and self.is_off:
            self.is_off, tag = False, "</span>"
        self.out.append(tag)
        if name == "header":
            self.is_in_header = False
        if f"/{name}" == self.below:
            self._put_banner()

    def _put_banner(self) -> None:
        self.out.append(self.banner)
        self.banner = ""

    def _changed(self, name: str, tag: str, given: dict[str, str]) -> str:
        attribute = ADDRESS.get(name, "")
        address = given.get(attribute)
        kinds = set(given.get("rel", "").lower().split()) if name == "link" else set()
        if kinds & DROPPED_LINKS:
            return ""
        is_whole = name == "link" and re.match(r"https?:", address or "")
        if address is None or address.startswith("#") or "canonical" in kinds or is_whole:
            return tag
        try:
            instead = self.resolve(address)
        except KeyError:
            return self._without(name, tag, given)
        return tag if instead is None else replaced(tag, attribute, instead)

    def _without(self, name: str, tag: str, given: dict[str, str]) -> str:
        """A link that leads nowhere here is text; anything else is left out."""
        if name == "a":
            self.is_off = True
            kept = "".join(f' {key}="{escape(given[key])}"' for key in ("id",) if key in given)
            names = " ".join([*given.get("class", "").split(), "site-archive-off"])
            return f'<span{kept} class="{escape(names)}">'
        return "" if name == "link" else replaced(tag, ADDRESS[name], "")


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag, with their values as the browser reads them."""
    inside = re.match(r"<[^\s/>]+(.*?)/?>", tag, re.DOTALL)
    found = ATTRIBUTE.findall(inside[1]) if inside else []
    return {name.lower(): unescape(a or b or c) for name, a, b, c in found}


def replaced(tag: str, attribute: str, value: str) -> str:
    """The tag with another value for an attribute that it has."""
    pattern = rf"(\s{attribute}\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)"
    return re.sub(
        pattern, lambda found: f'{found[1]}"{escape(value)}"', tag, count=1, flags=re.IGNORECASE
    )
