"""Figures as shapes: one module per picture.

Pure functions: no queries, no request. Each picture has a title and a description, and its
page gives the same figures in a table. `measures/pictures.py` brings the figures.
"""

from .bar import REPORTED_ORDER, Bar, Segment, status_bar
from .drawing import Drawing

__all__ = ["REPORTED_ORDER", "Bar", "Drawing", "Segment", "status_bar"]
