"""What the site is made of is told whole, in a form that others read, under licences we may use."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing

ROOT = Path(__file__).resolve().parents[2]

# What goes together with the EUPL-1.2 of our own code: permissive, or with an effect that ends at
# the package or file itself, which we use as it is.
ALLOWED = {
    *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "EUPL-1.2"),
    *("LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unlicense"),
}


def make(folder: Path) -> str:
    output = folder / "sbom.cdx.json"
    subprocess.run([sys.executable, ROOT / "deploy/sbom.py", output], check=True)
    return output.read_text()


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    return make(tmp_path_factory.mktemp("sbom"))


@pytest.fixture(scope="module")
def bill(text) -> dict:
    return json.loads(text)


def test_it_is_cyclonedx_1_6(text):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_a_fault_in_it_would_be_found(bill):
    broken = bill | {"components": [{"type": "onzin"}]}

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken))


def test_every_locked_package_that_the_site_needs_is_in_it(bill):
    """By the words of uv itself in uv.lock, not by our own walk through it."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    locked = {package["name"]: package for package in lock["package"]}
    found = {part["name"]: part.get("version") for part in bill["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = {re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]}

    assert direct <= found.keys()
    for name in direct:
        for one in locked[name].get("dependencies", []):
            if "marker" not in one:
                assert one["name"] in found, f"{name} needs {one['name']}"
    for name, version in found.items():
        if name in locked:
            assert version == locked[name]["version"]
    assert len([name for name in found if name in locked]) > 50
    assert not {"pytest", "playwright", "ruff"} & found.keys()


def test_everything_vendored_that_the_site_sends_is_in_it(bill):
    told = {file["name"] for part in bill["components"] for file in part.get("components", [])}
    kept = {
        path.relative_to(ROOT).as_posix()
        for folder in ("static/vendor", "measures/documents/fonts")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "LICENSE" not in path.name
    }

    assert told == kept


def test_every_licence_is_known_and_allowed(bill):
    spdx = get_spdx_licensing()
    for part in [bill["metadata"]["component"], *bill["components"]]:
        (told,) = part["licenses"]
        words = told.get("expression") or told["license"]["id"]
        parsed = spdx.parse(words, validate=True)
        assert {str(symbol) for symbol in parsed.symbols} <= ALLOWED, part["name"]


def test_the_same_tree_gives_the_same_bytes(text, tmp_path):
    assert make(tmp_path) == text


def test_a_package_without_a_known_licence_stops_it(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "deploy")
    import sbom

    monkeypatch.setattr(sbom, "READ", {})
    with pytest.raises(sbom.Unknown, match="licence"):
        sbom.bill()


def test_the_image_holds_it():
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()

    assert "deploy/sbom.py sbom.cdx.json" in dockerfile.split("\nFROM ")[1]
