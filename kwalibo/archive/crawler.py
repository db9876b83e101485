"""Ask the site for everything that its links lead to, as an anonymous visitor, in this process."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from .addresses import HTML, Address, Off, Outside, Scope, file_of
from .markup import Rewriter

# Far more than the site can have; only a rule that lets in too much comes here.
MOST = 200_000
REDIRECTS = 5
SITEMAP = Address("/sitemap.xml")
IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


class ExportError(Exception):
    """A copy that cannot be made; the message is Dutch."""


@dataclass
class Crawl:
    """What was found: `files` per address, `alias` for what redirects, `missing` with why."""

    scope: Scope
    folder: Path
    files: dict[Address, str] = field(default_factory=dict)
    media_types: dict[str, str] = field(default_factory=dict)
    alias: dict[Address, Address] = field(default_factory=dict)
    missing: dict[Address, int] = field(default_factory=dict)

    def run(self) -> None:
        """Fetch all of it into the folder. Raises ExportError when the site fails."""
        parts = urlsplit(self.scope.site)
        self.client = Client(
            SERVER_NAME=parts.hostname,
            SERVER_PORT=str(parts.port or (443 if parts.scheme == "https" else 80)),
        )
        self.is_secure = parts.scheme == "https"
        todo = deque([Address("/")])
        if not self.scope.asked:
            # Pages that no link leads to; a sitemap does not know of days.
            todo.append(SITEMAP)
        seen = set(todo)
        while todo:
            for found in self._fetch(todo.popleft()):
                if found not in seen:
                    seen.add(found)
                    todo.append(found)
            self.missing.pop(SITEMAP, None)
            if len(seen) > MOST:
                raise ExportError(f"De website heeft meer dan {MOST} adressen. Klopt dat?")
        self._ask_pages_again()

    def _ask_pages_again(self) -> None:
        """A page may tell how large a file is that was made only when we asked for it."""
        for address, name in self.files.items():
            if self.media_types[name] == HTML:
                response = self._answer(address)
                if response is None or response.status_code != 200:
                    raise ExportError(f"{address} veranderde terwijl de kopie werd gemaakt.")
                (self.folder / name).write_bytes(response.getvalue())

    def file(self, address: Address) -> str | None:
        """The file in which an address is, through redirects; None when it is not there."""
        for _ in range(REDIRECTS):
            if address not in self.alias:
                break
            address = self.alias[address]
        return self.files.get(address)

    def _fetch(self, address: Address) -> list[Address]:
        """Keep what an address has; the addresses that it leads to."""
        if address.is_static:
            return self._keep_static(address)
        response = self._answer(address)
        if response is None:
            return [self.alias[address]]
        if response.status_code >= 500:
            raise ExportError(f"{address} geeft een fout ({response.status_code}).")
        if response.status_code != 200:
            self.missing[address] = response.status_code
            return []
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        self._keep(address, media_type, response.getvalue())
        if media_type == HTML:
            return list(self._links(response.text, address))
        if media_type.endswith("xml"):
            return list(self._listed(response.text))
        return []

    def _answer(self, address: Address):
        """What the site says at an address; None, and an alias, when it is at another."""
        response = self._ask(self.scope.question(address))
        for _ in range(REDIRECTS):
            if response.status_code not in (301, 302, 307, 308):
                break
            target = self._read(response.headers["Location"], self._url(address))
            if target is None:
                break
            if target != address:
                self.alias[address] = target
                return None
            # The same question, written otherwise.
            response = self._ask(response.headers["Location"])
        return response

    def _ask(self, question: str):
        try:
            response = self.client.get(question, secure=self.is_secure)
        except Exception as error:
            raise ExportError(f"{question} geeft een fout ({type(error).__name__}).") from error
        if response.cookies:
            raise ExportError(f"{question} zet een cookie: dat doet geen openbare pagina.")
        return response

    def _keep(self, address: Address, media_type: str, content: bytes) -> None:
        name = file_of(address, media_type)
        path = self.folder / name
        if name in self.media_types:
            raise ExportError(f"{address} en een ander adres worden allebei {name}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files[address], self.media_types[name] = name, media_type

    def _url(self, address: Address) -> str:
        return f"{self.scope.site}{address}"

    def _read(self, link: str, base: str) -> Address | None:
        try:
            return self.scope.read(link, base)
        except (Off, Outside):
            return None

    def _links(self, html: str, address: Address) -> Iterator[Address]:
        found: list[Address] = []

        def collect(link: str) -> None:
            if target := self._read(link, self._url(address)):
                found.append(target)

        Rewriter(collect).rewrite(html)
        return iter(found)

    def _listed(self, xml: str) -> Iterator[Address]:
        """The addresses in a sitemap, or in a list of those."""
        for link in re.findall(r"<loc>\s*(.*?)\s*</loc>", xml):
            if target := self._read(unescape(link), f"{self.scope.site}/"):
                yield target

    def _keep_static(self, address: Address) -> list[Address]:
        """Keep a style sheet, font or picture; what a style sheet refers to."""
        name = address.path.removeprefix(settings.STATIC_URL)
        content = static_content(name)
        if content is None:
            self.missing[address] = 404
            return []
        ending = Path(name).suffix
        self._keep(address, "", content)
        if ending != ".css":
            return []
        links = [a or b for a, b in IN_STYLE.findall(content.decode())]
        found = (self._read(link, self._url(address)) for link in links if link[:5] != "data:")
        return [target for target in found if target]


def static_content(name: str) -> bytes | None:
    """A static file: as it was collected, else as it lies in the source."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    found = finders.find(name)
    return Path(found).read_bytes() if found else None
