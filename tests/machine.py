"""Parts of the machine that a test may need."""

import os

import pytest


def needs(found, reason: str):
    """Skip the test when a part of the machine is missing; fail where all is required."""
    if found:
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
