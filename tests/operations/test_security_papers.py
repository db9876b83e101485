"""What the papers on safety say is so: every test is there, every number is that of the code."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from kwalibo import limits
from kwalibo.signin import events, passwords
from measures import evidence_files
from measures.spreadsheet import reading

ROOT = Path(__file__).resolve().parents[2]
ASVS = ROOT / "docs/asvs.md"
THREATS = (ROOT / "docs/threat-model.md").read_text()

# The requirements of levels 1 and 2 of OWASP ASVS 5.0.0: per section those of level 1, and after
# the stroke those of level 2.
STANDARD = """
1.1 / 1 2
1.2 1 2 3 4 5 / 6 7 8 9
1.3 1 2 / 3 4 5 6 7 8 9 10 11
1.4 / 1 2 3
1.5 1 / 2
2.1 1 / 2 3
2.2 1 2 / 3
2.3 1 / 2 3 4
2.4 / 1
3.2 1 2 /
3.3 1 / 2 3 4
3.4 1 2 / 3 4 5 6
3.5 1 2 3 / 4 5
3.7 / 1 2
4.1 1 / 2 3
4.2 / 1
4.3 / 1 2
4.4 1 / 2 3 4
5.1 / 1
5.2 1 2 / 3
5.3 1 2 /
5.4 / 1 2 3
6.1 1 / 2 3
6.2 1 2 3 4 5 6 7 8 / 9 10 11 12
6.3 1 2 / 3 4
6.4 1 2 / 3 4
6.5 / 1 2 3 4 5
6.6 / 1 2 3
6.8 / 1 2 3 4
7.1 / 1 2 3
7.2 1 2 3 4 /
7.3 / 1 2
7.4 1 2 / 3 4 5
7.5 / 1 2
7.6 / 1 2
8.1 1 / 2
8.2 1 2 / 3
8.3 1 /
8.4 / 1
9.1 1 2 3 /
9.2 1 / 2 3 4
10.1 / 1 2
10.2 / 1 2
10.3 / 1 2 3 4
10.4 1 2 3 4 5 / 6 7 8 9 10 11
10.5 / 1 2 3 4 5
10.6 / 1 2
10.7 / 1 2 3
11.1 / 1 2
11.2 / 1 2 3
11.3 1 2 / 3
11.4 1 / 2 3 4
11.5 / 1
11.6 / 1
12.1 1 / 2 3
12.2 1 2 /
12.3 / 1 2 3 4
13.1 / 1
13.2 / 1 2 3 4 5
13.3 / 1 2
13.4 1 / 2 3 4 5
14.1 / 1 2
14.2 1 / 2 3 4
14.3 1 / 2 3
15.1 1 / 2 3
15.2 1 / 2 3
15.3 1 / 2 3 4 5 6 7
16.1 / 1
16.2 / 1 2 3 4 5
16.3 / 1 2 3 4
16.4 / 1 2 3
16.5 / 1 2 3
17.1 / 1
17.2 / 1 2 3 4
17.3 / 1 2
"""
ANSWERS = {"yes", "not applicable", "not met"}


def standard() -> dict[str, str]:
    """{number: level}."""
    found = {}
    for line in STANDARD.split("\n"):
        section, _, rest = line.partition(" ")
        for level, numbers in enumerate(rest.split("/"), start=1):
            found |= {f"{section}.{number}": str(level) for number in numbers.split()}
    return found


def rows() -> list[list[str]]:
    """[number, level, words, answer, what shows it] of every line of the table."""
    lines = [line for line in ASVS.read_text().splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@cache
def defined_in(path: str) -> set[str]:
    """The tests that a file holds; nothing when it is not there."""
    file = ROOT / "tests" / path
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def named_in(text: str) -> list[tuple[str, str]]:
    """[(path below tests/, name or nothing)]."""
    return re.findall(r"([\w/]+\.py)(?:::(\w+))?", text)


def test_every_requirement_of_levels_1_and_2_is_answered_once():
    assert len(standard()) == 253
    assert sorted(row[0] for row in rows()) == sorted(standard())
    assert {row[0]: row[1] for row in rows()} == standard()


def test_every_line_says_yes_no_or_why_not():
    for number, _, words, answer, shown in rows():
        assert answer in ANSWERS, number
        assert 5 < len(words) < 100, number
        assert len(shown) > 9, number
        if answer == "yes":
            assert named_in(shown), f"{number} has no test"


def test_every_test_that_the_papers_name_is_there():
    for path, name in [*named_in(ASVS.read_text()), *named_in(THREATS)]:
        if path.startswith(("tests/", "kwalibo/")):
            continue
        found = defined_in(path)
        assert found, path
        assert not name or name in found, f"{path}::{name}"


def test_the_count_on_top_is_that_of_the_table():
    told = re.search(r"(\d+) yes, (\d+) not applicable, (\d+) not met", ASVS.read_text())

    assert [int(number) for number in told.groups()] == [
        sum(row[3] == answer for row in rows()) for answer in ("yes", "not applicable", "not met")
    ]


@pytest.mark.parametrize(
    "part",
    [
        *("Assets", "Actors", "Data flow and trust boundaries", "STRIDE, per boundary"),
        *("Ways in", "Passwords", "Sessions", "What is dear, and how it is bounded", "Uploads"),
        *("Talking to others", "Cryptography", "Logs", "Updates"),
    ],
)
def test_the_threat_model_has_every_part(part):
    body = re.search(rf"^##+ {re.escape(part)}\n(.*?)(?=^##|\Z)", THREATS, re.M | re.S)

    assert len(body[1].split()) > 40


def test_the_numbers_in_the_threat_model_are_those_of_the_code():
    said = " ".join(THREATS.split())
    for words in [
        f"{events.MOST_BY_NAME} failures for a name or {events.MOST_BY_ADDRESS} from an address",
        f"within {events.WITHIN.seconds // 60} minutes",
        f"do not count for {events.KNOWN_FOR.days} days",
        f"{settings.LOGIN_PER_MINUTE} a minute per client (`LOGIN_PER_MINUTE`)",
        f"{settings.SEARCH_PER_MINUTE} a minute per client (`SEARCH_PER_MINUTE`)",
        f"{settings.DOCUMENTS_PER_MINUTE} a minute per client (`DOCUMENTS_PER_MINUTE`)",
        f"{settings.OPEN_FORM_HOURLY} an hour per client, {settings.OPEN_FORM_HOURLY_ALL} in all",
        f"Idle for {settings.SESSION_IDLE_MINUTES} minutes",
        f"or {settings.SESSION_COOKIE_AGE // 3600} hours old",
        f"At least {settings.AUTH_PASSWORD_VALIDATORS[1]['OPTIONS']['min_length']} characters",
        f"of at most {settings.EVIDENCE_MAX_MB} MB (`EVIDENCE_MAX_MB`)",
        f"{evidence_files.MAX_UNPACKED >> 20} MB in {evidence_files.MAX_PARTS} parts",
        f"at most {settings.SPREADSHEET_MAX_MB} MB (`SPREADSHEET_MAX_MB`)",
        f"unpacked at most {reading.MAX_UNPACKED >> 20} MB",
    ]:
        assert words in said, words
    assert limits.WINDOW_SECONDS == 60


def test_the_words_in_the_threat_model_are_those_of_the_code():
    told = re.search(r"first:\n\n((?:> .*\n)+)", THREATS)[1].replace(">", "")

    assert {word.strip() for word in told.replace("\n", " ").split(",")} == set(passwords.WORDS)


def test_the_kinds_of_upload_in_the_threat_model_are_those_of_the_code():
    assert f"Taken as evidence: {', '.join(evidence_files.EXTENSIONS)}," in THREATS
    assert f"As a spreadsheet: {', '.join(reading.FORMATS)} " in " ".join(THREATS.split())


def test_every_key_has_a_way_to_rotate_it():
    manual = (ROOT / "docs/beheer.md").read_text().split("## Sleutels wisselen")[1]

    for key in ("SECRET_KEY", "database", "back-ups", "OIDC_CLIENT_SECRET", "SMTP_PASSWORD"):
        assert key in manual.split("\n## ")[0]


def code() -> list[tuple[Path, ast.AST]]:
    return [
        (path.relative_to(ROOT), ast.parse(path.read_text()))
        for folder in ("kwalibo", "measures", "parties")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def test_only_single_sign_on_asks_other_servers():
    asking = {"requests", "httpx", "socket", "ftplib", "aiohttp", "urllib3", "authlib"}
    knowing = [str(path) for path, tree in code() if asking & imported(tree)]
    opening = [str(path) for path, tree in code() if "urlopen" in ast.dump(tree)]

    # The first one listens, for who reads the metrics.
    assert knowing == ["kwalibo/monitoring/serving.py", "kwalibo/signin/sso.py"]
    assert opening == []


def test_no_cryptography_of_our_own():
    """Ciphers come by age alone; hashes are SHA-256, except where a format says otherwise."""
    low = {"cryptography", "Crypto", "nacl", "ssl", "random"}
    users = {str(path): low & imported(tree) for path, tree in code() if low & imported(tree)}
    assert users == {"measures/demo.py": {"random"}}
    weak = [
        f"{path}:{node.lineno}"
        for path, tree in code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("md5", "sha1", "new")
        if isinstance(node.value, ast.Name) and node.value.id == "hashlib"
    ]
    assert weak == []


@pytest.mark.django_db
def test_a_new_installation_has_no_accounts(django_user_model):
    assert not django_user_model.objects.exists()


def test_deploy_brings_no_passwords():
    """Where one belongs there is nothing, or a word in capitals to be replaced.

    The key of the build signs nothing.
    """
    texts = [path.read_text() for path in (ROOT / "deploy").rglob("*") if path.is_file()]
    given = re.findall(r"(?:PASSWORD|SECRET|SECRET_KEY)(?:=|: +)([^\s$]+)", "\n".join(texts))

    assert [
        word
        for word in given
        if not re.fullmatch(r'["\']?[A-Z_]*["\']?|/run/.*|collectstatic', word)
    ] == []
    assert re.findall(r"postgres://\w+:([^@]+)@", "\n".join(texts)).count("PASSWORD") >= 1


def test_no_script_of_ours_keeps_anything_in_the_browser():
    for script in (ROOT / "static/beheer").glob("*.js"):
        found = re.findall(
            r"localStorage|sessionStorage|indexedDB|document\.cookie", script.read_text()
        )
        assert not found, script
