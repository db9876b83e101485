"""Two doors: a password, and a code. Nobody works behind them who did not pass both."""

import re
from base64 import b32decode

import pytest
import time_machine
from django.conf import global_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from kwalibo.signin.events import MOST_BY_ADDRESS, MOST_BY_NAME, is_blocked
from kwalibo.signin.models import SignInEvent
from measures.models import ProgressUpdate
from tests.desk.people import colleague
from tests.factories import make_measure
from tests.signin.conftest import PASSWORD
from tests.signin.people import code_of, give, log_in

pytestmark = pytest.mark.django_db

INDEX = "/beheer/"
Kind = SignInEvent.Kind


def kinds():
    return list(SignInEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_password_alone_opens_no_screen(client, person, device):
    log_in(client, "wil", PASSWORD)

    answer = client.get("/beheer/measures/measure/", follow=True)

    assert answer.request["PATH_INFO"] == reverse("second_factor")
    assert "zes cijfers" in answer.text
    assert "Standen van zaken" not in answer.text
    assert client.post("/beheer/measures/measure/add/", {"title": "x"}).status_code == 302
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache")


def test_with_a_code_somebody_is_in_and_where_they_wanted_to_be(client, person, device):
    answer = log_in(client, "wil", PASSWORD, to="/beheer/measures/measure/")
    assert answer.headers["Location"] == "/beheer/measures/measure/"

    answer = give(client, code_of(device), to="/beheer/measures/measure/")

    assert answer.headers["Location"] == "/beheer/measures/measure/"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert kinds() == [Kind.PASSWORD, Kind.CODE]


def test_who_asked_for_no_page_comes_in_at_the_start(client, settings, person):
    settings.SECOND_FACTOR = False

    answer = log_in(client, "wil", PASSWORD, to="")

    assert answer.headers["Location"] == INDEX


def test_the_first_time_somebody_sets_up_an_app(client, person):
    log_in(client, "wil", PASSWORD)
    page = client.get(reverse("second_factor"))
    assert "<svg" in page.text
    assert "style=" not in page.text.partition("<svg")[2].partition("</svg>")[0]
    letters = re.search(r'beheer-secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    device = TOTPDevice.objects.get(user=person)
    assert b32decode(letters + "=" * (-len(letters) % 8)) == device.bin_key

    give(client, code_of(device))

    assert client.get(INDEX).status_code == 200
    assert TOTPDevice.objects.get(user=person).confirmed
    assert kinds() == [Kind.PASSWORD, Kind.SECOND_FACTOR, Kind.CODE]


def test_an_app_that_was_set_up_is_never_shown_again(client, person, device):
    log_in(client, "wil", PASSWORD)

    assert "<svg" not in client.get(reverse("second_factor")).text


def test_a_code_is_good_once(client, person, device):
    code = code_of(device)
    log_in(client, "wil", PASSWORD)
    give(client, code)
    client.post(reverse("admin:logout"))
    log_in(client, "wil", PASSWORD)

    assert "al gebruikt" in give(client, code).text
    assert client.get(INDEX).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "\uff11" * 6])
def test_what_is_no_code_is_said(client, person, device, typed):
    log_in(client, "wil", PASSWORD)

    assert "zes cijfers" in give(client, typed).context["form"].errors["code"][0]


def test_somebody_elses_app_is_of_no_use(client, person, device):
    other = colleague("fia", "fiatteur")
    theirs = TOTPDevice.objects.create(user=other, name="app", confirmed=True)
    log_in(client, "wil", PASSWORD)

    give(client, code_of(theirs))

    assert client.get(INDEX).status_code == 302


def test_no_one_comes_to_the_second_door_without_the_first(client, db):
    assert client.get(reverse("second_factor")).headers["Location"].startswith("/beheer/login/")


def test_only_staff_come_to_the_second_door(client, person):
    person.is_staff = False
    person.save()
    client.force_login(person)

    assert client.get(reverse("second_factor")).status_code == 302


@pytest.mark.parametrize("to", ["https://elders.example/", "//elders.example", "javascript:x"])
def test_the_door_leads_to_no_other_site(client, person, device, to):
    log_in(client, "wil", PASSWORD)

    assert give(client, code_of(device), to=to).headers["Location"] == INDEX


def test_the_session_is_another_behind_each_door(client, person, device):
    client.get("/beheer/login/")
    keys = [client.session.session_key]
    log_in(client, "wil", PASSWORD)
    keys.append(client.session.session_key)
    give(client, code_of(device))
    keys.append(client.session.session_key)

    assert len(set(keys)) == 3


def test_a_text_that_was_sent_before_the_second_door_is_kept(client, person, device):
    measure = make_measure()
    address = reverse("admin:measures_measure_update", args=[measure.pk])
    log_in(client, "wil", PASSWORD)
    client.post(address, {"explanation": "Een lange tekst.", "_concept": "1"})

    give(client, code_of(device), to=address)

    assert "Een lange tekst." in client.get(address).text
    assert not ProgressUpdate.objects.exists()


# Too many failures.


def test_too_many_failures_for_a_name_close_the_door_for_a_while(client, person, device):
    for _ in range(MOST_BY_NAME):
        log_in(client, "wil", "fout")

    answer = log_in(client, "WIL", PASSWORD)

    assert "te veel mislukte pogingen" in answer.text
    assert "_auth_user_id" not in client.session
    assert kinds() == [Kind.REFUSED] * MOST_BY_NAME + [Kind.BLOCKED]
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        assert log_in(client, "wil", PASSWORD).status_code == 302


def test_what_is_tried_while_it_is_closed_does_not_keep_it_closed(client, person):
    for _ in range(MOST_BY_NAME):
        log_in(client, "wil", "fout")
    for minutes in (5, 10):
        with time_machine.travel(timezone.now() + timezone.timedelta(minutes=minutes)):
            log_in(client, "wil", "fout")

    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        assert log_in(client, "wil", PASSWORD).status_code == 302


def test_wrong_codes_count_as_wrong_passwords_do(client, person, device):
    log_in(client, "wil", PASSWORD)
    for _ in range(MOST_BY_NAME):
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        give(client, "000000")

    assert "te veel mislukte pogingen" in give(client, code_of(device)).text
    # Nor does the password open the count again.
    log_in(client, "wil", PASSWORD)
    assert "te veel mislukte pogingen" in give(client, code_of(device)).text


def test_a_code_that_was_right_ends_the_count(client, person, device, rf):
    for _ in range(MOST_BY_NAME - 1):
        log_in(client, "wil", "fout")
    log_in(client, "wil", PASSWORD)
    give(client, code_of(device))

    log_in(client, "wil", "fout")

    assert not is_blocked(rf.get("/"), "wil")


def test_too_many_failures_from_an_address_close_the_door_for_that_address(client, person):
    for number in range(MOST_BY_ADDRESS):
        log_in(client, f"naam{number}", "fout", REMOTE_ADDR="192.0.2.1")

    blocked = log_in(client, "wil", PASSWORD, REMOTE_ADDR="192.0.2.1")
    elsewhere = log_in(client, "wil", PASSWORD, REMOTE_ADDR="192.0.2.2")

    assert "te veel mislukte pogingen" in blocked.text
    assert elsewhere.status_code == 302


@pytest.mark.parametrize("typed", ["WIL", " wil ", "wil\t", "\uff57il"])
def test_writing_a_name_in_another_way_gives_no_new_tries(client, person, typed):
    for _ in range(MOST_BY_NAME):
        log_in(client, typed, "fout")

    assert "te veel mislukte pogingen" in log_in(client, "wil", PASSWORD).text


def try_in(name, password, address):
    """Log in with a browser of its own, from an address."""
    return log_in(Client(), name, password, REMOTE_ADDR=address)


def come_in(device, address):
    """Pass both doors."""
    browser = Client()
    log_in(browser, "wil", PASSWORD, REMOTE_ADDR=address)
    browser.post(reverse("second_factor"), {"code": code_of(device)}, REMOTE_ADDR=address)


AT_WORK, ELSEWHERE = "192.0.2.1", "203.0.113.9"


def test_strangers_cannot_lock_somebody_out_of_where_they_always_log_in(person, device):
    come_in(device, AT_WORK)

    for _ in range(MOST_BY_NAME + 1):
        try_in("wil", "fout", ELSEWHERE)

    assert "te veel mislukte pogingen" in try_in("wil", PASSWORD, "198.51.100.1").text
    assert try_in("wil", PASSWORD, AT_WORK).status_code == 302
    # There the count is one of its own.
    for _ in range(MOST_BY_NAME):
        try_in("wil", "fout", AT_WORK)
    assert "te veel mislukte pogingen" in try_in("wil", PASSWORD, AT_WORK).text


def test_where_somebody_came_in_long_ago_is_as_any_other_place(person, device):
    with time_machine.travel(timezone.now() - timezone.timedelta(days=31)):
        come_in(device, AT_WORK)
    for _ in range(MOST_BY_NAME):
        try_in("wil", "fout", ELSEWHERE)

    assert "te veel mislukte pogingen" in try_in("wil", PASSWORD, AT_WORK).text


def test_a_password_alone_makes_no_place_known(person, device):
    try_in("wil", PASSWORD, AT_WORK)
    for _ in range(MOST_BY_NAME):
        try_in("wil", "fout", ELSEWHERE)

    assert "te veel mislukte pogingen" in try_in("wil", PASSWORD, AT_WORK).text


def test_the_door_answers_a_name_that_nobody_has_as_slowly_as_one_that_exists(
    client, person, monkeypatch
):
    """Django works out a password for nobody too; without that the clock tells who exists."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    worked = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: worked.append(password) or encode(self, password, salt),
    )
    for name in ("wil", "niemand"):
        log_in(client, name, "fout")

    assert worked == ["fout", "fout"]


@pytest.mark.parametrize(("proxies", "address"), [(0, "192.0.2.1"), (1, "198.51.100.7")])
def test_only_our_own_proxy_is_believed_about_an_address(
    client, person, settings, proxies, address
):
    settings.TRUSTED_PROXIES = proxies

    log_in(
        client,
        "wil",
        "fout",
        REMOTE_ADDR="192.0.2.1",
        headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"},
    )

    assert SignInEvent.objects.get().address == address


def test_a_name_that_nobody_has_gets_the_same_answer(client, person):
    pages = [log_in(client, name, "fout").text for name in ("wil", "niemand")]

    errors = [re.search(r"(?s)errornote.*?</div>", page)[0] for page in pages]
    assert errors[0] == errors[1]


# How long somebody stays in.


def test_who_does_nothing_for_an_hour_is_out_and_loses_no_text(client, person, device):
    measure = make_measure()
    address = reverse("admin:measures_measure_update", args=[measure.pk])
    log_in(client, "wil", PASSWORD)
    give(client, code_of(device))
    client.get(address)

    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=61)):
        answer = client.post(address, {"explanation": "Een lange tekst.", "_concept": "1"})
        assert answer.headers["Location"].startswith("/beheer/login/")
        log_in(client, "wil", PASSWORD)
        give(client, code_of(device))
        assert "Een lange tekst." in client.get(address).text
    assert Kind.IDLE in kinds()


def test_who_goes_on_stays_in(client, person, device):
    log_in(client, "wil", PASSWORD)
    give(client, code_of(device))
    start = timezone.now()

    for minutes in (50, 100, 150):
        with time_machine.travel(start + timezone.timedelta(minutes=minutes)):
            assert client.get(INDEX).status_code == 200


def test_after_a_working_day_it_is_over_in_any_case(client, person, device, settings):
    log_in(client, "wil", PASSWORD)

    assert client.session.get_expiry_age() == 12 * 60 * 60


# The log.


def test_the_log_cannot_be_rewritten(person, client):
    log_in(client, "wil", "fout")

    for change in (
        lambda: SignInEvent.objects.update(name="ander"),
        lambda: SignInEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert SignInEvent.objects.get().name == "wil"


def test_the_log_holds_no_password(client, person):
    log_in(client, "wil", "geheim-woord")

    event = SignInEvent.objects.get()
    assert "geheim-woord" not in str(vars(event))


def test_a_password_typed_as_a_name_is_not_in_the_log_and_counts_all_the_same(client, person):
    for _ in range(MOST_BY_NAME):
        log_in(client, "Mijn-Geheim", "x")

    assert "te veel mislukte pogingen" in log_in(client, "mijn-geheim", "x").text
    names = set(SignInEvent.objects.values_list("name", flat=True))
    assert len(names) == 1
    assert "geheim" not in names.pop()


def test_the_keeper_reads_the_log_and_others_do_not(client, settings, person):
    settings.SECOND_FACTOR = False
    log_in(client, "wil", "fout")
    address = reverse("admin:signin_signinevent_changelist")
    client.force_login(person)
    assert client.get(address).status_code == 403

    client.force_login(colleague("bea", "beheerder"))

    assert "Naam of wachtwoord klopte niet" in client.get(address).text


def test_the_keeper_helps_who_lost_a_telephone(client, settings, person, device):
    settings.SECOND_FACTOR = False
    client.force_login(colleague("bea", "beheerder"))

    client.post(
        reverse("admin:auth_user_changelist"),
        {"action": "forget_device", "_selected_action": [person.pk]},
    )

    assert not TOTPDevice.objects.exists()
    assert SignInEvent.objects.get(kind=Kind.RESET).user == person


def test_a_keeper_does_not_disarm_who_may_do_everything(client, settings):
    settings.SECOND_FACTOR = False
    boss = get_user_model().objects.create_superuser("baas")
    TOTPDevice.objects.create(user=boss, name="app")
    client.force_login(colleague("bea", "beheerder"))

    client.post(
        reverse("admin:auth_user_changelist"),
        {"action": "forget_device", "_selected_action": [boss.pk]},
    )

    assert TOTPDevice.objects.filter(user=boss).exists()


def test_public_pages_know_nothing_of_doors(client, person, device, django_assert_num_queries):
    make_measure()
    log_in(client, "wil", PASSWORD)

    answer = client.get("/maatregelen/")

    assert not answer.cookies
    assert "cookie" not in answer.headers.get("Vary", "").lower()


# Passwords and sessions.


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("Kwalibo-Voortgang-2026!", False),
        ("ministeriewaterstaat", False),
        ("welkomwelkomwelkom1", False),
        ("kwalibo met vier paarden", True),
        ("vier paarden in de regen", True),
        ("\U0001f434 paard, wagen & regen", True),
        ("x" * 128, True),
        ("password12345678", False),
        ("kort wachtwoord", False),
        ("te kort woord", False),
    ],
)
def test_a_password_is_long_and_more_than_our_own_words(password, is_taken):
    try:
        validate_password(password)
    except ValidationError:
        assert not is_taken
    else:
        assert is_taken


def test_a_new_password_asks_for_the_old_one_and_ends_every_other_session(person, settings):
    settings.SECOND_FACTOR = False
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        log_in(browser, "wil", PASSWORD)
    new = {"new_password1": "vier paarden in de regen", "new_password2": "vier paarden in de regen"}

    refused = here.post(reverse("admin:password_change"), new | {"old_password": "fout"})
    assert refused.status_code == 200
    here.post(reverse("admin:password_change"), new | {"old_password": PASSWORD})

    person.refresh_from_db()
    assert person.check_password("vier paarden in de regen")
    assert here.get(INDEX).status_code == 200
    assert elsewhere.get(INDEX).status_code == 302


def test_a_password_is_compared_as_it_was_typed(client, person):
    for typed in (PASSWORD.upper(), f" {PASSWORD}", PASSWORD[:-1]):
        assert log_in(client, "wil", typed).status_code == 200

    assert log_in(client, "wil", PASSWORD).status_code == 302


def test_the_field_of_a_password_hides_it_and_lets_a_password_manager_fill_it(client, db):
    page = client.get("/beheer/login/").text

    field = re.search(r'<input type="password" name="password"[^>]*>', page)[0]
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


def test_an_account_that_is_switched_off_is_out_at_once(client, person, device):
    log_in(client, "wil", PASSWORD)
    give(client, code_of(device))
    assert client.get(INDEX).status_code == 200

    person.is_active = False
    person.save()

    assert client.get(INDEX).status_code == 302


def test_a_keeper_logs_somebody_out_everywhere_and_nobody_else(settings, person):
    settings.SECOND_FACTOR = False
    keeper, theirs, another = Client(), Client(), Client()
    keeper.force_login(colleague("bea", "beheerder"))
    theirs.force_login(person)
    another.force_login(colleague("fia", "fiatteur"))

    keeper.post(
        reverse("admin:auth_user_changelist"),
        {"action": "end_sessions", "_selected_action": [person.pk]},
    )

    assert theirs.get(INDEX).status_code == 302
    assert another.get(INDEX).status_code == keeper.get(INDEX).status_code == 200


def test_after_logging_out_the_session_is_gone_and_so_is_what_the_browser_kept(
    client, person, device
):
    log_in(client, "wil", PASSWORD)
    give(client, code_of(device))
    stolen = client.cookies["sessionid"].value

    goodbye = client.post(reverse("admin:logout"))

    assert goodbye.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["sessionid"] = stolen
    assert client.get(INDEX).status_code == 302


def test_a_session_is_known_by_a_long_mark_made_by_chance(client, person):
    marks = set()
    for _ in range(5):
        client.cookies.clear()
        log_in(client, "wil", PASSWORD)
        marks.add(client.cookies["sessionid"].value)

    # 32 letters out of 36: more than 160 bits.
    assert len(marks) == 5
    assert all(re.fullmatch("[a-z0-9]{32}", mark) for mark in marks)


def test_passwords_are_kept_as_pbkdf2_with_many_rounds(settings):
    settings.PASSWORD_HASHERS = [global_settings.PASSWORD_HASHERS[0]]

    algorithm, rounds, salt, _ = make_password("vier paarden in de regen").split("$")

    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
    assert len(salt) >= 22


def test_nothing_makes_somebody_change_a_password_by_the_clock(client, person, settings):
    settings.SECOND_FACTOR = False

    with time_machine.travel(timezone.now() + timezone.timedelta(days=3 * 365)):
        assert log_in(client, "wil", PASSWORD, to=INDEX).headers["Location"] == INDEX
        assert client.get(INDEX).status_code == 200


def test_there_is_no_way_in_by_a_question_or_by_mail(client, db):
    page = client.get("/beheer/login/").text

    assert "vergeten" not in page
    assert not [name for name in get_resolver().reverse_dict if "reset" in str(name)]
    assert client.get("/beheer/password_reset/").status_code in (302, 404)


def test_a_new_password_does_not_open_the_second_door(client, person, device):
    person.set_password("vier paarden in de regen")
    person.save()

    log_in(client, "wil", "vier paarden in de regen")

    assert client.get(INDEX).headers["Location"].startswith(reverse("second_factor")) or (
        client.get(INDEX, follow=True).request["PATH_INFO"] == reverse("second_factor")
    )
