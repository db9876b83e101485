"""Whatever somebody types after the name of the site: an answer, never a failure of ours."""

import re
from urllib.parse import quote, quote_from_bytes

import pytest
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from measures.loading import SHIPPED, load, reconstructions

pytestmark = pytest.mark.django_db

NOT_PUBLIC = ("beheer/", "inbreng/", "componenten/")
# What addresses and queries may really hold, so that not everything stops at the first check.
KNOWN = [
    *("7", "M7", "0", "999999999", "-1", "1e9", "٣", "2024-12-31", "2024-02-30", "0001-01-01"),
    *("9999-12-31", "gepland", "trekker", "te-laat", "geen-datum", "nummer", "-streefdatum"),
    *("csv", "json", "xlsx", "ods", "odt", "brief-2022-04-04", "slotbrief-2025", "30015-87"),
    *("publieke-sturing-op-het-stelsel", "inspectie-leefomgeving-en-transport"),
    *("bijlage-kwalibo-2024-12-31.csv", "", " ", "%", "'", "\x00", "\ud800", "‮", "💧", "a" * 3000),
]
NAMES = [
    *("peildatum", "bekend_op", "q", "status", "hoofdlijn", "datum", "partij", "rol"),
    *("sorteer", "pagina", "van", "tot", "onbekend"),
]


def encoded(value: str | bytes) -> str:
    """Percent-encoded, also what is no UTF-8."""
    if isinstance(value, bytes):
        return quote_from_bytes(value, safe="")
    return quote(value, safe="", errors="surrogatepass")


def routes(patterns, before="") -> list[str]:
    """Every public address with places to fill in: 'maatregelen/%(number)s/'."""
    found = []
    for part in patterns:
        regex = before + part.pattern.regex.pattern.removeprefix("^")
        if isinstance(part, URLResolver):
            found += routes(part.url_patterns, regex)
        else:
            found += [route for route, _ in normalize(regex)]
    return [route for route in found if not route.startswith(NOT_PUBLIC)]


values = st.one_of(
    st.sampled_from(KNOWN), st.text(max_size=40), st.binary(max_size=20), st.dates().map(str)
)
queries = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), values), max_size=5)


@st.composite
def addresses(draw):
    route = draw(st.sampled_from(routes(get_resolver().url_patterns)))
    filled = re.sub(r"%\(\w+\)s", lambda _: encoded(draw(values)), route)
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in draw(queries))
    return f"/{filled}?{query}"


@pytest.fixture
def everything(db):
    load(SHIPPED)
    reconstructions.finish()


@given(address=addresses())
@example("/maatregelen/?q=%00&status=%ff&peildatum=2024-12-31&peildatum=2024-02-30")
@example("/vergelijken/?van=0001-01-01&tot=9999-12-31")
@example("/maatregelen/?pagina=" + "9" * 5000)
@example("/moties/?q=" + "%F0%9F%92%A7" * 500)
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_address_makes_us_fail(client, everything, address):
    response = client.get(address)

    assert response.status_code < 500, address
    if 400 <= response.status_code < 500 and "text/html" in response.headers["Content-Type"]:
        assert "<h1" in response.text, address
    assert not response.cookies, address


def test_every_public_address_is_tried():
    found = routes(get_resolver().url_patterns)

    assert "maatregelen/%(number)s/" in found
    assert "partijen/%(slug)s/" in found
    assert "maatregelen.%(format)s" in found
    assert not [route for route in found if route.startswith("beheer/")]
