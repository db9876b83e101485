"""What axe-core finds on one page of every kind, as data.

`python -m tests.browser.accessibility` (or `make accessibility`) starts a site, looks at every
page and writes docs/toegankelijkheid.json, which the accessibility statement shows.
"""

import json
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kwalibo.duties.accessibility import RESULTS, Violation
from tests.browser import chromium
from tests.browser.pages import STATES

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
TAGS = [*WCAG, "best-practice"]
# How each page is looked at: (width in pixels, mode, what the browser is set to).
LOOKS: list[tuple[int, str, dict[str, Any]]] = [
    (1280, "light", {"color_scheme": "light"}),
    (1280, "dark", {"color_scheme": "dark"}),
    (320, "light", {"color_scheme": "light"}),
]
# Their addresses hold the number that this database gave; another one gives another.
NUMBERED = {"update"}
LOOK = """([rules, unfold]) => {
  if (unfold) document.querySelectorAll("details").forEach(part => part.open = true);
  return axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
}"""


@dataclass
class Record:
    """What was looked at and how, and every fault; as data for the statement, and as lines."""

    axe: str = ""
    pages: dict[str, None] = field(default_factory=dict)
    looks: dict[tuple[int, str], None] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, address: str, width: int, mode: str, found: dict[str, Any]):
        """Keep what axe.run() gave for a page at a width and in a mode."""
        self.axe = found["testEngine"]["version"]
        self.pages[address] = None
        self.looks[width, mode] = None
        self.lines += [f"{address} ({mode}, {width}): {line}" for line in as_lines(found)]
        for rule in found["violations"]:
            self.violations.append(
                Violation(address, width, mode, rule["id"], rule["help"], len(rule["nodes"]))
            )

    def add_reflow(self, address: str, width: int, mode: str, wide: int):
        """Keep that a page is wider than the screen."""
        text = f"The page is {wide} pixels wide"
        self.lines.append(f"{address} ({mode}, {width}): reflow: {text}")
        self.violations.append(Violation(address, width, mode, "reflow", text, 1))

    def write(self, day: date, path: Path = RESULTS):
        """Write it for the accessibility statement (kwalibo.duties.accessibility.parse)."""
        data = {
            "date": day.isoformat(),
            "axe": self.axe,
            "rules": TAGS,
            "pages": sorted(self.pages),
            "looks": [{"width": width, "mode": mode} for width, mode in self.looks],
            "violations": [asdict(violation) for violation in self.violations],
        }
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def load_axe(page) -> None:
    # Through the debugger, so that the page's own policy against scripts stays on.
    page.evaluate(AXE.read_text())


def run_axe(page, tags=TAGS, *, unfold=True) -> dict[str, Any]:
    """What axe-core finds on a page, with all that is folded open unless said otherwise."""
    return page.evaluate(LOOK, [tags, unfold])


def as_lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {rule['help']}: {node.get('html', '')[:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def examine(page, kinds) -> Record:
    """Look at every page of `kinds` (tests.browser.pages.find) in every way of LOOKS."""
    record = Record()
    for kind, found in kinds.items():
        page.goto(found.address)
        load_axe(page)
        for width, mode, media in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(**media)
            record.add(found.address, width, mode, run_axe(page))
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                record.add_reflow(found.address, width, mode, wide)
        if kind in STATES or kind in NUMBERED:
            # Looked at too; but the statement lists pages that a reader can open anywhere.
            del record.pages[found.address]
    return record


def main():
    import django

    django.setup()
    from tests.browser import pages
    from tests.browser.site import Site

    if not chromium.path():
        sys.exit("Chromium is niet geïnstalleerd (Debian: apt install chromium).")
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder)).start()
        try:
            with chromium.browser() as browser:
                kinds = pages.find(site.url)
                record = examine(browser.new_page(base_url=site.url), kinds)
        finally:
            site.stop()
    record.write(date.today())  # noqa: DTZ011 - the day on which somebody ran this.
    sys.exit("\n".join(record.lines) or 0)


if __name__ == "__main__":
    main()
