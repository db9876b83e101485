"""Our own templates of form fields say exactly what those of Django say."""

from pathlib import Path

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from django.test.html import parse_html

ROOT = Path(__file__).resolve().parents[1]

CHOICES = [("", "Alle"), ("a", "Eén & <twee>"), ("Groep", [("b", "Twee"), ("c", "Drie")])]
WIDGETS = [forms.Select, forms.SelectMultiple, forms.CheckboxSelectMultiple, forms.RadioSelect]


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("attrs", [{"id": "veld", "class": "breed", "hidden": True}, {}])
@pytest.mark.parametrize("chosen", [[], ["a"], ["b", "c"]])
def test_a_field_with_choices_is_the_same_html(widget, attrs, chosen):
    field = widget(attrs=attrs, choices=CHOICES)
    context = field.get_context("veld", chosen, {})

    own = get_template(field.template_name)
    ours = own.render(context)

    assert own.origin.name.startswith(str(ROOT)) or field.template_name.endswith("_select.html")
    assert "Eén &amp; &lt;twee&gt;" in ours
    assert parse_html(ours) == parse_html(DjangoTemplates().render(field.template_name, context))
