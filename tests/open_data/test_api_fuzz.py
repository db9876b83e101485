"""schemathesis asks everything that the document allows, and what it forbids, on real data.

Each answer has to be as the document says: status, headers, media type and schema.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings

from measures.api.document import document
from measures.loading import SHIPPED, load, reconstructions

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_dict(document("http://localhost"))
# Without what stands in front of Django and looks at what others can see.
schema.app = get_wsgi_application()
# A date may lie in the future, and a code may be nobody's: no schema can say that, a 400 does.
accepted = schema.config.checks.positive_data_acceptance
accepted.expected_statuses = ["200", "400", "404"]


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The shipped data, once for all questions: they only read."""
    # A server closes a connection that is left in a transaction; here they share this one.
    around = [request_started, request_finished]
    for signal in around:
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        load(SHIPPED)
        reconstructions.finish()
        yield
        transaction.set_rollback(True)
    for signal in around:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_document_says(case):
    case.call_and_validate()
