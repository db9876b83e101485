"""The lines of requests are written together; none is lost, and none stands in the wrong place."""

import io
import logging
import subprocess
import sys
import threading

import pytest

from kwalibo.monitoring.logs import REQUEST, Lines


class Stream(io.StringIO):
    """Counts how often it was written to, and tells when."""

    def __init__(self):
        super().__init__()
        self.writes, self.written = 0, threading.Event()

    def write(self, text):
        self.writes += 1
        self.written.set()
        return super().write(text)


@pytest.fixture
def stream():
    return Stream()


@pytest.fixture
def handler(stream, monkeypatch):
    monkeypatch.setattr(Lines, "EVERY", 60)
    handler = Lines(stream)
    yield handler
    handler.close()


def line(message, name=REQUEST):
    return logging.LogRecord(name, logging.INFO, "", 0, message, (), None)


def test_many_requests_take_one_write(handler, stream):
    for number in range(100):
        handler.handle(line(f"verzoek {number}"))
    assert stream.writes == 0

    handler.flush()

    assert stream.writes == 1
    assert stream.getvalue().splitlines() == [f"verzoek {number}" for number in range(100)]


def test_they_are_written_by_themselves(handler, stream, monkeypatch):
    monkeypatch.setattr(Lines, "EVERY", 0.01)

    for message in ("een", "twee"):
        stream.written.clear()
        handler.handle(line(message))
        assert stream.written.wait(5)

    assert stream.getvalue() == "een\ntwee\n"


def test_another_line_is_written_at_once_and_in_its_order(handler, stream):
    handler.handle(line("verzoek"))
    handler.handle(line("er is iets mis", name="kwalibo.page_cache"))
    handler.handle(line("nog een verzoek"))

    assert stream.getvalue() == "verzoek\ner is iets mis\n"
    handler.flush()
    assert stream.getvalue() == "verzoek\ner is iets mis\nnog een verzoek\n"


def test_a_log_that_cannot_keep_up_holds_who_asks_and_not_the_memory(handler, stream, monkeypatch):
    monkeypatch.setattr(Lines, "MOST", 10)

    for number in range(25):
        handler.handle(line(str(number)))

    assert stream.getvalue().splitlines() == [str(number) for number in range(20)]


def test_a_line_that_cannot_be_made_takes_no_other_with_it(handler, stream, capsys):
    handler.handle(line("een"))
    handler.handle(logging.LogRecord(REQUEST, logging.INFO, "", 0, "%d", ("twee",), None))
    handler.handle(line("drie"))

    handler.flush()

    assert stream.getvalue() == "een\ndrie\n"
    assert "Logging error" in capsys.readouterr().err


def test_a_log_that_is_gone_stops_no_request(handler, stream, monkeypatch, capsys):
    def gone(text):
        raise BrokenPipeError

    monkeypatch.setattr(stream, "write", gone)
    handler.handle(line("een"))

    handler.flush()
    handler.handle(line("iets anders", name="kwalibo.page_cache"))

    assert "1 lines of requests" in capsys.readouterr().err


def test_what_waits_is_written_when_the_process_ends():
    program = (
        "import logging; from kwalibo.monitoring.logs import REQUEST, Lines; Lines.EVERY = 60; "
        "logging.basicConfig(handlers=[Lines()], level='INFO', format='%(message)s'); "
        "logging.getLogger(REQUEST).info('het laatste verzoek')"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stderr == "het laatste verzoek\n"
