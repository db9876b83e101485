"""Who may work here: people and groups."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from measures.models import Assignment
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


def test_two_keepers_do_not_overwrite_each_other(beheer, ans, colleague):
    address = reverse("admin:auth_user_change", args=[colleague.pk])
    mine, theirs = beheer.get(address), ans.get(address)
    assert ans.post(address, typed(theirs, first_name="Anna")).status_code == 302

    answer = beheer.post(address, typed(mine, last_name="Jansen"))

    assert answer.status_code == 200
    assert "Dit is gewijzigd nadat u het formulier opende" in str(answer.context["errors"]) or (
        "Er is niets opgeslagen" in answer.text
    )
    colleague.refresh_from_db()
    assert (colleague.first_name, colleague.last_name) == ("Anna", "de Vries")
    assert 'value="Jansen"' in answer.text
    beheer.post(address, typed(answer))
    colleague.refresh_from_db()
    assert colleague.last_name == "Jansen"


def test_a_change_of_the_field_of_work_counts_too(beheer, ans, colleague):
    Assignment.objects.create(user=colleague)
    address = reverse("admin:auth_user_change", args=[colleague.pk])
    mine, theirs = beheer.get(address), ans.get(address)
    values = {"assignment-0-digest": "nooit"}
    assert ans.post(address, typed(theirs, **values)).status_code == 302

    assert beheer.post(address, typed(mine, last_name="Jansen")).status_code == 200


def test_two_keepers_do_not_overwrite_the_rights_of_a_group(beheer, ans):
    group = Group.objects.get(name="lezer")
    address = reverse("admin:auth_group_change", args=[group.pk])
    mine, theirs = beheer.get(address), ans.get(address)
    assert ans.post(address, typed(theirs, permissions=[])).status_code == 302

    assert beheer.post(address, typed(mine, name="lezers")).status_code == 200
    assert not Group.objects.filter(name="lezers").exists()
