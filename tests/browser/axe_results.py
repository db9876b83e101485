"""What axe-core found, kept in docs/toegankelijkheid.json for the page /toegankelijkheid/.

A test that walks through pages calls `Recorder.add` for each and `Recorder.write` at the end.
`make accessibility` (this module) does so by itself: one page of every kind that links lead to,
at every width and in every mode. It takes some minutes, so the file is refreshed by hand.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from kwalibo.duties.accessibility import RESULTS, Violation
from tests.browser import chromium
from tests.browser.conftest import AXE, RULES
from tests.browser.site import Site

WIDTHS = (320, 768, 1280)
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced-colors": {"color_scheme": "light", "forced_colors": "active"},
}
TAGS = [*RULES, "best-practice"]


@dataclass
class Recorder:
    """What was looked at, and what was wrong with it."""

    axe: str = ""
    pages: dict[str, None] = field(default_factory=dict)
    widths: set[int] = field(default_factory=set)
    modes: dict[str, None] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    def add(self, page: str, width: int, mode: str, found: dict[str, Any]):
        """Keep what `axe.run()` gave for a page (a path) at a width and in a mode of MODES."""
        self.axe = found["testEngine"]["version"]
        self.pages[page] = None
        self.widths.add(width)
        self.modes[mode] = None
        for rule in found["violations"]:
            self.violations.append(
                Violation(page, width, mode, rule["id"], rule["help"], len(rule["nodes"]))
            )

    def document(self, day: date) -> dict[str, Any]:
        return {
            "date": day.isoformat(),
            "axe": self.axe,
            "rules": TAGS,
            "pages": list(self.pages),
            "widths": sorted(self.widths),
            "modes": list(self.modes),
            "violations": [asdict(violation) for violation in self.violations],
        }

    def write(self, day: date, path: Path = RESULTS):
        document = self.document(day)
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def run_axe(page) -> dict[str, Any]:
    """All that axe-core says of a page, with every rule that we hold ourselves to."""
    # Through the debugger, so that the page's own policy against scripts stays on.
    page.evaluate(AXE.read_text())
    return page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)


def kinds(page, start: str = "/") -> Iterator[str]:
    """One path of every kind of page that links lead to, found by opening them."""
    from django.urls import Resolver404, resolve

    todo, kept = [start], set()
    while todo:
        path = todo.pop(0)
        try:
            kind = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if kind in kept or not page.request.get(path).headers["content-type"].startswith(
            "text/html"
        ):
            continue
        kept.add(kind)
        yield path
        page.goto(path)
        for link in page.locator("a[href]").evaluate_all("all => all.map(a => a.href)"):
            target = urlsplit(urldefrag(link).url)
            if target.netloc != urlsplit(page.url).netloc or target.query:
                continue
            if not target.path.startswith(("/beheer/", "/inbreng/")):
                todo.append(target.path)


def main() -> int:
    import django

    django.setup()
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder, chromium.browser() as browser:
        site = Site(Path(folder)).start()
        try:
            page = browser.new_context(base_url=site.url).new_page()
            for path in list(kinds(page)):
                for width in WIDTHS:
                    for mode, media in MODES.items():
                        page.set_viewport_size({"width": width, "height": 900})
                        page.emulate_media(**media)
                        page.goto(path)
                        recorder.add(path, width, mode, run_axe(page))
        finally:
            site.stop()
    recorder.write(date.today())  # noqa: DTZ011 - the day on which somebody ran this.
    sys.stdout.write(
        f"{len(recorder.pages)} pages, {len(recorder.violations)} violations: {RESULTS.name}\n"
    )
    return 1 if recorder.violations else 0


if __name__ == "__main__":
    sys.exit(main())
