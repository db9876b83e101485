"""News as Atom (RFC 4287): entries with a permanent id, the latest publication first."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join

from . import news
from .subjects import Subject

# How many entries a feed has at most.
LENGTH = 50
AUTHOR = "Ministerie van Infrastructuur en Waterstaat"
# Ids must never change, so neither may this.
TAG_YEAR = 2026


def absolute(path: str) -> str:
    """A path of ours as an address that works everywhere."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def permanent_id(name: str) -> str:
    """A tag: address (RFC 4151) for what has this name: 'tag:example.org,2026:stand/12'."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{TAG_YEAR}:{name}"


class NewsFeed(Atom1Feed):
    """Django's Atom, with plain summaries and the text of each entry."""

    # Text that somebody typed may hold characters that XML cannot.
    unprintable = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])

    def add_item_elements(self, handler, item):
        summary, content = item["description"], item["content"]
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("summary", summary, {"type": "text"})
        handler.addQuickElement("content", content, {"type": "html"})

    def latest_post_date(self) -> datetime:
        # Without entries a fixed moment: the same feed has the same bytes.
        return super().latest_post_date() if self.items else datetime(TAG_YEAR, 1, 1, tzinfo=UTC)


def atom(subject: Subject, changes: list[news.Change]) -> bytes:
    """The feed of a subject; the same news gives the same bytes."""
    feed = NewsFeed(
        title=f"Kwalibo-voortgang: {subject.name}".translate(NewsFeed.unprintable),
        link=absolute(subject.url),
        description=None,
        language="nl",
        subtitle="Wat er openbaar werd, het nieuwste eerst.",
        author_name=AUTHOR,
        feed_url=absolute(subject.news_url),
        feed_guid=permanent_id(f"nieuws{subject.url}"),
    )
    for change in changes:
        texts = [*change.paragraphs, *([change.origin] if change.origin else [])]
        paragraphs = [text.translate(feed.unprintable) for text in texts]
        feed.add_item(
            title=change.title.translate(feed.unprintable),
            link=absolute(change.url),
            description=change.summary.translate(feed.unprintable),
            content=format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs)),
            unique_id=permanent_id(f"{change.kind.value}/{change.pk}"),
            pubdate=change.at,
            updateddate=change.at,
            author_name=AUTHOR,
            categories=[change.kind.label],
        )
    return feed.writeString("utf-8").encode()
