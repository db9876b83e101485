"""Asking for mail, confirming and stopping: nothing happens without the mailbox agreeing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwalibo.follow import asking, links
from kwalibo.follow.forms import FollowForm
from kwalibo.follow.models import Follower, FollowMail, Frequency, Subscription
from measures import subjects
from tests.factories import CONCEPT, make_measure, make_motion, make_party

pytestmark = pytest.mark.django_db
ADDRESS = "Wil@Voorbeeld.example"
KEPT = "wil@voorbeeld.example"


def seal() -> str:
    """The seal of a form that was opened a little while ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=30)):
        return FollowForm(subject=subjects.everything()).fresh_seal


def send(client, address=ADDRESS, query="", **values):
    form = {"address": address, "what": "alles", "frequency": "dagelijks", "seal": seal()}
    return client.post(f"/volgen/{query}", form | values)


def link_in(message, part: str) -> str:
    """The path of the one link of a mail that leads to this part of the site."""
    (found,) = re.findall(rf"http://127\.0\.0\.1:8000(/volgen/{part}/\S+)", message.body)
    return found


def confirmed(client, **values):
    send(client, **values)
    client.post(link_in(mail.outbox[-1], "bevestigen"))
    return Follower.objects.get(address=KEPT)


def test_nobody_follows_before_the_button_behind_the_link_is_pressed(client):
    response = send(client)
    assert response.status_code == 302
    (message,) = mail.outbox
    assert message.to == [KEPT]
    link = link_in(message, "bevestigen")
    assert Follower.objects.confirmed().count() == 0

    # A mail scanner follows every link.
    page = client.get(link)
    assert "Ja, stuur mij mail" in page.text
    assert Follower.objects.confirmed().count() == 0

    page = client.post(link, follow=True)
    assert "U krijgt nu mail" in page.text
    follower = Follower.objects.confirmed().get()
    assert (follower.address, follower.frequency) == (KEPT, "dagelijks")
    assert not page.cookies


def test_pressing_the_button_again_changes_nothing(client):
    send(client)
    link = link_in(mail.outbox[0], "bevestigen")
    client.post(link)
    before = list(Subscription.objects.values())

    assert client.post(link).status_code == 302
    assert list(Subscription.objects.values()) == before
    assert "U volgt dit al" in client.get(link).text


@pytest.mark.parametrize(("days", "works"), [(2.9, True), (3.1, False)])
def test_a_link_to_confirm_works_for_three_days(client, days, works):
    send(client)
    link = link_in(mail.outbox[0], "bevestigen")

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert client.get(link).status_code == (200 if works else 404)
        client.post(link)

    assert Follower.objects.confirmed().exists() is works


@pytest.mark.parametrize(("days", "left"), [(2.9, 1), (3.1, 0)])
def test_an_address_that_nobody_confirmed_is_deleted_after_three_days(client, days, left):
    send(client)

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        call_command("send_follow_mails")

    assert Follower.objects.count() == left


def test_what_was_confirmed_stays_when_something_else_was_not(client):
    make_measure(number=7)
    confirmed(client)
    send(client, query="?maatregel=7", what="maatregel")

    with time_machine.travel(timezone.now() + timedelta(days=4)):
        call_command("send_follow_mails")

    assert [row.kind for row in Subscription.objects.all()] == ["alles"]


def test_the_answer_never_tells_whether_an_address_follows_already(client):
    first = send(client)
    client.post(link_in(mail.outbox[0], "bevestigen"))

    second = send(client, address=KEPT.upper())

    assert (first.status_code, first.headers["Location"]) == (
        second.status_code,
        second.headers["Location"],
    )
    assert "U volgt dit al" in mail.outbox[1].body
    assert link_in(mail.outbox[1], "beheren")
    assert Follower.objects.count() == Subscription.objects.count() == 1


def test_somebody_follows_the_item_whose_page_they_came_from(client):
    measure, party = make_measure("Een loket", number=7), make_party("ILT", slug="ilt")
    motion = make_motion("Motie over het loket", slug="30015-87")

    for query, record in [
        ("?maatregel=7", measure),
        ("?hoofdlijn=" + measure.theme.slug, measure.theme),
        ("?partij=ilt", party),
        ("?motie=30015-87", motion),
    ]:
        assert str(record) in client.get(f"/volgen/{query}").text
        send(client, query=query, what=query[1:].partition("=")[0])

    assert {row.scope for row in Subscription.objects.all()} == {
        subjects.of(record).scope for record in (measure, measure.theme, party, motion)
    }


@pytest.mark.parametrize(
    "query",
    ["?maatregel=8", "?maatregel=x", "?maatregel=", "?partij=geheim", "?motie=\x00", "?partij=%00"],
)
def test_what_is_not_public_cannot_be_followed(client, query):
    make_measure(number=8, publication=CONCEPT)
    make_party(slug="geheim", publication=CONCEPT)

    assert client.get(f"/volgen/{query}").status_code == 404
    assert send(client, query=query, what="alles").status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address",
    [
        "geen adres",
        "",
        "wil@voorbeeld.example\nBcc: ander@voorbeeld.example",
        "wil@voorbeeld.example\r\nSubject: koop",
        "wil@voorbeeld.example, ander@voorbeeld.example",
        "wil\x00@voorbeeld.example",
        '"Wil" <wil@voorbeeld.example>',
        f"{'w' * 250}@voorbeeld.example",
    ],
)
def test_what_is_not_one_address_is_refused_and_nothing_typed_is_lost(client, address):
    response = send(client, address=address)

    assert response.status_code == 400
    assert 'value="dagelijks"' in response.text
    assert Follower.objects.count() == 0
    assert mail.outbox == []


def test_a_subject_with_a_line_break_cannot_become_a_header(client):
    make_measure("Loket\r\nBcc: x@voorbeeld.example", number=7)

    send(client, query="?maatregel=7", what="maatregel")

    (message,) = mail.outbox
    assert "Bcc" not in message.message()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(address=st.text(max_size=80), what=st.text(max_size=20), frequency=st.text(max_size=20))
def test_whatever_somebody_fills_in_is_answered(client, atomic_example, address, what, frequency):
    with atomic_example():
        response = send(client, address=address, what=what, frequency=frequency)

    assert response.status_code in (302, 400, 429)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    query=st.dictionaries(
        st.sampled_from([*subjects.Kind, "peildatum", "gelukt"]), st.text(max_size=30), max_size=3
    )
)
def test_whatever_is_asked_to_follow_is_answered(client, query):
    query.pop("peildatum", None)

    assert client.get("/volgen/", query).status_code in (200, 404)


@pytest.mark.parametrize("part", ["bevestigen", "beheren", "afmelden"])
@pytest.mark.parametrize("link", ["x", "x:y", "a:b:c", "%00", "é" * 20])
def test_a_made_up_link_opens_nothing(client, part, link):
    for answer in (client.get, client.post):
        response = answer(f"/volgen/{part}/{link}/")
        assert response.status_code == 404
        assert "Deze link werkt niet" in response.text


def test_one_visitor_cannot_ask_without_end(client, settings):
    settings.OPEN_FORM_HOURLY = 2
    for n in range(2):
        assert send(client, address=f"een{n}@voorbeeld.example").status_code == 302

    refused = send(client, address="drie@voorbeeld.example")

    assert refused.status_code == 429
    assert "te veel aanvragen" in refused.text
    assert 'value="drie@voorbeeld.example"' in refused.text
    assert len(mail.outbox) == 2


def test_one_address_is_not_flooded_whoever_asks(client, settings):
    settings.OPEN_FORM_HOURLY = 1000

    answers = {send(client).status_code for _ in range(asking.MOST_A_DAY + 5)}

    assert answers == {302}
    assert len(mail.outbox) == asking.MOST_A_DAY


def test_pressing_send_twice_asks_once(client):
    same = seal()

    for _ in range(2):
        assert send(client, seal=same).status_code == 302

    assert len(mail.outbox) == 1


def test_a_mail_that_cannot_be_sent_is_tried_again_and_no_log_has_the_address(
    client, monkeypatch, caplog
):
    def refuse(self, *args, **kwargs):
        raise OSError(f"no mailbox {KEPT}")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        assert send(client).status_code == 302
    assert KEPT not in caplog.text
    assert FollowMail.objects.get().error == "OSError"

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        call_command("send_follow_mails")

    assert link_in(mail.outbox[0], "bevestigen")


def test_one_click_in_a_mail_program_stops_it_without_cookie_or_redirect(client):
    follower = confirmed(client)
    path = links.stop_link(follower).removeprefix("http://127.0.0.1:8000")

    response = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not response.cookies
    assert Follower.objects.count() == 0
    # A mail program may try again.
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_following_the_link_to_stop_changes_nothing_until_the_button_is_pressed(client):
    follower = confirmed(client)
    path = links.stop_link(follower).removeprefix("http://127.0.0.1:8000")

    assert "Ja, stop" in client.get(path).text
    assert Follower.objects.count() == 1
    assert "U bent afgemeld" in client.post(path).text
    assert "U bent afgemeld" in client.get(path).text


def test_somebody_changes_how_often_and_stops_with_one_thing_after_another(client):
    make_measure("Een loket", number=7)
    follower = confirmed(client)
    send(client, query="?maatregel=7", what="maatregel")
    client.post(link_in(mail.outbox[-1], "bevestigen"))
    page = links.manage_link(follower).removeprefix("http://127.0.0.1:8000")
    assert "M7 Een loket" in client.get(page).text

    client.post(page, {"frequency": "wekelijks"})
    follower.refresh_from_db()
    assert follower.frequency == "wekelijks"
    assert client.post(page, {"frequency": "elk-uur"}).status_code == 400

    one, other = follower.subscriptions.all()
    client.post(links.stop_link(follower, other).removeprefix("http://127.0.0.1:8000"))
    assert list(follower.subscriptions.all()) == [one]
    client.post(links.stop_link(follower, one).removeprefix("http://127.0.0.1:8000"))
    assert Follower.objects.count() == 0
    assert client.get(page).status_code == 404


def test_nobody_stops_what_another_follows(client):
    confirmed(client)
    asking.ask("ander@voorbeeld.example", subjects.everything(), Frequency.DAILY)
    other = Follower.objects.get(address="ander@voorbeeld.example")
    asking.confirm(other.subscriptions.get(), Frequency.DAILY)
    theirs = other.subscriptions.get()

    mine = Follower.objects.get(address=KEPT)
    path = reverse("follow-stop-one", args=[links.personal(mine), theirs.pk])
    client.post(path)

    assert Subscription.objects.filter(pk=theirs.pk).exists()


def test_after_stopping_the_address_is_nowhere_in_the_database(client):
    follower = confirmed(client)
    call_command("send_follow_mails")
    assert KEPT in everything_in_the_database()

    client.post(links.stop_link(follower).removeprefix("http://127.0.0.1:8000"))

    kept = everything_in_the_database()
    assert KEPT not in kept
    assert follower.token.lower() not in kept


def everything_in_the_database() -> str:
    """Every value of every table, history and logs included."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


def test_no_history_is_kept_of_followers():
    from auditlog.registry import auditlog

    assert not [m for m in apps.get_app_config("follow").get_models() if auditlog.contains(m)]


@pytest.mark.parametrize("part", ["beheren", "afmelden"])
def test_the_page_of_an_address_is_kept_by_nobody(client, part):
    follower = confirmed(client)

    response = client.get(f"/volgen/{part}/{links.personal(follower)}/")

    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert KEPT not in response.text
    assert not response.cookies
