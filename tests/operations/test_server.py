"""gunicorn as gunicorn.conf.py starts it."""

import threading
import time

import pytest

from tests.operations.server import Server

pytestmark = pytest.mark.xdist_group("servers")


def slow(environ, start_response):
    """An application that takes a second; /health/live answers at once."""
    if environ["PATH_INFO"] != "/health/live":
        time.sleep(1.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"klaar"]


def test_a_stop_lets_every_request_that_runs_come_to_its_end(tmp_path):
    with Server(tmp_path, "tests.operations.test_server:slow") as site:
        site.start()
        answers = []
        readers = [
            threading.Thread(target=lambda: answers.append(site.get("/lang/"))) for _ in range(4)
        ]
        for reader in readers:
            reader.start()
        time.sleep(0.5)
        site.ask_to_stop()
        for reader in readers:
            reader.join()

        assert [(answer.status, answer.text) for answer in answers] == [(200, "klaar")] * 4
        assert site.process.wait(timeout=30) == 0


def test_no_answer_tells_the_version_of_the_server(tmp_path):
    with Server(tmp_path, "tests.operations.test_server:slow") as site:
        site.start()
        headers = site.get("/health/live").headers

        assert not [value for value in headers.get("Server", "") if value.isdigit()]
