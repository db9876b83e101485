"""A rendered annex is kept: made once, found again, and never in the way of another."""

from datetime import date

import pytest

from measures import annex
from measures.annex import files
from measures.models import AnnexFile, Status
from tests.factories import make_measure, report

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)


@pytest.fixture
def measure():
    return make_measure("Onderwerp", number=1)


@pytest.fixture
def rendered(monkeypatch):
    """The formats that were really rendered, in order."""
    found = []

    def render(content, format):
        found.append(format)
        return annex.render(content, format)

    monkeypatch.setattr(files, "render", render)
    return found


def test_a_file_is_made_once_as_long_as_the_annex_says_the_same(measure, rendered):
    _, first = files.get_or_render(DAY, "csv")
    _, second = files.get_or_render(DAY, "csv")

    assert rendered == ["csv"]
    assert bytes(first.content) == bytes(second.content)


def test_each_format_is_kept_by_itself(measure, rendered):
    files.get_or_render(DAY, "csv")
    files.get_or_render(DAY, "xlsx")

    assert rendered == ["csv", "xlsx"]


def test_news_makes_a_new_file_and_what_is_not_public_does_not(measure, rendered):
    files.get_or_render(DAY, "csv")
    report(measure, Status.PLANNED, on=DAY, explanation="Nog geheim.", publication="concept")
    files.get_or_render(DAY, "csv")
    assert rendered == ["csv"]

    report(measure, Status.PLANNED, on=DAY, explanation="Nu openbaar.")
    _, file = files.get_or_render(DAY, "csv")

    assert rendered == ["csv", "csv"]
    assert "Nu openbaar." in bytes(file.content).decode()


def test_when_the_record_goes_back_the_earlier_file_is_found_again(measure, rendered):
    files.get_or_render(DAY, "csv")
    update = report(measure, Status.PLANNED, on=DAY)
    files.get_or_render(DAY, "csv")
    update.withdraw("Vergissing")
    files.get_or_render(DAY, "csv")

    assert rendered == ["csv", "csv"]


def test_another_layout_of_the_same_content_is_another_file(measure, rendered, monkeypatch):
    files.get_or_render(DAY, "csv")
    monkeypatch.setattr(files, "LAYOUT", files.LAYOUT + 1)
    files.get_or_render(DAY, "csv")

    assert rendered == ["csv", "csv"]


def test_another_process_that_was_first_wins_and_nothing_is_kept_twice(measure, monkeypatch):
    content = annex.build(DAY)

    def overtaken(content, format):
        AnnexFile.objects.create(
            digest=files._digest(content), format=format, content=b"van de ander"
        )
        return b"van ons"

    monkeypatch.setattr(files, "render", overtaken)

    assert bytes(files.file_of(content, "csv").content) == b"van de ander"
    assert AnnexFile.objects.count() == 1


def test_the_oldest_files_go_when_there_are_too_many(measure, rendered, monkeypatch):
    monkeypatch.setattr(files, "KEPT", 3)

    for day in range(1, 7):
        files.get_or_render(date(2024, 12, day), "csv")

    assert AnnexFile.objects.count() == 3
    files.get_or_render(date(2024, 12, 6), "csv")
    assert len(rendered) == 6
    files.get_or_render(date(2024, 12, 1), "csv")
    assert len(rendered) == 7


def test_the_size_is_told_of_what_was_made_and_of_nothing_else(measure):
    content, file = files.get_or_render(DAY, "pdf")

    assert files.sizes(content) == {"pdf": len(bytes(file.content))}


def test_a_renderer_that_fails_leaves_nothing_and_does_not_block_the_next(measure, monkeypatch):
    def broken(content, format):
        raise RuntimeError

    monkeypatch.setattr(files, "render", broken)
    with pytest.raises(RuntimeError):
        files.get_or_render(DAY, "csv")
    monkeypatch.undo()

    assert not AnnexFile.objects.exists()
    assert bytes(files.get_or_render(DAY, "csv")[1].content)
