"""What a party says of its own measures: seen by few, answered by staff, shown with its name."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from measures.models import Contribution, Involvement, ProgressUpdate, Status
from measures.rules import Reply, State, why_not_contribute, why_not_reply
from parties.publication import Publication
from tests.admin.forms import typed
from tests.desk.people import again, colleague
from tests.factories import CONCEPT, make_measure, make_party, make_theme, report
from tests.signin.people import code_of, give, log_in

pytestmark = pytest.mark.django_db

HOME = "/inbreng/"
DAY = date(2024, 5, 1)


def contact_of(party, name="cora", **values):
    person = colleague(name, "partij-contactpersoon", **values)
    person.is_staff = False
    person.save()
    person.assignment.party = party
    person.assignment.save()
    return again(person)


@pytest.fixture
def party():
    return make_party("Stichting Bodembeheer", abbreviation="SIKB")


@pytest.fixture
def measure(party):
    measure = make_measure("Eigen maatregel", lead=party)
    report(measure, Status.PLANNED, on=DAY, explanation="Dit schreef het ministerie.")
    return measure


@pytest.fixture
def contact(party):
    return contact_of(party)


@pytest.fixture
def desk(client, contact):
    client.force_login(contact)
    return client


@pytest.fixture
def writer(db):
    return colleague("schrijver", "redacteur")


@pytest.fixture
def approver(db):
    return colleague("fiatteur", "fiatteur")


def send(desk, measure, **values):
    page = desk.get(reverse("contribute", args=[measure.number]))
    data = {"kind": "voorstel", "explanation": "Wij zijn klaar.", "status": "geimplementeerd"}
    return desk.post(page.wsgi_request.path, typed(page, **data | values), follow=True)


def made(measure, contact, **values):
    values = {
        "kind": "voorstel",
        "explanation": "Wij zijn klaar.",
        "status": Status.IMPLEMENTED,
        "reporting_date": date(2024, 6, 1),
    } | values
    return Contribution.objects.create(
        measure=measure, party=contact.assignment.party, author=contact, **values
    )


# What a contact person sees.


def test_a_contact_person_sees_the_public_measures_of_their_party_and_no_others(
    desk, party, measure
):
    involved = make_measure("Ook een rol")
    Involvement.objects.create(measure=involved, party=party)
    make_measure("Van een ander")
    make_measure("Nog geheim", lead=party, publication=CONCEPT)

    page = desk.get(HOME)

    assert "Eigen maatregel" in page.text
    assert "Ook een rol" in page.text
    assert "Van een ander" not in page.text
    assert "Nog geheim" not in page.text


@pytest.mark.parametrize("values", [{}, {"publication": CONCEPT}])
def test_the_measure_of_another_is_not_there(desk, party, values):
    lead = party if values else make_party()
    other = make_measure(lead=lead, **values)

    assert desk.get(reverse("contribute", args=[other.number])).status_code == 404
    assert desk.post(reverse("contribute", args=[other.number]), {}).status_code == 404


def test_nothing_of_the_desk_is_open_to_a_contact_person(desk, measure):
    for address in (
        "/beheer/",
        "/beheer/measures/measure/",
        f"/beheer/measures/measure/{measure.pk}/change/",
        "/beheer/measures/contribution/",
        "/beheer/handleiding/",
    ):
        answer = desk.get(address, follow=True)
        assert answer.request["PATH_INFO"] == HOME


def test_what_other_parties_sent_is_not_there(desk, measure):
    other = contact_of(make_party(), "ander")
    made(measure, other, explanation="Geheim van een ander.")

    assert "Geheim van een ander" not in desk.get(HOME).text


def test_staff_and_visitors_have_no_such_pages(client, measure, writer):
    assert client.get(HOME).headers["Location"].startswith("/beheer/login/")
    client.force_login(writer)
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("lost", ["group", "link", "party", "active"])
def test_who_speaks_for_nobody_any_more_is_out(desk, contact, party, lost):
    if lost == "group":
        contact.groups.clear()
    elif lost == "link":
        contact.assignment.party = None
        contact.assignment.save()
    elif lost == "party":
        party.publication = Publication.WITHDRAWN
        party.save()
    else:
        contact.is_active = False
        contact.save()

    assert desk.get(HOME).status_code == 302


def test_a_contact_person_comes_through_the_same_two_doors(client, contact, settings, measure):
    settings.SECOND_FACTOR = True
    contact.set_password("een heel lang wachtwoord")
    contact.save()
    device = TOTPDevice.objects.create(user=contact, name="app")

    log_in(client, contact.username, "een heel lang wachtwoord")
    assert client.get(HOME, follow=True).request["PATH_INFO"] == reverse("second_factor")
    give(client, code_of(device))

    assert "Eigen maatregel" in client.get("/beheer/", follow=True).text


# Sending.


def test_a_proposal_is_kept_and_changes_nothing(desk, measure, contact):
    answer = send(desk, measure, url="https://voorbeeld.example/verslag")

    assert "Het ministerie bekijkt wat u instuurde" in answer.text
    found = Contribution.objects.get()
    assert (found.party, found.author, found.kind) == (
        contact.assignment.party,
        contact,
        "voorstel",
    )
    assert found.about == measure.updates.get()
    measure.refresh_from_db()
    assert measure.status == Status.PLANNED
    assert "Wij zijn klaar" not in desk.get(measure.get_absolute_url()).text


def test_a_confirmation_needs_no_text(desk, measure):
    send(desk, measure, kind="bevestiging", explanation="", status="")

    assert Contribution.objects.get().kind == "bevestiging"


def test_sending_twice_makes_one(desk, measure):
    page = desk.get(reverse("contribute", args=[measure.number]))
    data = typed(page, kind="voorstel", explanation="Nieuws.")

    for _ in range(2):
        answer = desk.post(page.wsgi_request.path, data, follow=True)

    assert "al ingestuurd" in answer.text
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"kind": ""}, "kind", "verplicht"),
        ({"explanation": " "}, "explanation", "Vul in wat er niet klopt"),
        ({"kind": "bevestiging"}, "status", "geen andere status"),
        ({"reporting_date": "2999-01-01"}, "reporting_date", "toekomst"),
        ({"url": "javascript:alert(1)"}, "url", "geldige URL"),
        ({"status": "vervallen"}, "status", "geen beschikbare keuze"),
        (
            {"document": SimpleUploadedFile("x.html", b"<html><script></script></html>")},
            "document",
            "nemen wij niet aan",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(desk, measure, values, field, message):
    page = send(desk, measure, **values)

    assert message in str(page.context["form"].errors[field])
    assert not Contribution.objects.exists()


def test_a_text_outlives_its_session(client, desk, contact, measure):
    page = desk.get(reverse("contribute", args=[measure.number]))
    client.logout()

    client.post(page.wsgi_request.path, typed(page, kind="voorstel", explanation="Lange tekst."))
    client.force_login(contact)

    assert "Lange tekst." in client.get(page.wsgi_request.path).text


# What staff do with it: the whole table.

MAY = {
    "lezer": set(),
    "redacteur": {Reply.TAKE, Reply.NOTE, Reply.DECLINE},
    "fiatteur": {Reply.SHOW},
    "beheerder": {Reply.TAKE, Reply.NOTE, Reply.DECLINE},
    "partij-contactpersoon": set(),
}


@pytest.mark.parametrize("role", MAY)
def test_who_may_do_what_with_a_contribution(measure, contact, role):
    person = colleague("iemand", role)
    found = made(measure, contact, about=measure.updates.get())
    every = product(Reply, Contribution.Kind, Contribution.State, [False, True])
    for reply, found.kind, found.state, is_shown in every:
        found.shown_at = timezone.now() if is_shown else None
        allowed = reply in MAY[role] or (reply == Reply.HIDE and Reply.SHOW in MAY[role])
        if reply in (Reply.SHOW, Reply.HIDE):
            allowed = allowed and is_shown == (reply == Reply.HIDE)
        else:
            allowed = allowed and found.state == Contribution.State.NEW
        if reply == Reply.TAKE:
            allowed = allowed and found.kind != Contribution.Kind.CONFIRMS
        assert bool(why_not_reply(person, reply, found)) is not allowed, (reply, vars(found))


def test_nobody_decides_about_their_own_text_or_outside_their_field(measure, contact):
    found = made(measure, contact)
    elsewhere = colleague("elders", "redacteur", themes=[make_theme()])
    boss = colleague("baas", "redacteur", is_superuser=True)
    found_by_boss = made(measure, contact)
    found_by_boss.author = boss

    assert "werkgebied" in why_not_reply(elsewhere, Reply.TAKE, found)
    assert "zelf" in why_not_reply(boss, Reply.SHOW, found_by_boss)


def test_only_the_contact_person_of_a_party_with_a_part_may_contribute(measure, contact, writer):
    party = contact.assignment.party
    assert why_not_contribute(contact, party, measure) == ""
    assert why_not_contribute(contact, party, make_measure())
    assert why_not_contribute(contact, make_party(), measure)
    assert why_not_contribute(writer, party, measure)
    # The model asks it too, whichever screen there will be.
    found = Contribution(measure=make_measure(), party=party, author=contact, about=None)
    found.kind, found.explanation, found.reporting_date = "voorstel", "Nieuws.", DAY
    with pytest.raises(ValidationError, match="geen rol"):
        found.full_clean()


def test_what_is_taken_over_becomes_a_concept_with_its_evidence(
    desk, client, measure, writer, approver
):
    file = SimpleUploadedFile("verslag.txt", b"Het verslag.")
    send(desk, measure, document=file)
    found = Contribution.objects.get()
    client.force_login(writer)
    page = client.get(reverse("admin:measures_contribution_change", args=[found.pk]))
    assert "Dit schreef het ministerie." in page.text
    assert "verslag.txt" in page.text
    file_answer = client.get(reverse("admin:measures_contribution_file", args=[found.pk]))
    assert file_answer.getvalue() == b"Het verslag."

    client.post(page.wsgi_request.path, {"_TAKE": "1", "answer": "Dank!"})

    found.refresh_from_db()
    update = found.update
    assert (found.state, found.answer, found.answered_by) == ("overgenomen", "Dank!", writer)
    assert (update.state, update.author) == (State.DRAFT, writer)
    assert (update.status, update.explanation) == (Status.IMPLEMENTED, "Wij zijn klaar.")
    evidence = update.evidence.get()
    assert evidence.visibility == "intern"
    with evidence.document.open("rb") as stored:
        assert stored.read() == b"Het verslag."
    # From here it goes as every text goes.
    update.submit(writer)
    update.approve(approver)
    update.publish(writer)
    measure.refresh_from_db()
    assert measure.status == Status.IMPLEMENTED


def test_a_refusal_says_why_and_the_party_reads_it(desk, client, measure, contact, writer):
    found = made(measure, contact)
    with pytest.raises(ValidationError, match="Zeg waarom"):
        found.decline(writer, " ")
    found.refresh_from_db()
    assert found.state == "nieuw"

    found.decline(writer, "Er is nog geen besluit.")

    assert "Er is nog geen besluit." in desk.get(HOME).text


def test_two_colleagues_do_not_both_answer(measure, contact, writer):
    found = made(measure, contact)
    other = Contribution.objects.get()
    found.take_over(writer)

    with pytest.raises(ValidationError, match="al geantwoord"):
        other.take_over(writer)
    assert ProgressUpdate.objects.concepts().count() == 1


# On the website.


def test_it_is_on_the_website_only_when_shown_and_under_the_name_of_the_party(
    client, measure, contact, approver
):
    found = made(measure, contact, explanation="Zo zien wij het.")
    address = measure.get_absolute_url()
    assert "Zo zien wij het." not in client.get(address).text

    found.show(approver)

    page = client.get(address).text
    assert "Zo zien wij het." in page
    assert "Stichting Bodembeheer</a> het" in page
    assert "Het is niet de tekst van het ministerie." in page
    assert contact.username not in page
    measure.refresh_from_db()
    assert measure.status == Status.PLANNED

    found.hide(approver)
    assert "Zo zien wij het." not in client.get(address).text


def test_a_writer_alone_puts_nothing_of_a_party_on_the_website(measure, contact, writer):
    with pytest.raises(ValidationError, match="rechten"):
        made(measure, contact).show(writer)


def test_what_is_not_public_hides_it_again(client, measure, contact, approver, party):
    found = made(measure, contact)
    found.show(approver)
    assert Contribution.objects.public().count() == 1

    party.publication = Publication.WITHDRAWN
    party.save()

    assert not Contribution.objects.public().exists()


def test_on_a_day_before_it_it_is_not_there(client, measure, contact, approver):
    found = made(measure, contact, reporting_date=date(2024, 6, 1), explanation="Zo zien wij het.")
    found.show(approver)
    address = measure.get_absolute_url()

    assert "Zo zien wij het." not in client.get(f"{address}?peildatum=2024-05-15").text
    assert "Zo zien wij het." in client.get(f"{address}?peildatum=2024-06-15").text
    yesterday = timezone.localdate() - timedelta(days=1)
    known = f"{address}?peildatum={yesterday}&bekend_op={yesterday}"
    assert "Zo zien wij het." not in client.get(known).text


def test_the_lists_of_staff_work(client, measure, contact, writer):
    made(measure, contact)
    client.force_login(writer)

    page = client.get(reverse("admin:measures_contribution_changelist"))

    assert "Stichting Bodembeheer" in page.text
    assert client.get("/beheer/measures/contribution/add/").status_code == 403
