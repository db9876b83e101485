"""What others' tools say of every page: the Nu HTML checker and Lighthouse."""

import json
import re
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import chromium, pages
from tests.machine import needs

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tests" / "tools"
NU = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Properties that browsers know and the checker does not (yet).
UNKNOWN_TO_NU = re.compile(r"“(paint-order|field-sizing)”: Property “\1” doesn't exist")
FULL = {"accessibility": 100, "best-practices": 100, "seo": 100}
SPEED = 98


@pytest.fixture(scope="module")
def nu():
    """A function that gives what the Nu checker calls an error in files."""
    needs(shutil.which("java") and NU.exists(), "De Nu-checker is er niet (Java, en npm ci).")

    def nu(*files: Path, kind: str = "") -> list[str]:
        command = ["java", "-jar", str(NU), "--format", "json", "--exit-zero-always"]
        words = [f"--{kind}"] if kind else []
        done = subprocess.run(
            [*command, *words, *map(str, files)], capture_output=True, text=True, check=True
        )
        return [
            f"{Path(said['url']).name}:{said.get('lastLine')}: {said['message']}"
            for said in json.loads(done.stderr)["messages"]
            if said["type"] != "info"
        ]

    return nu


def test_every_page_is_valid_html(nu, kinds, tmp_path):
    names = {}
    for number, found in enumerate(kinds.values()):
        file = tmp_path / f"{number}.html"
        file.write_text(found.html)
        names[file.name] = found.address

    said = nu(*(tmp_path / name for name in names))

    assert not [f"{names[line.partition(':')[0]]}: {line}" for line in said]


def test_a_fault_in_a_page_would_be_found(nu, tmp_path):
    file = tmp_path / "wrong.html"
    file.write_text('<!doctype html><html lang="nl"><title>Fout</title><p id="a"><b id="a"></p>')

    assert len(nu(file)) >= 2


def test_our_own_styles_and_drawings_are_valid(nu):
    styles = [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "static/beheer").glob("*.css")]

    assert [line for line in nu(*styles, kind="css") if not UNKNOWN_TO_NU.search(line)] == []
    assert nu(*(ROOT / "static").glob("*.svg"), kind="svg") == []


def test_every_picture_as_a_file_is_valid_svg(nu, site, kinds, tmp_path):
    addresses = sorted(set(re.findall(r'href="(/beelden/[a-z-]+\.svg)"', kinds["picture"].html)))
    addresses += ["/beelden/status-door-de-tijd.svg", "/beelden/maatregel-7.svg"]
    for number, address in enumerate(addresses):
        (tmp_path / f"{number}.svg").write_bytes(pages.get(f"{site.url}{address}")[2])

    assert len(addresses) >= 3
    assert nu(*tmp_path.glob("*.svg"), kind="svg") == []


@pytest.fixture
def lighthouse(site, tmp_path):
    """A function that runs Lighthouse, with its mobile settings, over addresses."""
    node = shutil.which("node")
    needs(node and (TOOLS / "node_modules" / "lighthouse").exists(), "Lighthouse is er niet.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    browser = subprocess.Popen(
        [
            *(chromium.path(), *chromium.OPTIONS, "--headless=new", "about:blank"),
            *(f"--remote-debugging-port={port}", f"--user-data-dir={tmp_path}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def lighthouse(addresses: list[str]) -> list[dict]:
        done = subprocess.run(
            [node, "lighthouse.mjs", str(port)],
            cwd=TOOLS,
            input=json.dumps([f"{site.url}{address}" for address in addresses]),
            capture_output=True,
            text=True,
            timeout=60 + 60 * len(addresses),
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    yield lighthouse
    browser.terminate()
    browser.wait(timeout=30)


def test_lighthouse_gives_every_page_full_marks(lighthouse, kinds):
    """Speed is of a phone that Lighthouse imitates. lighthouse.mjs measures a page that seems
    slow again, by how busy this machine is: see there."""
    shown = {found.address: found for name, found in kinds.items() if name not in pages.STATES}
    # A page that search engines are asked to leave alone (measures/metadata) cannot score there.
    hidden = {address for address, found in shown.items() if 'content="noindex' in found.html}

    wrong = [
        f"{said['address']}: {said['scores']}, shift {said['shift']}: {said['lost']}"
        for said in lighthouse(list(shown))
        if any(
            said["scores"][name] != full
            for name, full in FULL.items()
            if name != "seo"
            or urlsplit(said["address"])._replace(scheme="", netloc="").geturl() not in hidden
        )
        or said["scores"]["performance"] < SPEED
        or said["shift"] != 0
    ]

    assert not wrong, "\n".join(wrong)
