"""Reading Atom and iCal as strictly as their standards allow."""

import re
from pathlib import Path

import feedparser
from icalendar import Calendar
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
# Properties of an event that may stand in it once (RFC 5545, 3.6.1), as far as we use them.
REQUIRED = {"UID", "DTSTAMP", "DTSTART"}


def read_atom(data: bytes):
    """The feed as feedparser gives it, after all that a validator asks for."""
    tree = etree.fromstring(data)
    assert SCHEMA.validate(tree), SCHEMA.error_log
    links = [link.get("rel") for link in tree.findall(f"{ATOM}link")]
    assert sorted(links) == ["alternate", "self"]
    ids = [element.text for element in tree.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    for found in ids:
        assert re.fullmatch(r"tag:[\w.-]+,\d{4}:\S+", found), found
    updated = [entry.findtext(f"{ATOM}updated") for entry in tree.iter(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)
    if updated:
        assert tree.findtext(f"{ATOM}updated") == updated[0]
    feed = feedparser.parse(data)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def read_agenda(data: bytes) -> list:
    """The events, after all that RFC 5545 asks of the file."""
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    unfolded = data.decode().replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]
    for line in unfolded:
        assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[^;:]+)*:.*", line), line
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line), line
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert unfolded[-1] == "END:VCALENDAR"
    head = unfolded[: next(n for n, line in enumerate(unfolded[1:], 1) if line[:6] == "BEGIN:")]
    assert sum(line == "VERSION:2.0" for line in head) == 1
    assert sum(line.startswith("PRODID:") for line in head) == 1
    calendar = Calendar.from_ical(data)
    assert calendar.subcomponents
    assert not calendar.errors
    events = calendar.walk("VEVENT")
    for event in events:
        assert not event.errors
        names = [name for name, _ in event.property_items(recursive=False)][1:-1]
        assert set(names) >= REQUIRED
        assert len(names) == len(set(names))
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert event["STATUS"] in ("CONFIRMED", "TENTATIVE", "CANCELLED")
        assert event["URL"].startswith("http")
    uids = [event["UID"] for event in events]
    assert len(uids) == len(set(uids))
    return events
