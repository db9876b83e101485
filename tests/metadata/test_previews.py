"""The picture that goes with a shared link."""

import struct
from datetime import date

import pytest

from measures import previews
from measures.models import Measure, Motion, Status
from measures.previews import image
from tests.factories import CONCEPT, make_measure, make_moment, make_motion, report

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 1)


@pytest.fixture(autouse=True)
def forget_pictures():
    image.render.cache_clear()


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def card(**values) -> previews.Card:
    return previews.Card(
        **{"kicker": "Maatregel M7", "title": "Titel", "state": "Gepland", "day": "Nu"} | values
    )


@pytest.mark.parametrize("status", list(Status))
def test_a_picture_is_1200_by_630_and_small_for_every_status(status):
    picture = previews.render(card(status=status.value, state=status.label))

    assert size(picture) == (1200, 630)
    assert len(picture) < 200_000


@pytest.mark.parametrize("title", ["", "#let x = [", "≥ 日本 🙂 \\", "woord" * 30, "lang " * 30])
def test_any_title_gives_a_picture(title):
    assert size(previews.render(card(title=title))) == (1200, 630)


def test_the_same_card_is_the_same_picture_byte_for_byte():
    first = previews.render(card())
    image.render.cache_clear()

    assert previews.render(card()) == first
    assert previews.digest(card()) != previews.digest(card(state="Onbekend"))


def test_a_measure_shows_its_status_of_the_day():
    desk = make_measure("Een loket", added_on=date(2023, 1, 1))
    report(desk, Status.PLANNED, on=date(2024, 1, 1))
    report(desk, Status.IMPLEMENTED, on=date(2025, 1, 1))

    then = previews.of_measure(Measure.objects.public_as_of(DAY).get(), DAY)
    now = previews.of_measure(Measure.objects.public_as_of().get(), date(2025, 6, 1))

    assert (then.title, then.state, then.day) == ("Een loket", "Gepland", "Stand op 1 juni 2024")
    assert now.state == "Geïmplementeerd"


def test_the_whole_counts_what_is_done():
    report(make_measure(), Status.IMPLEMENTED, on=DAY)
    make_measure()

    counts = Measure.objects.public_with_status().count_by_status()
    whole = previews.of_site(counts, DAY)

    assert whole.state == "1 van 2 bekende maatregelen geïmplementeerd"
    assert whole.bar == (("geimplementeerd", 50.0), ("onbekend", 50.0))
    assert previews.of_site(dict.fromkeys(Status, 0), DAY).state == "Nog geen maatregelen"


def test_a_motion_and_a_reconstructed_letter_say_whose_words_they_are():
    make_motion("Motie van het lid Moorlag", dossier="30015", paper_number="87")
    moment = make_moment("De brief van april", on=DAY)
    moment.is_reconstruction = True

    motion, letter = previews.of_motion(Motion.objects.get(), DAY), previews.of_letter(moment)

    assert motion.kicker == "Motie 30015-87"
    assert motion.state == "Volgens het ministerie: onbekend"
    assert letter.state == "Reconstructie uit openbare bronnen"


def test_who_has_the_picture_already_gets_none_and_nothing_is_made(client, monkeypatch):
    make_measure()
    first = client.get("/voorbeeld/site.png")
    monkeypatch.setattr(previews, "render", lambda card: pytest.fail("It was made again."))

    again = client.get("/voorbeeld/site.png", headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=600"
    assert again.status_code == 304


def test_what_is_not_public_has_no_picture(client):
    hidden = make_measure(publication=CONCEPT)
    motion = make_motion(publication=CONCEPT)
    moment = make_moment(on=DAY)

    for address in (
        f"/voorbeeld/maatregel-{hidden.number}.png",
        f"/voorbeeld/motie-{motion.slug}.png",
        f"/voorbeeld/kamerbrief-{moment.slug}.png",
    ):
        assert client.get(address).status_code == 404


def test_a_crowd_waits_for_nothing_longer_than_its_patience(client, monkeypatch):
    monkeypatch.setattr(image, "PATIENCE_SECONDS", 0.01)
    with image._making:
        response = client.get("/voorbeeld/site.png")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert client.get("/voorbeeld/site.png").status_code == 200


def test_a_process_keeps_no_more_than_some_pictures(monkeypatch):
    monkeypatch.setattr(image.typst, "compile", lambda *args, **kwargs: b"picture")
    for number in range(image.KEPT + 20):
        previews.render(card(title=f"Titel {number}"))

    assert image.render.cache_info().currsize == image.KEPT


def test_the_colours_are_those_of_the_tokens():
    """One look: who changes static/css/tokens.css changes the pictures with it."""
    from django.conf import settings

    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    for status, (edge, bar) in image.COLOURS.items():
        assert f"--site-{status}: {edge};" in tokens
        assert f"--site-{status}-bar: {bar};" in tokens
