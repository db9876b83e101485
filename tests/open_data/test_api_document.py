"""The OpenAPI document: what it says is what was agreed, and follows the NL API Design Rules."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from measures.api import VERSION
from measures.api.document import as_text, document
from tests.machine import needs

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "docs" / "openapi.json"
SPECTRAL = ROOT / "tests" / "tools" / "node_modules" / ".bin" / "spectral"


def test_the_committed_document_is_what_the_code_answers():
    """Changed on purpose? Then: python -m tests.open_data.write_document"""
    assert COMMITTED.read_text() == as_text(document())


def test_the_site_gives_it_to_everybody_under_its_own_name(client, settings):
    settings.DEFAULT_FROM_EMAIL = "kwalibo@ministerie.example"

    response = client.get("/api/v1/openapi.json")

    found = response.json()
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert found["servers"][0]["url"] == "http://testserver/api/v1"
    assert found["info"]["contact"]["email"] == "kwalibo@ministerie.example"
    assert found["info"]["version"] == VERSION
    assert found["paths"] == json.loads(COMMITTED.read_text())["paths"]


def test_it_follows_the_nl_api_design_rules():
    folder = os.environ.get("STANDARDS_DIR", "")
    rules = Path(folder, "nl-api-design-rules-spectral.yaml")
    needs(folder and rules.is_file(), "STANDARDS_DIR names no folder with Geonovum's rule set")
    needs(SPECTRAL.exists(), "Spectral is not installed (tests/tools)")

    checked = subprocess.run(
        [SPECTRAL, "lint", "--ruleset", rules, "--fail-severity", "warn", COMMITTED],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", sorted(document()["paths"]))
def test_every_address_is_described(path):
    operation = document()["paths"][path]["get"]

    assert operation["summary"]
    assert operation["description"]
    assert all(parameter["description"] for parameter in operation["parameters"])
    assert {"200", "304", "400", "404", "406", "429", "500", "503"} == set(operation["responses"])
