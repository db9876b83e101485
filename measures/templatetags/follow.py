"""What goes with a page for who wants to stay informed."""

from django import template

from measures import subjects

register = template.Library()

# The pages of what somebody can follow, and where their record is in the context.
PAGES = {"measure": "measure", "theme": "theme", "party": "party", "motion": "motion"}


@register.simple_tag(takes_context=True)
def subject_of_page(context) -> subjects.Subject:
    """Return what this page is about, as far as somebody can follow that; else the whole."""
    match = getattr(context.get("request"), "resolver_match", None)
    record = context.get(PAGES.get(match.url_name, "")) if match else None
    return subjects.of(record) if record else subjects.everything()
