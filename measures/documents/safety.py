"""Text that no file format or spreadsheet program misreads."""

import re

# XML 1.0 allows no other control characters than tab, line feed and carriage return;
# surrogates and the last two code points are no characters at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# With these, also behind spaces and signs without a shape, a spreadsheet program takes a
# cell for a formula. The full-width forms count too: some programs fold them.
_NOTHING = r"\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_FORMULA = re.compile(rf"^[{_NOTHING}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]")


def printable(text: str) -> str:
    """The text without characters that XML forbids; line ends as line feeds."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def not_a_formula(text: str) -> str:
    """The text with an apostrophe before it where a program would calculate it.

    A text that begins with apostrophes before such a sign gets one too: so `as_typed` can
    tell what stood there.
    """
    return f"'{text}" if _FORMULA.match(text.lstrip("'")) else text


def as_typed(text: str) -> str:
    """The text without the apostrophe that `not_a_formula` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text.lstrip("'")) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program may calculate this instead of showing it."""
    return bool(_FORMULA.match(text))
