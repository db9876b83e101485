"""What a page costs is counted, never timed: with more measures it reads and makes no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures import demo, search
from measures.models import Involvement, Measure, ProgressUpdate
from tests.bench_fill import involve_parties

pytestmark = pytest.mark.django_db

PAST = "peildatum=2024-06-30"
PAGES = [
    "/maatregelen/",
    "/maatregelen/?pagina=2",
    "/maatregelen/?status=in-uitwerking",
    "/maatregelen/?partij=fictieve-organisatie-3",
    "/maatregelen/?sorteer=-streefdatum",
    "/maatregelen/?q=fictief",
    f"/maatregelen/?{PAST}",
    f"/maatregelen/?{PAST}&bekend_op=2024-06-30",
    "/maatregelen/7/",
    f"/maatregelen/7/?{PAST}",
    "/partijen/",
]
FEW, MANY = 100, 1500
# The larger trees of indexes are a step deeper.
SLACK = 1.3


class Work:
    """Instances made, queries asked, and on SQLite the instructions that it took (thousands)."""

    def __init__(self, client, address, monkeypatch):
        # What is counted once for each version of the data was counted before.
        client.get(address)
        self.instances = self.instructions = 0
        with monkeypatch.context() as patched, CaptureQueriesContext(connection) as queries:
            for model in (Measure, ProgressUpdate, Involvement):
                patched.setattr(model, "from_db", self._counting(model.from_db))
            if connection.vendor == "sqlite":
                connection.connection.set_progress_handler(self._instruction, 1000)
            try:
                assert client.get(address).status_code == 200, address
            finally:
                if connection.vendor == "sqlite":
                    connection.connection.set_progress_handler(None, 0)
        self.queries = len(queries)

    def _counting(self, from_db):
        def counted(model, *values, **options):
            self.instances += 1
            return from_db(*values, **options)

        return classmethod(counted)

    def _instruction(self):
        self.instructions += 1


def test_a_page_takes_the_same_work_with_many_measures(client, monkeypatch):
    # So that few and many are looked for in the same way.
    monkeypatch.setattr("measures.filters.MANY", 5)

    def work(measures: int) -> dict[str, Work]:
        demo.generate(measures=measures, updates=3, seed=1)
        involve_parties()
        search.catch_up()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return {address: Work(client, address, monkeypatch) for address in PAGES}

    few = work(FEW)
    many = work(MANY - FEW)

    for address in PAGES:
        before, after = few[address], many[address]
        assert after.queries <= before.queries, address
        assert after.instances <= max(before.instances, 30) * SLACK, address
        assert after.instructions <= max(before.instructions, 20) * SLACK + 5, address
