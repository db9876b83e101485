"""Who answers for this site and its data, as catalogues want to know it."""

from django.conf import settings

NAME = "Ministerie van Infrastructuur en Waterstaat"
# The register of government organisations (TOOI).
URI = "https://identifier.overheid.nl/tooi/id/ministerie/mnre1130"
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"


def contact_email() -> str:
    """Where a question about the data can be sent; who sends our mails when nothing else is set."""
    return settings.CONTACT_EMAIL or settings.DEFAULT_FROM_EMAIL
