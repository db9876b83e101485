"""The addresses of the API. No slash at the end, and no redirect to one without."""

from django.urls import path, re_path

from .document import openapi
from .resources import PARTS, RESOURCES
from .views import VIEWS

app_name = "api"

NUMBER = r"(?P<nummer>[0-9]{1,9})"

_list, _item = {"get": "list"}, {"get": "retrieve"}
_measure, _letter = VIEWS["maatregelen"], VIEWS["kamerbrieven"]

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *(path(one.name, VIEWS[one.name].as_view(_list), name=one.name) for one in RESOURCES),
    *(
        path(f"{one.name}/<slug:code>", VIEWS[one.name].as_view(_item), name=one.singular.lower())
        for one in RESOURCES
        if one.name != "maatregelen"
    ),
    re_path(rf"^maatregelen/{NUMBER}$", _measure.as_view(_item), name="maatregel"),
    *(
        re_path(
            rf"^maatregelen/{NUMBER}/{part}$",
            _measure.as_view({"get": "parts"}, part=part),
            name=part,
        )
        for part in PARTS
    ),
    path(
        "kamerbrieven/<slug:code>/momentopname",
        _letter.as_view({"get": "snapshot"}),
        name="momentopname",
    ),
]
