"""Two servers of the site, one PostgreSQL, one Redis, and nginx in front: right through any door.

Everything runs on loopback in folders of its own. The proxy has the files of deploy/nginx.
"""

import re
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest

from kwalibo.signin.events import MOST_BY_NAME
from kwalibo.signin.forms import BLOCKED
from tests import evidence_files
from tests.machine import needs
from tests.operations import redis_server
from tests.operations.proxy import NAME, Proxy
from tests.operations.proxy import PROGRAM as NGINX
from tests.operations.redis_server import RedisServer
from tests.operations.server import Server
from tests.operations.team import (
    APPROVER,
    MANAGER,
    PASSWORD,
    SUMMARY_DAY,
    WRITER,
    fill_from_outside,
)
from tests.operations.visitor import Door, Visitor, form_of
from tests.postgres import Cluster, binaries

pytestmark = pytest.mark.xdist_group("servers")

START = "/beheer/"
# Longer than a server may go on showing what it kept, by what kwalibo/page_cache.py promises.
FRESH = 1.0


@dataclass
class Installation:
    database: str
    a: Server
    b: Server
    proxy: Proxy

    @property
    def front(self) -> Door:
        return self.proxy.door

    @property
    def at_a(self) -> Door:
        return self.past_the_proxy(self.a)

    @property
    def at_b(self) -> Door:
        return self.past_the_proxy(self.b)

    def past_the_proxy(self, server: Server) -> Door:
        """As the proxy would ask."""
        told = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.9"}
        return Door(server.port, None, told)

    def rows(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.database) as line:
            return line.execute(statement).fetchall()


@pytest.fixture(scope="module")
def site(tmp_path_factory, static_root):
    needs(binaries(), "PostgreSQL is not on this machine")
    needs(redis_server.PROGRAM, "neither Redis nor Valkey is on this machine")
    needs(NGINX and shutil.which("openssl"), "nginx or openssl is not on this machine")
    folder = tmp_path_factory.mktemp("several")
    cluster, redis = Cluster(), RedisServer(folder)
    try:
        redis.start()
        settings = {
            "DATABASE_URL": cluster.start(),
            "CACHE_URL": redis.url,
            "STATIC_ROOT": static_root,
            "SECRET_KEY": "Kx3-een-sleutel-die-alleen-deze-proef-kent-en-die-lang-genoeg-is-7Qz",
            "EVIDENCE_DIR": f"{folder}/bewijsstukken",
            "ALLOWED_HOSTS": NAME,
            "SITE_URL": f"https://{NAME}",
            "HTTPS": "1",
            "BEHIND_PROXY": "1",
            "SECOND_FACTOR": "0",
            "OPEN_FORM_HOURLY": "4",
            # Limits per minute have a test of their own.
            "RATE_LIMITS": "0",
        }
        a, b = (Server(folder / name, **settings) for name in "ab")
        with a, b:
            fill_from_outside(a)
            for server in (a, b):
                server.folder.mkdir()
                server.start()
            proxy = Proxy(folder / "nginx", (a.port, b.port))
            try:
                proxy.start()
                yield Installation(settings["DATABASE_URL"], a, b, proxy)
            finally:
                proxy.stop()
    finally:
        redis.stop()
        cluster.stop()


def colleague(site, name, *, at=None) -> Visitor:
    """Somebody who logged in by this door, or by the proxy."""
    person = Visitor(at or site.front)
    assert person.log_in(name, PASSWORD).headers["location"] == START
    return person


def write(person, measure: int, text: str, *, at=None) -> None:
    """Write an update and offer it for approval."""
    address = f"/beheer/measures/measure/{measure}/stand-van-zaken/"
    typed = form_of(person.get(address, at=at), "opened_version")
    typed |= {"status": "in-uitwerking", "explanation": text, "_submit": "1"}
    assert person.post(address, typed, at=at).status == 302


def publish_what_waits(person, *, at=None) -> None:
    """Approve what waits, and make it public."""
    start = person.get(START, at=at).text
    (address,) = set(re.findall(r"/beheer/measures/progressupdate/\d+/beoordelen/", start))
    typed = form_of(person.get(address, at=at), "opened_version") | {"_approve_publish": "1"}
    assert person.post(address, typed, at=at).status == 302


@pytest.fixture
def doors(site):
    """Every way to come in."""
    return [site.front, site.at_a, site.at_b]


# Sessions


def test_who_logs_in_at_one_server_is_in_at_the_other_and_out_at_both(site, doors):
    person = colleague(site, WRITER, at=site.at_a)
    assert [person.get(START, at=door).status for door in doors] == [200, 200, 200]

    kept = dict(person.cookies)
    person.log_out(at=site.at_b)

    # Also for who kept the cookie.
    person.cookies = kept
    assert [person.get(START, at=door).status for door in doors] == [302, 302, 302]


def test_the_cookie_of_a_session_is_for_this_host_over_https_alone(site):
    person = Visitor(site.front)
    cookie = person.log_in(WRITER, PASSWORD).cookies["__Host-sessionid"]

    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")


# Publishing


def test_who_publishes_at_one_server_sees_it_at_once_at_the_other(site, doors):
    writer = colleague(site, WRITER, at=site.at_a)
    approver = colleague(site, APPROVER, at=site.at_b)
    for door in doors:
        Visitor(door).get("/maatregelen/1/")
    write(writer, 1, "Meteen te zien.")

    publish_what_waits(approver, at=site.at_a)

    assert all("Meteen te zien." in approver.get("/maatregelen/1/", at=door).text for door in doors)


def test_what_one_server_publishes_readers_of_the_other_see_within_a_second(site):
    writer, approver = colleague(site, WRITER), colleague(site, APPROVER)
    reader = Visitor(site.at_b)
    for number in (2, 3):
        address, text = f"/maatregelen/{number}/", f"Nieuw bij maatregel {number}."
        write(writer, number, text)
        # Kept at B, and looked up in the second before.
        before = reader.get(address)
        assert reader.get(address, If_None_Match=before.headers["etag"]).status == 304

        publish_what_waits(approver, at=site.at_a)
        time.sleep(FRESH)

        after = reader.get(address, If_None_Match=before.headers["etag"])
        assert (after.status, text in after.text) == (200, True)
        assert after.headers["etag"] != before.headers["etag"]


def test_a_page_has_one_etag_at_every_server(site, doors):
    etags = {Visitor(door).get("/maatregelen/5/").headers["etag"] for door in doors}

    assert len(etags) == 1
    (etag,) = etags
    for door in doors:
        assert Visitor(door).get("/maatregelen/5/", If_None_Match=etag).status == 304


def test_a_document_that_one_server_took_is_sent_by_the_other(site, doors):
    person = colleague(site, MANAGER, at=site.at_a)
    add = "/beheer/measures/evidence/add/"
    content, _ = evidence_files.GOOD["verslag.docx"]
    typed = form_of(person.get(f"{add}?update=1"), "title")
    typed |= {"title": "Verslag", "visibility": "openbaar"}
    typed.pop("document", None)

    answer = person.post(add, typed, files={"document": ("verslag.docx", content)})

    assert answer.status == 302, answer.text
    ((evidence,),) = site.rows("SELECT id FROM measures_evidence WHERE title = 'Verslag'")
    for door in doors:
        sent = person.get(f"/beheer/measures/evidence/{evidence}/bestand/", at=door)
        assert (sent.status, sent.content) == (200, content)


# Commands


def run_on_both(site, command, *words) -> list[str]:
    """What a command says that starts on two machines at the same moment."""
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(server.manage, command, *words) for server in (site.a, site.b)]
        return [run.result() for run in runs]


def test_a_letter_becomes_public_once_when_two_machines_release_it(site):
    said = run_on_both(site, "release_due")

    assert sum(text.count("Openbaar gemaakt: Brief van vandaag.") for text in said) == 1
    time.sleep(FRESH)
    assert Visitor(site.front).get("/kamerbrieven/vandaag/").status == 200
    assert site.rows("SELECT state FROM measures_reportingmoment WHERE slug = 'vandaag'") == [
        ("openbaar",)
    ]


def test_a_summary_goes_out_once_when_two_machines_send_it(site):
    said = run_on_both(site, "send_digests", "--dag", SUMMARY_DAY.isoformat())

    for name in (WRITER, APPROVER):
        assert "".join(said).count(f"To: {name}@voorbeeld.example") == 1


def test_a_follower_gets_one_mail_when_two_machines_send_it(site):
    said = run_on_both(site, "send_follow_mails")

    assert "".join(said).count("To: lezer@voorbeeld.example") == 1


# Counting


def refused_after(attempt, most: int) -> int:
    """How many times `attempt(number)` says True before it says False; at most `most`."""
    return next((number for number in range(most) if not attempt(number)), most)


def test_wrong_passwords_count_together_wherever_they_are_typed(site, doors):
    def is_tried(number) -> bool:
        person = Visitor(doors[1 + number % 2])
        return BLOCKED not in person.log_in("iemand", "fout").text

    assert refused_after(is_tried, 10) == MOST_BY_NAME
    for door in doors:
        assert BLOCKED in Visitor(door).log_in("iemand", "fout").text


def test_a_limit_that_is_counted_in_the_cache_is_one_for_all_servers(site, doors):
    """The form for anybody; OPEN_FORM_HOURLY is 4 here, for one address."""
    people = [Visitor(doors[1 + number % 2]) for number in range(6)]
    address = "/klopt-dit-niet/?over=website"
    typed = [form_of(person.get(address), "seal") for person in people]
    # Quicker than a person types is refused.
    time.sleep(2.1)

    def is_taken(number) -> bool:
        values = typed[number] | {"wrong": "De datum klopt niet."}
        return people[number].post(address, values).status == 302

    assert refused_after(is_taken, 6) == 4


# What the proxy tells


def test_the_site_believes_the_proxy_about_who_asks_and_nobody_else(site):
    somebody = Visitor(site.front, source="127.0.0.7")
    page = somebody.get("/beheer/login/")
    typed = form_of(page, "username") | {"username": "onbekende", "password": "fout"}

    somebody.post("/beheer/login/", typed, X_Forwarded_For="6.6.6.6")

    ((address,),) = site.rows(
        "SELECT host(address) FROM signin_signinevent ORDER BY id DESC LIMIT 1"
    )
    assert address == "127.0.0.7"


def test_the_site_believes_the_proxy_about_https(site):
    assert Visitor(site.front).get("/", X_Forwarded_Proto="http").status == 200
    plain = Visitor(Door(site.proxy.plain, None, {"Host": NAME}))
    answer = plain.get("/maatregelen/", X_Forwarded_Proto="https")
    assert (answer.status, answer.headers["location"]) == (301, f"https://{NAME}/maatregelen/")
    # Nobody comes past the proxy over HTTP.
    direct = Door(site.a.port, None, {"Host": NAME})
    assert Visitor(direct).get("/").headers["location"] == f"https://{NAME}/"


def test_each_request_has_an_id_that_the_proxy_gave(tmp_path):
    needs(NGINX and shutil.which("openssl"), "nginx or openssl is not on this machine")
    application = "tests.operations.proxy:what_arrives"
    with Server(tmp_path, application) as server:
        server.start()
        proxy = Proxy(tmp_path / "nginx", (server.port, server.port))
        proxy.start()
        try:
            asked = [
                Visitor(proxy.door, source="127.0.0.7").get(
                    "/", X_Request_ID="van-buiten", X_Forwarded_For="6.6.6.6"
                )
                for _ in range(2)
            ]
        finally:
            proxy.stop()

    ids = set()
    for answer in asked:
        _, host, forwarded, scheme, identifier = answer.text.split("|")
        assert (host, forwarded, scheme) == (NAME, "6.6.6.6, 127.0.0.7", "https")
        assert re.fullmatch("[0-9a-f]{32}", identifier)
        ids.add(identifier)
    assert len(ids) == 2


def test_health_is_that_of_each_server_and_the_proxy_tells_neighbours_alone(site, doors):
    for door in doors:
        answer = Visitor(door).get("/health/ready")
        assert (answer.status, answer.json()["checks"]["cache"]) == (200, "ok")


# A server that goes


class Readers:
    """`with Readers(door) as readers`: they ask without end; `answers` are the codes, or errors."""

    def __init__(self, door, number=4, sending=False):
        self.door, self.answers, self.stopped = door, [], threading.Event()
        self.sending = sending
        self.threads = [threading.Thread(target=self._read, args=[n]) for n in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *problem):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _read(self, number):
        reader = Visitor(self.door)
        pages = ["/", "/maatregelen/", f"/maatregelen/{number + 1}/", "/partijen/"]
        while not self.stopped.is_set():
            for page in pages:
                try:
                    if self.sending:
                        answer = reader.post("/klopt-dit-niet/?over=website", {})
                    else:
                        answer = reader.get(page)
                    self.answers.append(answer.status)
                except Exception as error:
                    self.answers.append(repr(error))


def test_a_server_that_is_killed_costs_no_reader_an_answer(site):
    with Readers(site.front) as readers:
        time.sleep(1)
        before = len(readers.answers)
        site.b.kill()
        time.sleep(2)
    site.b.start()

    assert len(readers.answers) > before + 20
    assert set(readers.answers) == {200}


def test_a_server_that_is_stopped_costs_no_reader_an_answer(site):
    with Readers(site.front) as readers:
        time.sleep(1)
        before = len(readers.answers)
        site.a.ask_to_stop()
        assert site.a.process.wait(timeout=40) == 0
        time.sleep(1)
    site.a.start()

    assert len(readers.answers) > before + 20
    assert set(readers.answers) == {200}


def test_a_server_that_takes_a_new_version_drops_nothing_that_is_read_or_sent(site):
    """`systemctl reload`: the port stays open, so not even a form arrives at nobody."""
    old = site.a.workers()
    with Readers(site.front) as readers, Readers(site.front, sending=True) as senders:
        time.sleep(1)
        site.a.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 40
        while set(old) & set(site.a.workers()) and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)

    assert not set(old) & set(site.a.workers())
    assert set(readers.answers) == {200}
    # Each was empty, and was told so.
    assert set(senders.answers) == {400}
    assert len(senders.answers) > 20


def test_who_was_logged_in_stays_so_when_their_server_is_killed(site):
    person = colleague(site, WRITER, at=site.at_a)
    site.a.kill()
    try:
        assert person.get(START, at=site.front).status == 200
    finally:
        site.a.start()
