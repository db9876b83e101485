"""Who may work here: people and groups."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests.admin.forms import said, typed

pytestmark = pytest.mark.django_db

NEW = "een nieuw en heel lang woord"


def test_a_password_is_never_in_the_log(beheer, colleague):
    for address, data in [
        (
            reverse("admin:auth_user_add"),
            {"username": "nieuw", "usable_password": "true", "password1": NEW, "password2": NEW},
        ),
        (
            reverse("admin:auth_user_password_change", args=[colleague.pk]),
            {"usable_password": "true", "password1": NEW, "password2": NEW},
        ),
    ]:
        assert beheer.post(address, data).status_code == 302

    written = [entry.get_change_message() for entry in LogEntry.objects.all()]
    assert sorted(written) == ["toegevoegd", "wachtwoord gewijzigd"]
    colleague.refresh_from_db()
    assert colleague.check_password(NEW)


def test_somebody_who_leaves_is_switched_off_and_what_they_did_stays(beheer, colleague):
    url = reverse("admin:auth_user_change", args=[colleague.pk])

    answer = beheer.post(url, typed(beheer.get(url), is_active=None))

    colleague.refresh_from_db()
    assert not colleague.is_active
    assert "account werkt: ja → nee" in said(answer)
    assert beheer.post(reverse("admin:auth_user_delete", args=[colleague.pk])).status_code == 403


def test_a_group_is_given_rights_that_are_named_in_dutch(beheer):
    right = Permission.objects.get(codename="change_measure")
    page = beheer.get(reverse("admin:auth_group_add"))
    assert "Maatregel: wijzigen" in page.text

    beheer.post(
        reverse("admin:auth_group_add"),
        typed(page, name="Redacteuren", permissions=[str(right.pk)]),
    )

    assert list(Group.objects.get(name="Redacteuren").permissions.all()) == [right]
