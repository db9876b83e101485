"""A server on PostgreSQL keeps its connections: a second request opens none."""

import psycopg
import pytest

from tests.machine import needs
from tests.operations.server import Server
from tests.postgres import Cluster, binaries

pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture(scope="module")
def cluster():
    needs(binaries(), "PostgreSQL is not on this machine")
    made = Cluster()
    made.url = made.start()
    yield made
    made.stop()


def connections_of(url: str) -> set[int]:
    """The processes of the database that serve a connection, but for this one."""
    with psycopg.connect(url) as asking:
        rows = asking.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
    return {pid for (pid,) in rows}


@pytest.mark.parametrize("pool", ["0", "3"], ids=["own connections", "pool"])
def test_a_second_request_opens_no_connection(cluster, pool, static_root, tmp_path):
    settings = {"DATABASE_URL": cluster.url, "DATABASE_POOL": pool, "STATIC_ROOT": static_root}
    with Server(tmp_path, PAGE_CACHE_MB="0", **settings) as site:
        site.manage("migrate", "--verbosity=0")
        site.start()
        for _ in range(4):
            assert site.get("/partijen/").status == 200
        before = connections_of(cluster.url)
        for _ in range(12):
            assert site.get("/partijen/").status == 200
        after = connections_of(cluster.url)

        assert before
        # A thread that had nothing to do yet opens its own; there are four.
        assert after >= before
        assert len(after) <= 4
