"""What the tests of following share."""

from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import transaction


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def atomic_example():
    """A block for one example of hypothesis: nothing of it is left for the next."""

    @contextmanager
    def example():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return example
