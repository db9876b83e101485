"""Writes what a bench measured into its own section of docs/benchmarks.md.

A section stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`; a new one comes at
the end. Whatever stands around the sections is left as it is.
"""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def write_section(name: str, markdown: str) -> None:
    """Put `markdown` in the section `name` of docs/benchmarks.md, in place of what was there."""
    text = REPORT.read_text() if REPORT.exists() else "# Benchmarks\n"
    section = f"<!-- bench:{name} -->\n{markdown.strip()}\n<!-- /bench:{name} -->"
    old = re.compile(f"<!-- bench:{name} -->.*?<!-- /bench:{name} -->", re.DOTALL)
    if old.search(text):
        text = old.sub(lambda _: section, text)
    else:
        text = f"{text.rstrip()}\n\n{section}\n"
    REPORT.write_text(text)


def machine() -> str:
    """Where and when it was measured, in one line."""
    cpu = platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = re.search(r"^model name\s*: (.+)$", info.read_text(), re.MULTILINE)
        cpu = names[1] if names else cpu
    parts = [f"{os.cpu_count()} cores of {cpu}", f"Python {platform.python_version()}"]
    return ", ".join([f"{datetime.now(UTC):%Y-%m-%d}", *parts])


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
