"""Where to report a weakness, as RFC 9116 asks for it."""

from datetime import UTC, datetime, timedelta

# A file that is too old warns of a site that nobody keeps; RFC 9116 wants less than a year.
VALID_DAYS = 180


def text(contacts: list[str], canonical: str, now: datetime) -> str:
    """The file; the first contact is the one that we like best.

    It is the same all day, so that caches may compare it.
    """
    expires = (now.astimezone(UTC) + timedelta(days=VALID_DAYS)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [f"Contact: {as_uri(contact)}" for contact in contacts]
    lines += [
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {canonical}",
    ]
    return "\n".join(lines) + "\n"


def as_uri(contact: str) -> str:
    """A mail address as the address of a mail; an address that is one already, as it is."""
    return contact if ":" in contact else f"mailto:{contact}"
