"""What robots ask for: which pages there are, and which to leave alone."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import sitemap
from ..metadata import addresses

XML = "application/xml; charset=utf-8"
# The protocol allows no more in one index.
MOST_FILES = 50_000


@require_safe
def sitemap_index(request):
    """The files of the site map."""
    files = [("paginas", 1)]
    for name, section in sitemap.SECTIONS.items():
        files += [(name, number) for number in range(1, section.files() + 1)]
    paths = [reverse("sitemap-file", args=file) for file in files]
    found = [addresses.absolute(path) for path in paths]
    return render(request, "sitemap_index.xml", {"files": found}, content_type=XML)


@require_safe
def sitemap_file(request, section, number):
    entries: list[sitemap.Entry] = []
    if section == "paginas" and number == 1:
        entries = sitemap.pages()
    elif section in sitemap.SECTIONS and 0 < number <= MOST_FILES:
        entries = list(sitemap.SECTIONS[section].entries(number))
    if not entries:
        raise Http404
    found = [(addresses.absolute(entry.path), _moment(entry.changed)) for entry in entries]
    return render(request, "sitemap.xml", {"entries": found}, content_type=XML)


def _moment(changed: datetime | None) -> str:
    return timezone.localtime(changed).isoformat(timespec="seconds") if changed else ""


@require_safe
def robots(request):
    """Closed doors, and choices of which there are endlessly many, are not for robots."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in addresses.CLOSED]
    # Not '*?*datum=', which would be 'peildatum=' too.
    lines += [f"Disallow: /*{mark}{name}=" for name in addresses.CHOICES for mark in "?&"]
    lines += ["", f"Sitemap: {addresses.absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
