"""All that the head of a page tells machines, from the context of its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.urls import reverse

from . import addresses, structured

SITE_NAME = "Kwalibo-voortgang"


@dataclass(frozen=True)
class PageMetadata:
    """Without a canonical address the page is one of endlessly many: nothing but `robots`."""

    robots: str
    canonical: str = ""
    title: str = ""
    description: str = ""
    image: str = ""
    image_text: str = ""
    data: tuple[dict[str, Any], ...] = ()
    site_name: str = SITE_NAME


def of_page(context: Mapping[str, Any], title: str, description: str) -> PageMetadata | None:
    """The metadata of the page that has this context; None without a request. No queries.

    `title` and `description` are those of the head, as HTML.
    """
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return None
    robots = addresses.robots(request)
    if getattr(context.get("form"), "errors", None):
        robots = robots or addresses.FILTERED
    if robots == addresses.FILTERED or request.path.startswith(addresses.CLOSED):
        return PageMetadata(robots)
    name, words = request.resolver_match.url_name, _plain(title)
    image, image_text = _preview(name, context)
    page = context.get("page_obj")
    canonical = addresses.canonical(request, page.number if page else 1)
    return PageMetadata(
        robots=robots,
        canonical=canonical,
        title=words,
        description=_plain(description),
        image=addresses.absolute(image),
        image_text=image_text,
        data=tuple(structured.of_page(name, context, canonical, words, _plain(description))),
    )


def _plain(html: str) -> str:
    return " ".join(unescape(html).split())


def _preview(name: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The path of the picture that goes with the page, and what it shows in words."""
    query = context["reference"].query
    if name == "measure":
        measure = context["measure"]
        text = f"Maatregel {measure.code}: {measure.title}. {measure.standing_label}."
        return reverse("preview-measure", args=[measure.number]) + query, text
    if name == "motion":
        motion = context["motion"]
        return reverse("preview-motion", args=[motion.slug]) + query, f"Motie: {motion.title}."
    if name in ("moment", "moment-measure"):
        moment = context["moment"]
        return reverse("preview-letter", args=[moment.slug]), f"Kamerbrief: {moment.title}."
    return reverse("preview-site") + query, "Hoe ver zijn de verbetermaatregelen voor Kwalibo?"
