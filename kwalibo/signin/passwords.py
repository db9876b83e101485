"""Passwords that anybody who knows this site would try first."""

import re

from django.core.exceptions import ValidationError

# docs/threat-model.md names them too; a test compares.
WORDS = (
    *("kwalibo", "voortgang", "ministerie", "waterstaat", "infrastructuur", "rijkswaterstaat"),
    *("bodem", "maatregel", "bodemplus", "beheer", "wachtwoord", "welkom", "password"),
)
# What is left of a password without those words and figures must be at least this long.
LEAST = 8


class OurWordsValidator:
    """Refuse a password that is little more than words of this site, figures and signs."""

    message = (
        "Dit wachtwoord bestaat bijna helemaal uit woorden van deze website. "
        "Voeg andere woorden toe, of kies een ander."
    )

    def validate(self, password, user=None):
        """Raise ValidationError when too little is left without our words."""
        left = password.casefold()
        for word in sorted(WORDS, key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < len(password) and len(re.sub(r"[\W\d_]", "", left)) < LEAST:
            raise ValidationError(self.message, code="our_words")

    def get_help_text(self):
        return "Gebruik niet alleen woorden als ‘kwalibo’ en ‘ministerie’."
