"""Who of the staff did what: one line per deed, and none for what did not happen."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from kwalibo.monitoring import audit, metrics
from kwalibo.signin.models import Identity, SignInEvent
from measures import moments
from measures.models import ReportingMoment, ReviewStep, Status
from parties.history import acting, entries_of
from tests.admin.forms import typed
from tests.desk.people import colleague
from tests.factories import (
    CONCEPT,
    make_evidence,
    make_measure,
    make_moment,
    make_party,
    report,
)
from tests.signin.people import code_of, give, log_in
from tests.spreadsheet.files import current, made

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)
PASSWORD = "een heel lang wachtwoord"


@pytest.fixture
def writer():
    return colleague("schrijver", "redacteur")


@pytest.fixture
def approver():
    return colleague("fiatteur", "fiatteur")


@pytest.fixture
def concept(writer):
    return report(make_measure(), Status.PLANNED, on=DAY, publication=CONCEPT, author=writer)


def test_a_deed_says_who_what_which_record_when_and_from_where(desk, keeper, deeds):
    party = make_party("Inspectie")
    address = reverse("admin:parties_party_change", args=[party.pk])
    form = typed(desk.get(address), name="Inspectie Leefomgeving")

    with deeds() as told:
        answer = desk.post(address, form)

    (line,) = told
    assert answer.status_code == 302
    assert line["message"] == "changed"
    assert (line["user"], line["name"]) == (keeper.pk, "keeper")
    assert (line["object"], line["id"], line["fields"]) == (
        "parties.Party",
        str(party.pk),
        ["name"],
    )
    assert line["result"] == "ok"
    assert line["time"].endswith("Z")
    # Field names, never what was in them.
    assert "Leefomgeving" not in str(line)


def test_a_deed_has_the_address_of_who_did_it_and_the_id_of_the_request(desk, deeds, settings):
    settings.BEHIND_PROXY, settings.TRUSTED_PROXIES = True, 1
    party = make_party("Inspectie")
    address = reverse("admin:parties_party_change", args=[party.pk])
    form = typed(desk.get(address, secure=True), name="Anders")
    headers = {"x-forwarded-for": "6.6.6.6, 10.0.0.7", "x-request-id": "van-de-proxy-1"}

    with deeds() as told:
        desk.post(address, form, secure=True, headers=headers)

    (line,) = told
    assert (line["address"], line["request_id"]) == ("10.0.0.7", "van-de-proxy-1")


@pytest.mark.parametrize(
    ("step", "action"),
    [
        (lambda report, writer, approver: report.submit(writer), "offered"),
        (lambda report, writer, approver: report.approve(approver), "approved"),
        (lambda report, writer, approver: report.publish(writer), "published"),
        (lambda report, writer, approver: report.withdraw("Fout.", approver), "withdrawn"),
    ],
)
def test_every_step_of_a_report_is_one_line(concept, writer, approver, deeds, step, action):
    steps = [
        lambda: concept.submit(writer),
        lambda: concept.approve(approver),
        lambda: concept.publish(writer),
    ]
    before = {"offered": 0, "approved": 1, "published": 2, "withdrawn": 3}[action]
    for earlier in steps[:before]:
        earlier()

    with deeds() as told:
        step(concept, writer, approver)

    mine = [line for line in told if line["object"] == "measures.ProgressUpdate"]
    assert [line["message"] for line in mine] == [action]
    assert mine[0]["name"] in ("schrijver", "fiatteur")


def test_what_is_sent_back_and_held_and_let_go_is_told(concept, writer, approver, deeds):
    concept.submit(writer)
    with deeds() as told:
        concept.send_back(approver, "Noem het loket.")
    assert [line["message"] for line in told] == ["sent_back"]
    assert "loket" not in str(told)
    concept.submit(writer)
    concept.approve(approver)
    with deeds() as told:
        concept.hold(make_moment(on=DAY), writer)
    assert "held_for_letter" in [line["message"] for line in told]
    with deeds() as told:
        concept.let_go(writer)
    assert [line["message"] for line in told] == ["let_go"]


def test_a_step_by_a_button_is_one_line_too(concept, writer, approver, browser_of, deeds):
    """The step, the changed fields and the log of the admin are rows about one deed."""
    concept.submit(writer)
    address = reverse("admin:measures_progressupdate_review", args=[concept.pk])
    desk = browser_of(approver)
    version = str(desk.get(address).context["form"]["opened_version"].value())

    with deeds() as told:
        answer = desk.post(address, {"opened_version": version, "_approve_publish": "1"})

    assert answer.status_code == 302
    of_the_report = [line for line in told if line["object"] == "measures.ProgressUpdate"]
    assert [line["message"] for line in of_the_report] == ["approved", "published"]
    assert "stage" in of_the_report[0]["fields"]
    assert "publication" in of_the_report[1]["fields"]
    assert {line["name"] for line in told} == {"fiatteur"}


def press(desk, moment, button, **values):
    screen = reverse("admin:measures_reportingmoment_prepare", args=[moment.pk])
    version = str(desk.get(screen).context["moment"].version)
    return desk.post(screen, {"opened_version": version, button: "1", **values})


def test_a_letter_that_is_frozen_published_or_withdrawn_is_told(desk, deeds):
    first, second = make_moment(on=DAY), make_moment(on=date(2024, 6, 1))
    told_of = []
    for moment, button, values in [
        (first, "_freeze", {}),
        (first, "_release", {}),
        (second, "_freeze", {}),
        (second, "_withdraw", {"reason": "Te vroeg."}),
    ]:
        with deeds() as told:
            press(desk, moment, button, **values)
        told_of += [
            line["message"] for line in told if line["object"] == "measures.ReportingMoment"
        ]

    assert told_of == ["letter_frozen", "letter_published", "letter_frozen", "letter_withdrawn"]


def test_a_letter_that_becomes_public_by_itself_is_told_without_a_name(keeper, deeds):
    moment = make_moment(on=DAY)
    made_of_it = moments.freeze(moment, by=keeper, reason_for=lambda row: "Zo is het.")
    moments.render_files(made_of_it)
    ReportingMoment.objects.filter(pk=moment.pk).update(release_at="2024-01-02T00:00Z")

    with deeds() as told:
        call_command("release_due")

    (line,) = [line for line in told if line["message"] == "letter_published"]
    assert (line["user"], line["name"]) == (None, "")


def test_a_value_that_is_put_back_is_told_as_that(desk, deeds):
    measure = make_measure("Een loket")
    measure.title = "Een fuot"
    measure.save()
    entry = entries_of(measure).first()
    address = reverse("admin:measures_measure_put_back", args=[measure.pk, entry.pk])
    version = str(desk.get(address).context["object"].version)

    with deeds() as told:
        desk.post(address, {"opened_version": version})

    assert [(line["message"], line["fields"]) for line in told] == [("put_back", ["title"])]


def test_at_the_door_everything_is_told(settings, deeds):
    settings.SECOND_FACTOR = True
    person = colleague("wil", "redacteur")
    person.set_password(PASSWORD)
    person.save()
    device = TOTPDevice.objects.create(user=person, name="app", confirmed=True)
    client = Client()
    refused = metrics.SIGN_INS.labels(SignInEvent.Kind.REFUSED)._value
    before = refused.get()
    with deeds() as told:
        log_in(client, "wil", "verkeerd")
        log_in(client, "wil", PASSWORD)
        give(client, "000000")
        device.refresh_from_db()
        TOTPDevice.objects.update(throttling_failure_count=0)
        give(client, code_of(device))
        client.post(reverse("admin:logout"))

    assert [(line["message"], line["result"]) for line in told] == [
        ("sign_in_failed", "refused"),
        ("password_accepted", "ok"),
        ("second_factor_failed", "refused"),
        ("signed_in", "ok"),
        ("signed_out", "ok"),
    ]
    assert {line["name"] for line in told} == {"wil"}
    assert refused.get() == before + 1


def test_the_first_app_and_its_loss_are_told(settings, keeper, desk, deeds):
    person = colleague("wil", "redacteur")
    with deeds() as told:
        SignInEvent.objects.create(kind=SignInEvent.Kind.SECOND_FACTOR, user=person, name="wil")
    assert [(line["message"], line["user"]) for line in told] == [("second_factor_set", person.pk)]

    with deeds() as told:
        act(desk, "forget_device", person)

    (line,) = [line for line in told if line["message"] == "second_factor_reset"]
    assert (line["object"], line["id"]) == ("auth.User", str(person.pk))


def act(desk, action, person):
    return desk.post(
        reverse("admin:auth_user_changelist"),
        {"action": action, "_selected_action": [person.pk]},
    )


def test_single_sign_on_that_is_unlinked_is_told(desk, deeds):
    person = colleague("wil", "redacteur")
    Identity.objects.create(user=person, issuer="https://inlog.example", subject="1")

    with deeds() as told:
        act(desk, "forget_identity", person)

    assert [line["message"] for line in told] == ["sso_unlinked"]


def test_a_role_that_is_given_or_taken_is_told(keeper, deeds):
    person = colleague("wil", "redacteur")
    group = Group.objects.get(name="fiatteur")
    told_of = []
    for change in (
        lambda: person.groups.add(group),
        lambda: person.groups.remove(group),
        lambda: give_all(person, True),
        lambda: give_all(person, False),
    ):
        with deeds() as told, acting(keeper):
            change()
        told_of += [(line["message"], line["name"], line["fields"]) for line in told]

    assert told_of == [
        ("role_given", "keeper", ["groups"]),
        ("role_taken", "keeper", ["groups"]),
        ("role_given", "keeper", ["is_superuser"]),
        ("role_taken", "keeper", ["is_superuser"]),
    ]


def give_all(person, may):
    person.is_superuser = may
    person.save()


def test_a_new_password_is_told_and_never_shown(desk, deeds):
    person = colleague("wil", "redacteur")
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    new = "een nieuw en heel lang woord"

    with deeds() as told:
        desk.post(address, {"usable_password": "true", "password1": new, "password2": new})

    assert [line["message"] for line in told] == ["password_changed"]
    assert new not in str(told)


def test_what_is_taken_out_of_the_site_is_told(desk, deeds):
    evidence = make_evidence(
        report(make_measure(), Status.PLANNED, on=DAY), content=b"Het verslag.", name="verslag.txt"
    )
    for address, action in [
        (reverse("admin:measures_measure_spreadsheet_download", args=["csv"]), "exported"),
        (reverse("admin:measures_evidence_file", args=[evidence.pk]), "viewed_evidence"),
        (reverse("admin:signin_signinevent_changelist"), "viewed_sign_ins"),
    ]:
        with deeds() as told:
            answer = desk.get(address)
            assert answer.status_code == 200
            answer.getvalue()
        assert [line["message"] for line in told] == [action]
        assert told[0]["name"] == "keeper"
    with deeds() as told:
        data = {"day": "2024-12-31", "format": "csv"}
        assert desk.post(reverse("admin:annex"), data).status_code == 200
    assert [line["message"] for line in told] == ["exported"]


def test_every_address_that_is_told_of_is_there():
    def names(patterns, space=""):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}"
            else:
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from names(pattern.url_patterns, inner)

    known = set(names(get_resolver().url_patterns))
    assert {name for name, method in audit.READS} <= known
    with pytest.raises(NoReverseMatch):
        reverse("admin:no_such_screen")


def test_a_list_that_is_read_in_is_told(desk, deeds):
    from django.core.files.uploadedfile import SimpleUploadedFile

    make_measure("Loket", number=1)
    rows = current()
    rows[0] |= {"Titel": "Nieuw loket"}
    page = desk.post(
        reverse("admin:measures_measure_spreadsheet"),
        {"file": SimpleUploadedFile("lijst.xlsx", made(rows))},
        follow=True,
    )

    with deeds() as told:
        desk.post(page.wsgi_request.path, {"digest": page.context["plan"].digest, "_concept": "1"})

    assert sorted(line["message"] for line in told) == ["changed", "imported"]


def test_what_one_statement_changes_in_many_records_is_a_line_for_each(keeper, deeds):
    measure = make_measure()
    for day in (DAY, date(2024, 2, 1)):
        report(measure, Status.PLANNED, on=day, publication=CONCEPT)

    with deeds() as told, acting(keeper):
        measure.updates.update(explanation="Nader bekeken.")

    assert [(line["message"], line["name"], line["fields"]) for line in told] == [
        ("changed", "keeper", ["explanation"])
    ] * 2


def test_what_is_refused_is_told(browser_of, deeds):
    reader = browser_of(colleague("lezer", "lezer"))

    with deeds() as told:
        assert reader.get(reverse("admin:auth_user_add")).status_code == 403

    assert [(line["message"], line["result"]) for line in told] == [("refused", "refused")]


def test_what_is_rolled_back_is_not_told(concept, writer, deeds):
    class Stop(Exception):
        pass

    def submit_and_fail():
        with transaction.atomic():
            concept.submit(writer)
            raise Stop

    with deeds() as told, pytest.raises(Stop):
        submit_and_fail()

    assert told == []
    assert not ReviewStep.objects.filter(kind=ReviewStep.Kind.SUBMITTED).exists()


def test_what_a_command_loads_is_no_deed_of_anybody(deeds):
    with deeds() as told:
        report(make_measure(), Status.PLANNED, on=DAY)

    assert told == []


def test_the_audit_log_can_have_a_file_of_its_own(tmp_path):

    from kwalibo.monitoring import logs

    made_of = logs.configuration(format="text", audit_log=str(tmp_path / "audit.log"), mails=False)

    assert made_of["loggers"]["kwalibo.audit"]["propagate"] is False
    handler = made_of["handlers"]["audit"]
    assert (handler["filename"], handler["formatter"]) == (str(tmp_path / "audit.log"), "json")
