"""The public site as plain files: whole, without a server, and with nothing that is not public."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from kwalibo.archive import writing
from kwalibo.archive.writing import MANIFEST, READ_ME, sha256
from measures import annex
from measures.loading import SHIPPED, load, reconstructions
from measures.models import Status
from tests.annex.reading import words_in
from tests.factories import make_measure, report
from tests.test_crawl import MARKER, hide_the_marker_everywhere

pytestmark = pytest.mark.django_db

DOCUMENTS = {".odt", ".docx", ".pdf", ".xlsx", ".ods"}
LINK = re.compile(r'\s(?:href|src)="([^"]*)"')


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def export(folder: Path, **options) -> dict[str, bytes]:
    call_command("export_static", output=str(folder), verbosity=0, **options)
    return files_of(folder)


def broken_links(folder: Path) -> list[tuple[str, str]]:
    """Every link of a page to a file that is not there."""
    broken = []
    for page in folder.rglob("*.html"):
        for link in LINK.findall(page.read_text()):
            url = urlsplit(unescape(link))
            if url.scheme or not url.path:
                continue
            target = (page.parent / unquote(url.path)).resolve()
            if not target.is_file() or not target.is_relative_to(folder):
                broken.append((page.relative_to(folder).as_posix(), link))
    return broken


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the real site, in which everything that is not public holds the marker."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings = override_settings(
        EVIDENCE_DIR=tmp_path_factory.mktemp("bewijsstukken"),
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": plain},
        },
    )
    folder = tmp_path_factory.mktemp("archief")
    with django_db_blocker.unblock(), settings, transaction.atomic():
        load(SHIPPED)
        reconstructions.finish()
        hide_the_marker_everywhere()
        for name in ("kopie", "nog eens"):
            call_command("export_static", output=str(folder / name), verbosity=0)
        transaction.set_rollback(True)
    return folder / "kopie"


def test_the_same_data_and_the_same_day_give_the_same_bytes(whole):
    assert files_of(whole) == files_of(whole.with_name("nog eens"))


def test_every_link_of_the_copy_leads_to_a_file_in_it(whole):
    assert len(list(whole.rglob("*.html"))) > 100
    assert broken_links(whole) == []


def test_no_file_of_the_copy_holds_what_is_not_public(whole):
    for name, content in files_of(whole).items():
        ending = Path(name).suffix
        if ending in DOCUMENTS:
            words = words_in(content, ending[1:])
            assert "kwalibo" in words.lower() or "maatregel" in words.lower(), name
        else:
            words = content.decode("utf-8", errors="ignore")
        assert MARKER.lower() not in words.lower(), name
        assert MARKER.lower() not in name.lower()


def test_no_page_of_the_copy_has_a_form_or_leads_to_staff(whole):
    for page in whole.rglob("*.html"):
        text = page.read_text()
        assert "<form" not in text, page
        assert "data-live" not in text, page
        for place in ("/beheer/", "/inbreng/", "/klopt-dit-niet/"):
            assert place not in text, page


def test_every_page_says_that_it_is_a_copy_and_of_which_day(whole):
    today = timezone.localdate().isoformat()
    for page in whole.rglob("*.html"):
        text = page.read_text()
        assert text.count("Archiefkopie, stand op") == 1, page
        assert f'stand op <time datetime="{today}">' in text, page


def test_all_that_can_be_fetched_is_in_it(whole):
    names = set(files_of(whole))
    today = timezone.localdate().isoformat()

    assert {
        *(f"bijlage/bijlage-kwalibo-{today}.{name}" for name in annex.FORMATS),
        *(f"kamerbrieven/slotbrief-2025/bijlage.{name}" for name in [*annex.FORMATS, "json"]),
        *(f"maatregelen.{e}" for e in ["csv", "json", "xlsx", "ods"]),
        "maatregelen/7/verwijzing.bib",
        "static/css/site.css",
        "static/vendor/fira-sans/fira-sans-latin-400-normal.woff2",
        "vergelijken/index--tot-slotbrief-2025--van-verzamelbrief-2023-12-29.html",
    } <= names
    assert [name for name in names if re.fullmatch(r"maatregelen/7/standen/\d+/index.html", name)]
    assert [name for name in names if re.fullmatch(r"bewijsstukken/[\w-]+/\S+\.txt", name)]


def test_the_manifest_has_every_file_with_its_hash_and_the_read_me_says_what_it_is(whole):
    lines = (whole / MANIFEST).read_text().splitlines()
    told = dict(reversed(line.split("  ", 1)) for line in lines)
    names = set(files_of(whole)) - {MANIFEST}

    assert told == {name: sha256(whole / name) for name in names}
    read_me = (whole / READ_ME).read_text()
    pages = len(list(whole.rglob("*.html")))
    assert f"Bladzijden:                {pages}\n" in read_me
    assert "Archiefkopie van Kwalibo-voortgang" in read_me
    assert "Niet opgenomen" not in read_me


# A copy of a day, and of long lists.


@pytest.fixture
def site():
    """Thirty measures, of which one got further in 2024."""
    measures = [make_measure(f"Maatregel over {n}") for n in range(30)]
    first = measures[0]
    report(first, Status.PLANNED, on=date(2022, 1, 1), explanation="Het plan ligt er.")
    report(first, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Het is klaar.")
    return first


def test_a_copy_of_a_past_day_tells_of_that_day_and_its_lists_are_complete(site, tmp_path):
    files = export(tmp_path / "kopie", peildatum="2023-01-01")

    page = files[f"maatregelen/{site.number}/index.html"].decode()
    assert "Het plan ligt er." in page
    assert "Het is klaar." not in page
    assert 'Archiefkopie, stand op <time datetime="2023-01-01">1 januari 2023</time>' in page
    assert "Stand op (peildatum):      1 januari 2023" in files[READ_ME].decode()
    assert "bijlage/bijlage-kwalibo-2023-01-01.csv" in files
    assert broken_links(tmp_path / "kopie") == []
    pages = files["maatregelen/index.html"] + files["maatregelen/index--pagina-2.html"]
    for number in range(30):
        assert f"Maatregel over {number}<".encode() in pages
    assert b'href="index--pagina-2.html"' in files["maatregelen/index.html"]


# Any site: what it does with links, and where it goes.


@pytest.fixture
def tiny(settings):
    """A site of a few pages in the place of the real one."""
    settings.ROOT_URLCONF = "tests.archive.tiny"


def test_what_links_and_the_sitemap_lead_to_is_in_it_under_names_that_stay(tiny, tmp_path):
    files = export(tmp_path / "kopie")

    assert set(files) == {
        "index.html",
        "lijst/index.html",
        "lijst/index--pagina-2.html",
        "lijst/index--pagina-2--soort-a.html",
        "deel/index--x-1.html",
        "nieuw/index.html",
        "volgen/index.atom",
        "stil/index.html",
        "sitemap.xml",
        MANIFEST,
        READ_ME,
    }


def test_links_lead_to_files_and_what_is_not_there_is_text_and_told(tiny, tmp_path):
    files = export(tmp_path / "kopie")
    home = files["index.html"].decode()

    for kept in [
        '<a href="lijst/index.html">Lijst</a>',
        '<a href="lijst/index--pagina-2--soort-a.html">Tweede van a</a>',
        '<span class="site-archive-off">Keuze</span>',
        '<a href="nieuw/index.html">Oud adres</a>',
        '<span class="site-archive-off">Weg</span>',
        '<a href="volgen/index.atom">Volgen</a>',
        '<a href="deel/index--x-1.html#einde">Deel</a>',
        '<a href="https://elders.example/">Elders</a>',
    ]:
        assert kept in home, kept
    assert "- /weg/\n" in files[READ_ME].decode()


# Where it goes.


def test_a_folder_that_holds_something_is_left_alone(tiny, tmp_path):
    folder = tmp_path / "kopie"
    folder.mkdir()
    (folder / "brief.txt").write_text("Van mij.")

    for options in ({}, {"force": True}):
        with pytest.raises(CommandError):
            export(folder, **options)
    assert files_of(folder) == {"brief.txt": b"Van mij."}
    assert [path.name for path in tmp_path.iterdir()] == ["kopie"]


def test_an_earlier_copy_is_replaced_when_asked_for(tiny, tmp_path):
    folder = tmp_path / "kopie"
    export(folder)
    (folder / "oud.html").write_text("Oud.")

    with pytest.raises(CommandError, match="--force"):
        export(folder)
    assert (folder / "oud.html").exists()

    assert "oud.html" not in export(folder, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["kopie"]


def test_an_empty_folder_is_used(tiny, tmp_path):
    (tmp_path / "kopie").mkdir()

    assert READ_ME in export(tmp_path / "kopie")


def test_a_disk_that_is_full_leaves_nothing(tiny, tmp_path, monkeypatch):
    def fail(*args):
        raise OSError(28, "geen ruimte", "schijf")

    monkeypatch.setattr(writing, "_describe", fail)
    with pytest.raises(CommandError, match="schijf is niet te schrijven"):
        export(tmp_path / "kopie")
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_fails_leaves_nothing_and_an_earlier_copy_as_it_was(tiny, tmp_path, settings):
    before = export(tmp_path / "kopie")
    settings.ROOT_URLCONF = "tests.archive.tiny_that_fails"

    with pytest.raises(CommandError, match="/stuk/"):
        export(tmp_path / "kopie", force=True)
    assert files_of(tmp_path) == {f"kopie/{name}": text for name, text in before.items()}


def test_a_page_that_sets_a_cookie_stops_it(tmp_path, settings):
    settings.ROOT_URLCONF = "tests.archive.tiny_with_a_cookie"

    with pytest.raises(CommandError, match="cookie"):
        export(tmp_path / "kopie")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("peildatum", "output", "says"),
    [
        ("2999-01-01", "kopie", "in de toekomst"),
        ("gisteren", "kopie", "bestaat niet"),
        ("", "geen/map/kopie", "bestaat niet"),
        ("", "bestand", "is een bestand"),
    ],
)
def test_what_cannot_be_made_is_said(tmp_path, peildatum, output, says):
    (tmp_path / "bestand").write_text("x")

    with pytest.raises(CommandError, match=says):
        export(tmp_path / output, peildatum=peildatum)


def test_the_name_of_the_site_must_be_one_that_it_answers_to(tmp_path, settings):
    settings.SITE_URL = "https://elders.example"

    with pytest.raises(CommandError, match="ALLOWED_HOSTS"):
        export(tmp_path / "kopie")
