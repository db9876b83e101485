"""What a day in the past asks and answers, at its edges."""

from datetime import date

import pytest

from measures.models import Status
from tests.factories import make_letter, make_measure, make_moment, report
from tests.moments.test_steps import public

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/", "/maatregelen/", "/bijlage/", "/maatregelen.json"])
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31"])
def test_a_day_before_anything_is_refused_in_words(client, page, day):
    for query in (f"peildatum={day}", f"bekend_op={day}"):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code == 400
        assert "ligt voor 1900" in answer.text


def test_a_comparison_with_such_a_day_is_refused_too(client):
    answer = client.get("/vergelijken/?van=0001-01-01")
    assert answer.status_code == 400
    assert "ligt voor 1900" in answer.text


def test_a_measure_of_later_is_no_neighbour_yet(client):
    first, later = make_measure(number=1), make_measure(number=2, added_on=date(2025, 1, 1))

    assert f'href="{later.get_absolute_url()}"' in client.get(first.get_absolute_url()).text
    then = client.get(f"{first.get_absolute_url()}?peildatum=2024-06-30").text
    assert later.get_absolute_url() not in then
    gone = client.get(f"{later.get_absolute_url()}?peildatum=2024-06-30")
    assert gone.status_code == 404
    assert "stond op deze dag nog niet" in gone.text


def test_letters_of_a_past_day_link_to_no_later_moment(client):
    letter = make_letter(date=date(2024, 1, 1), date_precision="dag")
    moment = public(make_moment(on=date(2024, 12, 31), letter=letter))

    assert moment.get_absolute_url() in client.get("/kamerbrieven/").text
    for query in ("peildatum=2024-06-30", "peildatum=2025-01-01&bekend_op=2025-01-01"):
        assert moment.get_absolute_url() not in client.get(f"/kamerbrieven/?{query}").text
    known = client.get(f"{moment.get_absolute_url()}?bekend_op=2025-01-01")
    assert known.status_code == 404


def test_a_past_day_says_what_was_published_later(client):
    measure = make_measure()
    report(measure, Status.PLANNED, on=date(2024, 1, 1))

    page = client.get(f"{measure.get_absolute_url()}?peildatum=2024-06-30").text
    assert page.count("Later gepubliceerd") == 2
    assert "Later gepubliceerd" in client.get("/maatregelen/?peildatum=2024-06-30").text
    assert "Later gepubliceerd" not in client.get(measure.get_absolute_url()).text
