"""The building blocks of the pages, shown while developing: `/componenten/`, only with DEBUG.

The page reads the first line of every template in templates/components/, so what it says of a
component is what the template says. Only the examples stand here. Every template has one, or
stands in `INTERNAL` with what it is a part of.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template import engines
from django.views.decorators.http import require_safe

from measures.charts import status_bar
from measures.comparison.words import difference
from measures.models import Status

FOLDER = settings.BASE_DIR / "templates" / "components"
# A template that cannot be shown by itself, and where to see it.
INTERNAL = {
    "alert_icon": "alert",
    "annex_blocks": "de pagina /bijlage/",
    "cite": "de pagina van een maatregel",
    "contribution": "de pagina van een maatregel",
    "deadline_change": "de pagina van een maatregel",
    "evidence": "de pagina van een maatregel",
    "figures_table": "een pagina onder /beelden/",
    "flow": "de voorpagina",
    "follow": "de pagina van een maatregel",
    "footer": "het eind van deze pagina",
    "head": "het hoofd van het document",
    "head_feeds": "het hoofd van het document",
    "header": "het begin van deze pagina",
    "moment_notice": "de pagina van een brief",
    "navigation": "het begin van deze pagina",
    "open_form_guard": "de pagina /volgen/",
    "programme_line": "de voorpagina",
    "progress_update": "de pagina van een maatregel",
    "promise": "de pagina van een motie",
    "proposers": "de pagina van een motie",
    "search_box": "het begin van deze pagina",
    "search_day": "de pagina /zoeken/",
    "search_result": "de pagina /zoeken/",
    "small_picture": "de pagina van een maatregel",
    "wordmark": "het begin van deze pagina",
}

LETTER = SimpleNamespace(
    title="Brief",
    citation="Kamerstukken II 2021/22, 30 015, nr. 104",
    get_absolute_url="/verantwoording/",
)
NEWS = SimpleNamespace(
    title="Nieuws", citation="Bodem+ nieuws, 7 april 2022", url="https://voorbeeld.example/"
)


class ExampleForm(forms.Form):
    q = forms.CharField(label="Zoek in titel en tekst", required=False)
    status = forms.MultipleChoiceField(
        label="Status",
        required=False,
        choices=Status.choices[:3],
        widget=forms.CheckboxSelectMultiple,
    )
    lead = forms.ChoiceField(label="Trekker", choices=[("", "Alle partijen"), ("ilt", "ILT")])


def measure(number: int, title: str, status: str, state: str = "") -> SimpleNamespace:
    """What lists ask of a measure."""
    return SimpleNamespace(
        code=f"M{number}",
        title=title,
        standing_status=status,
        get_absolute_url=f"/maatregelen/{number}/",
        deadline_state=state,
        deadline_state_label={"nadert": "Nadert", "te-laat": "Te laat"}.get(state, "Op schema"),
    )


def examples(request) -> dict[str, tuple[dict, list[str]]]:
    """Per component: the context of its examples, and what each passes to the include.

    An example of several lines is as many includes beside each other.
    """
    counts = dict.fromkeys(Status, 0) | {
        Status.IMPLEMENTED: 3,
        Status.IN_DEVELOPMENT: 2,
        Status.PLANNED: 1,
        Status.UNKNOWN: 2,
    }
    rows = Paginator(range(240), 25)
    wrong = ExampleForm({"status": "bestaat-niet"})
    return {
        "alert": (
            {},
            [
                'kind="info" title="Ter informatie" text="Dit is goed om te weten."',
                'kind="ok" text="Het is gelukt."',
                'kind="warning" text="Dit is een reconstructie." link="/" link_label="Lees meer"',
                'kind="error" title="Kijk dit nog even na" text="De datum bestaat niet."',
            ],
        ),
        "breadcrumb": ({}, ['current="M7" parent="Maatregelen" parent_url="/maatregelen/"']),
        "card": (
            {},
            ['title="Meer toezicht" url="/" text="Wat er gebeurt." meta="ILT" status="gepland"'],
        ),
        "correct": ({}, ['kind="maatregel" key=7', 'kind="bronnen" what="deze bronnen"']),
        "data_list": (
            {
                "facts": [
                    {"label": "Trekker", "value": "ILT", "url": "/partijen/"},
                    {
                        "label": "Streefdatum",
                        "value": "eind 2025",
                        "sources": [LETTER],
                        "certainty": "vermeld",
                    },
                    {"label": "Nummer van de Taskforce", "value": ""},
                ]
            },
            ["facts=facts", "facts=facts stacked=True"],
        ),
        "deadline_state": (
            {
                "soon": measure(1, "", "gepland", "nadert"),
                "late": measure(2, "", "gepland", "te-laat"),
                "fine": measure(3, "", "gepland", "op-schema"),
            },
            ["measure=fine\nmeasure=soon\nmeasure=late"],
        ),
        "downloads": (
            {
                "downloads": [
                    {
                        "url": "/bijlage/",
                        "format": "PDF",
                        "name": "Bijlage",
                        "what": "Om te lezen en te printen",
                        "size": "86 kB",
                    },
                    {"url": "/maatregelen.csv", "format": "CSV", "name": "Deze lijst"},
                ]
            },
            ["downloads=downloads"],
        ),
        "filters": (
            {"form": ExampleForm(auto_id="filter-%s"), "request": request},
            ['form=form reset_url="/componenten/" active=True'],
        ),
        "form_errors": ({"form": wrong}, ["form=form"]),
        "measure_lines": (
            {
                "measures": [
                    measure(4, "Meer toezicht door de ILT", "onbekend"),
                    measure(5, "Gezamenlijke risicobeelden", "geimplementeerd"),
                ],
                "none": [],
            },
            ["measures=measures", 'measures=none empty="Wij kennen geen maatregel."'],
        ),
        "page_header": (
            {"day": date(2026, 4, 1)},
            ['kicker="Maatregel M7" title="Afspraken vastleggen" lead="Wie wat doet." as_of=day'],
        ),
        "pagination": ({"page": rows.page(5), "request": request}, ["page_obj=page"]),
        "progress_bar": (
            {"bar": status_bar("Maatregelen van een hoofdlijn", counts)},
            ["bar=bar", "bar=bar key=False"],
        ),
        "reference_date": (
            {
                "reference": SimpleNamespace(
                    is_past=True, day=date(2024, 12, 31), asked=date(2024, 12, 31), known_on=None
                ),
                "request": request,
            },
            ['reference=reference today_says="Vandaag zijn er 3 klaar."'],
        ),
        "sources": (
            {"one": [LETTER], "two": [LETTER, NEWS], "none": []},
            [
                'sources=one certainty="vermeld"',
                'sources=two certainty="afgeleid" remark="De dag is onze lezing."',
                'sources=none certainty="onbekend"',
            ],
        ),
        "status": (
            {},
            [
                "\n".join(f'value="{status.value}"' for status in Status),
                'value="geimplementeerd" large=True',
            ],
        ),
        "status_legend": ({}, [""]),
        "status_shape": ({}, ["\n".join(f'value="{status.value}"' for status in Status)]),
        "text_change": (
            {
                "change": difference(
                    "Het protocol is klaar eind 2025, en partijen tekenen het dan.",
                    "Het protocol is klaar medio 2026, en partijen tekenen het dan.",
                )
            },
            ["change=change"],
        ),
        "timeline": (
            {
                "events": [
                    {
                        "date": date(2022, 4, 4),
                        "date_text": "4 april 2022",
                        "title": "Brief aan de Kamer",
                        "text": "De maatregelen staan in een brief.",
                        "sources": [LETTER],
                        "certainty": "vermeld",
                    },
                    {"date_text": "eind 2025", "title": "Protocol", "is_planned": True},
                ]
            },
            ["events=events"],
        ),
    }


@dataclass(frozen=True)
class Example:
    """How a template is called, and the HTML that it then gives."""

    call: str
    html: str


@dataclass(frozen=True)
class Component:
    """A template of a component, with what its first line says."""

    name: str
    says: str
    examples: list[Example]
    seen_in: str


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.html"))


def says(name: str) -> str:
    """The comment in which a template says what it is and takes."""
    text = (FOLDER / f"{name}.html").read_text()
    return text[text.index("{#") + 2 : text.index("#}")].strip()


def components(request) -> list[Component]:
    shown = examples(request)
    made = []
    for name in names():
        context, calls = shown.get(name, ({}, []))
        examples_of = []
        for words in calls:
            given = [f" with {line}" if line else "" for line in words.split("\n")]
            call = "\n".join(f'{{% include "components/{name}.html"{line} %}}' for line in given)
            html = engines["django"].from_string(call).render(context, request)
            lines = (line.rstrip() for line in html.splitlines())
            examples_of.append(Example(call, "\n".join(line for line in lines if line)))
        made.append(Component(name, says(name), examples_of, INTERNAL.get(name, "")))
    return made


@require_safe
def component_page(request):
    if not settings.DEBUG:
        raise Http404
    return render(request, "componenten.html", {"components": components(request)})
