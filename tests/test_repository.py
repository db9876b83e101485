"""What a reader of the repository may count on."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]


def tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return listing.stdout.splitlines()


@pytest.mark.parametrize(
    "name",
    ["README.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "publiccode.yml"],
)
def test_a_public_project_has_its_papers(name):
    assert (ROOT / name).read_text().strip()


def test_publiccode_names_the_version_and_the_licence_of_the_package():
    publiccode = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert publiccode["softwareVersion"] == project["version"]
    assert publiccode["legal"]["license"] == project["license"] == "EUPL-1.2"
    for language in ("nl", "en"):
        description = publiccode["description"][language]
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000


def test_no_font_or_logo_of_the_central_government_is_in_the_tree():
    """Those are not open source; a ministry adds them at deployment."""
    restricted = re.compile(
        r"(RO(sans|serif|web)|Rijks(overheid)?(sans|serif|logo))", re.IGNORECASE
    )
    assert not [name for name in tracked() if restricted.search(Path(name).name)]


def test_what_is_vendored_brings_its_licence():
    folders = {str(Path(name).parent) for name in tracked() if name.endswith((".woff2", ".ttf"))}
    folders |= {str(Path(name).parent) for name in tracked() if "/vendor/" in name}
    for folder in folders:
        near = [*(ROOT / folder).glob("*"), *(ROOT / folder).parent.glob("*")]
        assert any("licen" in path.name.lower() for path in near), folder


def test_the_lists_of_settings_agree():
    """Every variable that the settings read is in the README, and the other way round."""
    settings = (ROOT / "kwalibo" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings))
    table = (ROOT / "README.md").read_text().split("## Settings")[1].split("##")[0]
    told = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))

    assert read == told


def test_every_dependency_is_explained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = [
        re.match(r"[\w.-]+", line).group().lower()
        for line in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    ]
    decisions = (ROOT / "docs" / "decisions.md").read_text().lower().replace(" ", "-")

    assert not [name for name in names if name not in decisions]


# What keys and tokens look like, by the marks that those who make them put at their beginning.
SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|AGE-SECRET-KEY-1[0-9A-Z]{50}|AKIA[0-9A-Z]{16}"
    rb"|gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|xox[abprs]-[\w-]{20}|eyJ[\w-]{20,}\.eyJ[\w-]{20,}"
    rb"|^(?:SECRET_KEY|SMTP_PASSWORD|OIDC_CLIENT_SECRET)=[^\s#]",
    re.MULTILINE,
)


def test_no_key_or_token_is_in_the_tree():
    for path in map(ROOT.joinpath, tracked()):
        assert not SECRETS.search(path.read_bytes()), path


def test_a_key_in_the_tree_would_be_found():
    # In two pieces, so that this file does not hold what it looks for.
    kinds = [b"-----BEGIN " + b"PRIVATE KEY-----", b"AKIA" + b"ABCDEFGHIJKLMNOP"]
    kinds += [b"SECRET_KEY" + b"=abc", b"AGE-SECRET-KEY-1" + b"Q" * 58]

    assert all(SECRETS.search(kind) for kind in kinds)


def test_every_exception_to_a_rule_of_safety_says_why():
    code = [
        path
        for path in map(ROOT.joinpath, tracked())
        if path.suffix == ".py" and "tests" not in path.parts
    ]
    bare = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in code
        for line in path.read_text().splitlines()
        if re.search(r"# (?:noqa: S\d+|nosec)\b(?! \()", line)
    ]
    assert not bare
