"""Django works on one question at a time, and one that takes long keeps nobody."""

import threading
from contextlib import contextmanager

import pytest

from kwalibo.turns import Turns

# Longer than anything here takes; a test that fails waits for so long once.
PATIENCE, FOREVER = 5, 600


class Site:
    """A site that works on a page until it is told to stop, and knows what it works on."""

    def __init__(self):
        self.working, self.most = [], 0
        self.changed = threading.Condition()
        self.may_end: set[str] = set()

    def __call__(self, environ, start):
        page = environ["PATH_INFO"]
        with self.changed:
            self.working.append(page)
            self.most = max(self.most, len(self.working))
            self.changed.notify_all()
            self.changed.wait_for(lambda: page in self.may_end, PATIENCE)
            self.working.remove(page)
            self.changed.notify_all()
        if page == "/broken/":
            raise ValueError(page)
        return [page.encode()]

    def let_go(self, *pages):
        with self.changed:
            self.may_end |= set(pages)
            self.changed.notify_all()

    def works_on(self, *pages, within=PATIENCE) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: sorted(self.working) == sorted(pages), within)


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def ask():
    """A context manager in which somebody asks each of these pages, all at once."""

    @contextmanager
    def ask(turns, *pages):
        answers = {}

        def get(page):
            try:
                answers[page] = turns({"PATH_INFO": page}, None)
            except ValueError as error:
                answers[page] = error

        threads = [threading.Thread(target=get, args=[page], daemon=True) for page in pages]
        for thread in threads:
            thread.start()
        yield answers
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    return ask


def test_pages_are_made_one_after_the_other(site, ask):
    turns = Turns(site, longest=FOREVER)
    pages = [f"/maatregelen/{number}/" for number in range(8)]

    with ask(turns, *pages) as answers:
        site.let_go(*pages)

    assert site.most == 1
    assert answers == {page: [page.encode()] for page in pages}


def test_the_next_one_begins_only_when_the_one_before_is_done(site, ask):
    turns = Turns(site, longest=FOREVER)

    with ask(turns, "/1/"):
        assert site.works_on("/1/")
        with ask(turns, "/2/"):
            assert not site.works_on("/1/", "/2/", within=0.1)
            site.let_go("/1/")
            assert site.works_on("/2/")
            site.let_go("/2/")


def test_a_large_document_keeps_nobody(site, ask):
    turns = Turns(site, longest=0.02)

    with ask(turns, "/bijlage.pdf"):
        assert site.works_on("/bijlage.pdf")
        with ask(turns, "/1/"):
            assert site.works_on("/1/", "/bijlage.pdf")
            site.let_go("/1/")
        assert site.works_on("/bijlage.pdf")
        site.let_go("/bijlage.pdf")


def test_one_that_fails_ends_its_turn(site, ask):
    turns = Turns(site, longest=FOREVER)
    site.let_go("/broken/", "/1/")

    with ask(turns, "/broken/"):
        pass
    with ask(turns, "/1/") as answers:
        assert site.works_on(within=0.5)

    assert answers == {"/1/": [b"/1/"]}


@pytest.mark.parametrize("address", ["/health/ready", "/static/css/site.css"])
def test_a_monitor_and_a_style_sheet_do_not_wait(site, ask, address):
    turns = Turns(site, longest=FOREVER)

    with ask(turns, "/1/"):
        assert site.works_on("/1/")
        with ask(turns, address):
            assert site.works_on("/1/", address)
            site.let_go("/1/", address)
