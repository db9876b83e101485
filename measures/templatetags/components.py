"""What the template components need besides HTML."""

import re
from datetime import date

from django import template
from django.core.paginator import Page
from django.utils import formats

from measures.comparison.words import TextChange, difference
from measures.documents.table import Table, Value
from measures.models.status import EXPLANATIONS, Status
from parties.certainty import Certainty

register = template.Library()

# From so many signs on a text is compared word by word.
LONG = 60


@register.filter
def status_label(value: str) -> str:
    """'in-uitwerking' → 'In uitwerking'."""
    return Status(value).label


@register.filter
def certainty_label(value: str) -> str:
    """'afgeleid' → 'Onze lezing'."""
    return Certainty(value).label


@register.filter
def day_with_month(text: str) -> str:
    """'1 november 2023' with its day and month on one line, in a narrow column."""
    return re.sub(r"^(\d{1,2}) ", "\\1\N{NO-BREAK SPACE}", text)


@register.filter
def published_after(report, day) -> bool:
    """Whether the public could only know of a report after `day`; no without a day."""
    return bool(day) and report.was_published_after(day)


@register.simple_tag
def status_explanations() -> list[tuple[Status, str]]:
    """Return every status with what it means, in the order in which work goes on."""
    return [(status, EXPLANATIONS[status]) for status in Status]


@register.filter
def word_difference(before: str, after: str) -> TextChange | None:
    """The difference word by word, for texts long enough that it helps to see it so."""
    if max(len(before), len(after)) < LONG:
        return None
    found = difference(before, after)
    return None if found.is_whole else found


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """Return the numbers to show: the ends, those near this page, and … for a gap."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def with_kinds(table: Table) -> dict[str, list]:
    """A table for a page: names of columns and cells, each with whether it holds a number.

    {"columns": [("Samen", True)], "rows": [[("Sturing", False), ("3", True)]]}
    """
    first = table.rows[0] if table.rows else [""] * len(table.columns)
    return {
        "columns": [
            (name, isinstance(value, int)) for name, value in zip(table.columns, first, strict=True)
        ],
        "rows": [[(_cell(value), isinstance(value, int)) for value in row] for row in table.rows],
    }


def _cell(value: Value) -> str:
    return formats.date_format(value, "j F Y") if isinstance(value, date) else str(value)
