"""For base.html: what the head of a page tells machines."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .. import metadata as pages

register = template.Library()

# As json_script() of Django has them: no text can end the element or begin a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_block_tag(takes_context=True)
def remember(context, content: str, name: str) -> str:
    """Show what is inside, and keep it in the context under `name` for what comes after."""
    context[name] = content
    return content


@register.simple_tag(takes_context=True)
def metadata(context) -> pages.PageMetadata | None:
    """The PageMetadata of this page. Wants `page_title` and `page_description` remembered."""
    return pages.of_page(
        context.flatten(), context.get("page_title", ""), context.get("page_description", "")
    )


@register.filter
def json_ld(data: dict[str, Any]) -> str:
    """A block of JSON-LD. A browser reads it as data: no policy against scripts is about it."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped as JSON above)


@register.simple_tag(takes_context=True)
def breadcrumb_data(context) -> str:
    """The breadcrumb of this page as JSON-LD, from the parameters of breadcrumb.html."""
    query = context.get("peildatum_query", "")
    crumbs = [("Overzicht", f"/{query}")]
    for name in ("grandparent", "parent"):
        if context.get(name):
            crumbs.append((str(context[name]), f"{context.get(f'{name}_url', '')}{query}"))
    crumbs.append((str(context.get("current", "")), ""))
    return json_ld(pages.breadcrumbs(crumbs))
