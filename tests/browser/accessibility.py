"""What axe-core finds on one page of every kind, as data.

`python -m tests.browser.accessibility` (or `make accessibility`) starts a site, looks at every
page and writes docs/toegankelijkheid.json, which the accessibility statement shows.
"""

import json
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RECORD = ROOT / "docs" / "toegankelijkheid.json"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# What readers of the statement are told: (name, width, what the browser is set to).
MODES = [
    ("licht, 1280 pixels breed", 1280, {"color_scheme": "light"}),
    ("donker, 1280 pixels breed", 1280, {"color_scheme": "dark"}),
    ("licht, 320 pixels breed", 320, {"color_scheme": "light"}),
]
LOOK = """rules => {
  document.querySelectorAll("details").forEach(part => part.open = true);
  return axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
}"""


@dataclass
class Results:
    """What was looked at, in which modes, and every fault as a sentence."""

    axe: str = ""
    pages: list[str] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def load_axe(page) -> None:
    # Through the debugger, so that the page's own policy against scripts stays on.
    page.evaluate(AXE.read_text())


def violations(page) -> tuple[str, list[str]]:
    """The version of axe-core, and what it finds on a page, with all that is folded open."""
    found = page.evaluate(LOOK, TAGS)
    lines = [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    return found["testEngine"]["version"], lines


def examine(page, kinds) -> Results:
    """Look at every page of `kinds` (tests.browser.pages.find) in every mode."""
    results = Results(
        pages=sorted(found.address for found in kinds.values()),
        modes=[mode for mode, _, _ in MODES],
    )
    for found in kinds.values():
        page.goto(found.address)
        load_axe(page)
        for mode, width, media in MODES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(**media)
            results.axe, lines = violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                lines.append(f"reflow: the page is {wide} pixels wide")
            results.violations += [f"{found.address} ({mode}): {line}" for line in lines]
    return results


def record(results: Results, path: Path = RECORD) -> None:
    """Write results for the accessibility statement."""
    data = {
        "date": date.today().isoformat(),  # noqa: DTZ011
        "axe": results.axe,
        "pages": results.pages,
        "modes": results.modes,
        "violations": len(results.violations),
    }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


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
                results = examine(browser.new_page(base_url=site.url), pages.find(site.url))
        finally:
            site.stop()
    record(results)
    sys.exit("\n".join(results.violations) or 0)


if __name__ == "__main__":
    main()
