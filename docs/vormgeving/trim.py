# ruff: noqa: INP001 (a script of its own)
"""Keep from the design system's style sheet only the blocks that this site uses.

    npm pack @rijkshuisstijl-community/components-css@12.0.0 && tar xf *.tgz
    python docs/vormgeving/trim.py package/dist/index.css > static/vendor/componenten/components.css

Needs nothing but Python. To use one more block of the design system, add its name to
BLOCKS and run it again.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

BLOCKS = {
    "ams-pagination",
    "nl-heading",
    "nl-link",
    "nl-paragraph",
    "nl-skip-link",
    "rhc-button",
    "rhc-card",
    "rhc-data-summary",
    "rhc-link",
    "rhc-nav-bar",
    "rhc-skip-link",
    "rhc-visually-hidden",
    "utrecht-alert",
    "utrecht-breadcrumb-nav",
    "utrecht-button",
    "utrecht-button-link",
    "utrecht-document",
    "utrecht-form-field",
    "utrecht-form-field-description",
    "utrecht-form-field-error-message",
    "utrecht-form-fieldset",
    "utrecht-form-label",
    "utrecht-page-footer",
    "utrecht-page-header",
    "utrecht-table",
    "utrecht-table-container",
}

HEADER = """\
/* From @rijkshuisstijl-community/components-css 12.0.0, EUPL-1.2 (see LICENSE.md).
   Made by docs/vormgeving/trim.py: only the blocks this site uses. Do not edit by hand. */
"""


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield every top-level rule as its prelude and what is between its braces."""
    depth, start, opened = 0, 0, 0
    for position, character in enumerate(css):
        if character == "{":
            depth += 1
            if depth == 1:
                opened = position
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : position].strip()
                start = position + 1


def blocks(selector: str) -> set[str]:
    """Return the design-system blocks that a selector names, without element and modifier."""
    names = re.findall(r"\.((?:ams|nl|rhc|utrecht)-[\w-]+)", selector)
    return {re.split(r"__|--", name)[0] for name in names}


def trim(css: str) -> str:
    kept = []
    for prelude, body in rules(css):
        if prelude.startswith(("@media", "@container")):
            inner = trim(body)
            if inner:
                kept.append(f"{prelude}{{\n{inner}\n}}")
            continue
        selectors = [part for part in split_selectors(prelude) if wanted(part)]
        if selectors:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "\n".join(kept)


def split_selectors(prelude: str) -> list[str]:
    """Split at commas that are not between brackets."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", prelude)]


def wanted(selector: str) -> bool:
    named = blocks(selector)
    return bool(named) and named <= BLOCKS


if __name__ == "__main__":
    source = Path(sys.argv[1]).read_text()
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    sys.stdout.write(f"{HEADER}{trim(source)}\n")
