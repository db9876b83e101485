"""The picture that goes with a link to a page when somebody shares it."""

from .cards import Card, of_letter, of_measure, of_motion, of_site
from .image import HEIGHT, WIDTH, Busy, digest, render

__all__ = [
    "HEIGHT",
    "WIDTH",
    "Busy",
    "Card",
    "digest",
    "of_letter",
    "of_measure",
    "of_motion",
    "of_site",
    "render",
]
