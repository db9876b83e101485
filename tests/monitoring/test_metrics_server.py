"""The address of the metrics, on the real server: who may ask, and that nothing is lost."""

import http.client
import json
import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.operations.server import Server

pytestmark = pytest.mark.xdist_group("servers")
TOKEN = "een-woord-dat-niemand-raadt-0123456789"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory, request):
    """Two workers that count together."""
    static_root = request.getfixturevalue("static_root")
    port, folder = free_port(), tmp_path_factory.mktemp("site")
    with Server(
        folder,
        STATIC_ROOT=static_root,
        METRICS_BIND=f"127.0.0.1:{port}",
        METRICS_TOKEN=TOKEN,
        PROMETHEUS_MULTIPROC_DIR=str(folder / "metrics"),
        WEB_CONCURRENCY="2",
        LOG_FORMAT="json",
    ) as server:
        server.manage("migrate", "--verbosity=0")
        server.start()
        server.metrics_port = port
        yield server


def scrape(server, path="/metrics", method="GET", **headers) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", server.metrics_port, timeout=30)
    line.request(method, path, headers=headers or {"Authorization": f"Bearer {TOKEN}"})
    answer = line.getresponse()
    status, text = answer.status, answer.read().decode()
    line.close()
    return status, text


def number(text: str, name: str) -> float:
    """The sum of all samples of this name."""
    found = re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))


def test_the_public_port_knows_no_metrics(site):
    for path in ("/metrics", "/metrics/", "/health/metrics"):
        answer = site.get(path, Authorization=f"Bearer {TOKEN}")
        assert answer.status == 404
        assert "kwalibo_requests" not in answer.text


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"bearer {TOKEN}",
        f"Basic {TOKEN}",
        "Bearer é",
    ],
)
def test_without_the_word_nothing_is_told(site, header):
    given = {"Accept": "*/*"} if header is None else {"Authorization": header.encode()}

    status, text = scrape(site, **given)

    assert (status, text) == (401, "")


def test_the_address_of_the_metrics_has_nothing_else(site):
    for path in ("/", "/beheer/", "/metrics/../", "/metrics?x=1"):
        assert scrape(site, path)[0] == 404
    assert scrape(site, method="POST")[0] == 501


def test_all_workers_count_together_and_go_on_counting_when_one_is_replaced(site):
    before = number(scrape(site)[1], "kwalibo_requests_total")
    for _ in range(20):
        site.get("/partijen/")
    time.sleep(1.5)
    after = scrape(site)[1]
    assert number(after, "kwalibo_requests_total") == before + 20
    assert number(after, 'kwalibo_page_cache_total{answer="hit"}') >= 15

    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text()
    for worker in children.split():
        os.kill(int(worker), signal.SIGKILL)
    site.wait_for("/health/live", seconds=60)
    for _ in range(10):
        site.get("/partijen/")
    time.sleep(1.5)

    again = scrape(site)[1]
    assert number(again, "kwalibo_requests_total") >= before + 30
    files = list((site.folder / "metrics").glob("*.db"))
    assert len(files) <= 4  # Two workers with two kinds of counts, as before.


def test_a_scrape_tells_of_both_the_workers_and_the_database(site):
    status, text = scrape(site)

    assert status == 200
    for name in (
        *("kwalibo_requests_total", "kwalibo_request_seconds_bucket", "kwalibo_page_cache_total"),
        *("kwalibo_request_queries_count", "kwalibo_query_seconds_total"),
        *("kwalibo_slow_queries_total", "kwalibo_database_up", "kwalibo_data_version"),
        *("kwalibo_releases_due", "kwalibo_mails", "kwalibo_task_patience_seconds"),
    ):
        assert f"\n{name}" in text
    assert TOKEN not in text


def test_the_log_of_the_server_is_json_to_the_last_line(site):
    site.get("/begrippen/")
    until = time.monotonic() + 5
    # The line of an answer is written when it has been sent.
    while '"/begrippen/"' not in site.log and time.monotonic() < until:
        time.sleep(0.02)

    lines = [json.loads(line) for line in site.log.splitlines()]

    assert {"gunicorn.error", "kwalibo.request"} <= {line["logger"] for line in lines}
    assert TOKEN not in site.log


def test_a_scrape_is_answered_while_the_database_is_away(tmp_path, static_root):
    port = free_port()
    with Server(
        tmp_path,
        STATIC_ROOT=static_root,
        METRICS_BIND=f"127.0.0.1:{port}",
        METRICS_TOKEN=TOKEN,
        DATABASE_URL="postgres://kwalibo:merkteken@127.0.0.1:1/kwalibo",
    ) as server:
        server.start()
        server.metrics_port = port
        server.get("/")

        began = time.monotonic()
        status, text = scrape(server)

        assert status == 200
        assert time.monotonic() - began < 10
        assert number(text, "kwalibo_database_up") == 0
        assert "kwalibo_data_version" not in text
        assert number(text, "kwalibo_requests_total") >= 1
        assert "merkteken" not in text + server.log


def test_a_server_that_stops_writes_the_lines_that_wait(tmp_path, static_root):
    with Server(tmp_path, STATIC_ROOT=static_root, LOG_FORMAT="json") as server:
        server.manage("migrate", "--verbosity", "0")
        server.start()
        for number in range(30):
            server.get(f"/partijen/?pagina={number}")

        server.ask_to_stop()
        server.process.wait(timeout=40)

    assert '"pagina=29"' in server.log
