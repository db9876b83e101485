"""Who answers for this site and its data, as catalogues want to know it."""

NAME = "Ministerie van Infrastructuur en Waterstaat"
# The register of government organisations (TOOI).
URI = "https://identifier.overheid.nl/tooi/id/ministerie/mnre1130"
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
