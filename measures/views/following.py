"""The news and the calendar of everything that somebody can follow, as files.

They tell how it is now: `?peildatum=` changes nothing here.
"""

import hashlib

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from .. import agenda, feeds, news, subjects


@require_safe
def news_file(request, kind, key=""):
    """The latest changes of a subject, as Atom."""
    subject = _subject(kind, key)
    if request.path != subject.news_url:
        return HttpResponsePermanentRedirect(subject.news_url)
    changes = news.latest(subject, feeds.LENGTH)
    response = _answer(request, feeds.atom(subject, changes), feeds.NewsFeed.content_type)
    if changes and changes[0].at:
        response.headers["Last-Modified"] = http_date(changes[0].at.timestamp())
    return response


@require_safe
def agenda_file(request, kind, key=""):
    """The calendar of a subject."""
    subject = _subject(kind, key)
    if request.path != subject.agenda_url:
        return HttpResponsePermanentRedirect(subject.agenda_url)
    data = agenda.calendar(subject, timezone.localdate())
    response = _answer(request, data, "text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return response


def _subject(kind: str, key) -> subjects.Subject:
    found = subjects.find(kind, str(key))
    if found is None:
        raise Http404
    return found


def _answer(request, data: bytes, content_type: str) -> HttpResponse:
    """The file, or 304 for a reader that has these very bytes.

    It is known by its bytes, never by its date: a withdrawal makes nothing newer, and what
    was withdrawn must leave the readers too.
    """
    etag = quote_etag(hashlib.sha256(data).hexdigest())
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        data, content_type=content_type
    )
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response
