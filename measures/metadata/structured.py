"""Facts of a page in the words of schema.org, as JSON-LD. Only what is true and known."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse

from parties.certainty import Certainty
from parties.models import Party

from ..periods import Precision
from .addresses import absolute

Data = dict[str, Any]
Context = Mapping[str, Any]

SCHEMA = "https://schema.org"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/deed.nl"
# The list of organisations of the Dutch government (TOOI) knows the ministry by this.
MINISTRY: Data = {
    "@type": "GovernmentOrganization",
    "@id": "https://identifier.overheid.nl/tooi/id/ministerie/mnre1130",
    "name": "Ministerie van Infrastructuur en Waterstaat",
}
# The kinds of party that are surely an organisation of the government.
GOVERNMENT = (Party.Kind.MINISTRY, Party.Kind.SUPERVISOR, Party.Kind.EXECUTIVE)
# A list on a page tells of no more than these.
MOST = 50


def of_page(
    name: str, context: Context, address: str, title: str, description: str
) -> Iterable[Data]:
    """What the page with this name in the site map tells; one object at least."""
    page: Data = {
        "@context": SCHEMA,
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": title,
        "description": description,
        "inLanguage": "nl",
        "isPartOf": {"@id": absolute("/#website")},
        "publisher": MINISTRY,
    }
    yield page | _ABOUT[name](context) if name in _ABOUT else page


def breadcrumbs(crumbs: Iterable[tuple[str, str]]) -> Data:
    """The way to a page: (name, path) from the first page on; the page itself has no path."""
    items = []
    for position, (name, path) in enumerate(crumbs, start=1):
        item: Data = {"@type": "ListItem", "position": position, "name": name}
        items.append(item | ({"item": absolute(path)} if path else {}))
    return {"@context": SCHEMA, "@type": "BreadcrumbList", "itemListElement": items}


def _overview(context: Context) -> Data:
    return {
        "@type": ["WebPage", "CollectionPage"],
        "mainEntity": {
            "@type": "WebSite",
            "@id": absolute("/#website"),
            "url": absolute("/"),
            "name": "Kwalibo-voortgang",
            "inLanguage": "nl",
            "publisher": MINISTRY,
        },
    }


def _measures(context: Context) -> Data:
    """The list as a set of data, with its files."""
    query = context["reference"].query
    kinds = {
        "csv": "text/csv",
        "json": "application/json",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    return {
        "@type": "CollectionPage",
        "mainEntity": {
            "@type": "Dataset",
            "name": "Maatregelen voor het Kwalibo-stelsel en hun stand",
            "description": "Alle openbare maatregelen met hun status, trekker en streefdatum. "
            "Bij elk gegeven staat de bron, of dat het onze lezing is.",
            "url": absolute(reverse("measures") + query),
            "inLanguage": "nl",
            "license": LICENCE,
            "isAccessibleForFree": True,
            "creator": MINISTRY,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": media_type,
                    "contentUrl": absolute(reverse("measures-file", args=[kind]) + query),
                }
                for kind, media_type in kinds.items()
            ],
        },
    }


def _measure(context: Context) -> Data:
    standing = context.get("standing")
    data: Data = {"identifier": context["measure"].code}
    if standing and standing.published_at:
        data["dateModified"] = standing.published_at.date().isoformat()
    cited = [_source(source) for source in context["measure"].public_sources][:MOST]
    return data | ({"citation": cited} if cited else {})


def _source(source) -> Data:
    data: Data = {"@type": "CreativeWork", "name": source.title}
    return data | ({"url": source.url} if source.url else {})


def _motion(context: Context) -> Data:
    motion = context["motion"]
    work = _paper(motion)
    proposers = [{"@type": "Person", "name": p.name} for p in motion.proposers.all()]
    return {"mainEntity": work | ({"author": proposers} if proposers else {})}


def _paper(paper) -> Data:
    """A motion or letter: its day only when that is known, its number only when it has one."""
    work: Data = {"@type": "CreativeWork", "name": paper.title, "inLanguage": "nl"}
    if paper.paper:
        work["identifier"] = f"kst-{paper.paper}"
    if paper.date and paper.date_precision == Precision.DAY and not paper.date_text:
        work["datePublished"] = paper.date.isoformat()
    return work


def _letters(context: Context) -> Data:
    letters = [_paper(letter) for letter in context["letters"][:MOST]]
    return {"@type": "CollectionPage"} | ({"hasPart": letters} if letters else {})


def _moment(context: Context) -> Data:
    """What a letter told: our report, based on the letter (or on what is known of it)."""
    moment = context["moment"]
    return {
        "mainEntity": {
            "@type": "Report",
            "name": moment.title,
            "inLanguage": "nl",
            "publisher": MINISTRY,
            "datePublished": moment.published_at.date().isoformat(),
            "temporalCoverage": moment.reference_date.isoformat(),
            "isBasedOn": _paper(moment.letter),
            "encoding": _files(context["downloads"]),
        }
    }


def _annex(context: Context) -> Data:
    content = context["content"]
    return {
        "mainEntity": {
            "@type": "Report",
            "name": content.title,
            "inLanguage": "nl",
            "publisher": MINISTRY,
            "temporalCoverage": content.reference_date.isoformat(),
            "encoding": _files(context["downloads"]),
        }
    }


def _files(downloads) -> list[Data]:
    return [
        {
            "@type": "MediaObject",
            "name": f"{file['name']} ({file['format']})",
            "contentUrl": absolute(file["url"]),
        }
        for file in downloads
    ]


def _party(context: Context) -> Data:
    party = context["party"]
    if party.sector == Party.Sector.OTHER:
        return {}  # It may be a person.
    kind = "GovernmentOrganization" if party.kind in GOVERNMENT else "Organization"
    data: Data = {"@type": kind, "name": party.name}
    if party.abbreviation and party.abbreviation != party.name:
        data["alternateName"] = party.abbreviation
    if party.website and party.website_certainty == Certainty.STATED:
        data["url"] = party.website
    return {"about": data}


_ABOUT: dict[str, Callable[[Context], Data]] = {
    "overview": _overview,
    "measures": _measures,
    "measure": _measure,
    "motion": _motion,
    "letters": _letters,
    "moment": _moment,
    "annex": _annex,
    "party": _party,
}
