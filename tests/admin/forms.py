"""What a browser sends: a form as it was opened, with some fields typed over."""

from django.contrib.messages import get_messages
from django.db.models.fields.files import FieldFile
from django.forms import BaseForm, NullBooleanSelect
from django.urls import reverse


def typed(response, **values):
    """The data of every form on a page, as it stands there, with `values` typed in."""
    data = {}
    context = response.context
    if "adminform" in context:
        _collect(context["adminform"].form, data)
        for inline in context["inline_admin_formsets"]:
            _collect(inline.formset.management_form, data)
            for form in inline.formset.forms:
                _collect(form, data)
    else:
        _collect(context["form"], data)
        data |= {"shown": [str(row["measure"].pk) for row in context.get("rows") or []]}
    for name, value in values.items():
        data[name] = value
    return {name: value for name, value in data.items() if value is not None}


def _collect(form: BaseForm, data: dict) -> None:
    for field in form:
        value = field.value()
        if callable(value):
            value = value()
        if value is None or isinstance(value, FieldFile):
            continue
        if isinstance(field.field.widget, NullBooleanSelect):
            data[field.html_name] = str(value).lower()
        elif isinstance(value, bool):
            if value:
                data[field.html_name] = "on"
        elif hasattr(value, "__iter__") and not isinstance(value, str):
            data[field.html_name] = [str(getattr(item, "pk", item)) for item in value]
        else:
            data[field.html_name] = str(value)


def said(response) -> str:
    """All messages on the page that an answer leads to."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def delete(client, record):
    """Delete a record as somebody does who just looked at it; the answer of the page."""
    url = reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_delete", args=[record.pk]
    )
    page = client.get(url)
    data = {"post": "yes"}
    if page.context:
        data["opened_version"] = str(page.context["object"].version)
    return client.post(url, data)
