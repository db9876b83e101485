"""Tell on a rendered page what we wrote ourselves from what came out of the database.

While `marked()` holds, every variable that a template shows stands between two signs that no
text has. Words that a template hands to a component (`with title="…"`) are ours.
"""

from contextlib import contextmanager
from unittest.mock import patch

from django.template import base, engines
from django.template.base import VariableNode, render_value_in_context
from django.utils.safestring import SafeString

START, END = "\ue000", "\ue001"


class Ours(SafeString):
    """A text that stands in a template."""


def _render(self, context):
    output = self.filter_expression.resolve(context)
    text = render_value_in_context(output, context)
    return text if isinstance(output, Ours) else SafeString(f"{START}{text}{END}")


def _forget_templates():
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


@contextmanager
def marked():
    """Mark what is not ours, in every template that is rendered in this block."""
    _forget_templates()
    with patch.object(base, "mark_safe", Ours), patch.object(VariableNode, "render", _render):
        yield
    _forget_templates()
