"""Making the annex from the staff screens."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from measures.models import Status
from tests.factories import make_measure, report

pytestmark = pytest.mark.django_db


def test_the_annex_of_a_day_is_made_as_a_file(beheer):
    measure = make_measure("Een loket")
    report(measure, Status.PLANNED, on=date(2024, 1, 1))

    file = beheer.post(reverse("admin:annex"), {"format": "csv", "day": "2024-12-31"})

    assert "bijlage-kwalibo-2024-12-31.csv" in file["Content-Disposition"]
    assert "Een loket" in file.content.decode("utf-8-sig")


@time_machine.travel("2024-06-01 12:00+02:00")
def test_a_day_to_come_and_an_unknown_format_are_refused(beheer):
    page = beheer.post(reverse("admin:annex"), {"format": "doc", "day": "2025-01-01"})

    assert "De peildatum ligt in de toekomst." in page.text
    assert "format" in page.context["form"].errors


def test_only_staff_make_it_here(client, db):
    assert client.post(reverse("admin:annex"), {"format": "csv"}).status_code == 302
