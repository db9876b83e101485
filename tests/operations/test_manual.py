"""Every command in docs/beheer.md is there with its options, and what can run here, runs."""

import re
import shlex
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.operations.test_settings import run

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "beheer.md").read_text()
# `kwalibo` is the function of the shell that the manual makes; the other is what it calls.
CALL = re.compile(r"(?:(?<![\w./@-])kwalibo|manage\.py)\s+((?!is\b)[a-z_]+\b[^`|&;\n]*)")
# What needs a terminal, a mail server or another machine is only looked at.
NOT_RUN = {"createsuperuser", "changepassword", "sendtestemail", "load_kwalibo"}


def blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", MANUAL, re.DOTALL)


def code() -> str:
    """All that the manual shows as something to type."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", MANUAL, flags=re.DOTALL))
    return "\n".join([*blocks(), *spans])


def calls() -> list[list[str]]:
    """The words of every command of ours, without comments."""
    found = [shlex.split(words, comments=True) for words in CALL.findall(code())]
    known = get_commands()
    return [words for words in found if words[0] in known or "_" in words[0]]


def test_the_manual_is_read_as_it_is_meant():
    names = {words[0] for words in calls()}

    assert {
        *("check", "migrate", "collectstatic", "load_kwalibo", "createsuperuser"),
        *("backup", "restore", "make_backup_key", "verify_snapshots", "release_due"),
        *("send_digests", "send_follow_mails", "forget_addresses", "sendtestemail"),
    } <= names


@pytest.mark.parametrize("words", calls(), ids=" ".join)
def test_every_command_takes_what_the_manual_gives_it(words):
    name, *rest = words
    if '"$@"' in rest or "$@" in rest:
        return
    apps = get_commands()
    assert name in apps
    command = load_command_class(apps[name], name) if isinstance(apps[name], str) else apps[name]
    parser = command.create_parser("manage.py", name)
    options = {option for action in parser._actions for option in action.option_strings}

    assert {word.partition("=")[0] for word in rest if word.startswith("-")} <= options


def test_every_block_is_shell():
    for block in blocks():
        done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True)
        assert done.returncode == 0, (block, done.stderr)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A laptop with the shipped data, as the manual leads to it: a function that runs a command."""
    folder = tmp_path_factory.mktemp("manual")

    def manage(*words, **environment):
        return run(
            "manage.py",
            *words,
            **{
                "DATABASE_URL": f"sqlite:///{folder}/kwalibo.sqlite3",
                "EVIDENCE_DIR": f"{folder}/bewijsstukken",
                "STATIC_ROOT": f"{folder}/static",
                "SECOND_FACTOR": "1",
            }
            | environment,
        )

    manage.folder = folder
    for words in (["migrate", "--verbosity=0"], ["load_kwalibo"]):
        done = manage(*words)
        assert done.returncode == 0, done.stderr
    return manage


def runnable() -> list[list[str]]:
    """Each command once that needs nothing but a database."""
    skipped = {*NOT_RUN, "backup", "restore", "make_backup_key"}
    found = {tuple(words): words for words in calls()}
    return [
        words
        for words in found.values()
        if words[0] not in skipped and "$@" not in words and "--elke" not in words
    ]


@pytest.mark.parametrize("words", runnable(), ids=" ".join)
def test_what_needs_only_a_database_runs(installation, words):
    words = ["check"] if words[:2] == ["check", "--deploy"] else words

    done = installation(*words)

    assert done.returncode == 0, done.stderr


def test_the_chapters_on_back_ups_can_be_followed_word_for_word(installation):
    """A key, a back-up, a look whether it is whole, and putting it back in an empty place."""
    folder = installation.folder
    key = folder / "kwalibo-back-up.sleutel"
    made = installation("make_backup_key", str(key))
    assert made.returncode == 0, made.stderr
    recipient = made.stdout.strip()

    (folder / "backup").mkdir()
    done = installation(
        "backup", str(folder / "backup"), "--versleuteld", BACKUP_RECIPIENTS=recipient
    )
    assert done.returncode == 0, done.stderr
    (file,) = (folder / "backup").glob("kwalibo-*.tar.gz.age")
    looked = installation("restore", str(file), "--controleer", "--sleutelbestand", str(key))
    assert "De back-up is heel" in looked.stdout
    elsewhere = {
        "DATABASE_URL": f"sqlite:///{folder}/terug.sqlite3",
        "EVIDENCE_DIR": f"{folder}/terug",
    }
    put = installation("restore", str(file), "--sleutelbestand", str(key), **elsewhere)

    assert "Teruggezet en nagerekend: alles klopt" in put.stdout, put.stderr
    counts = [number_of_measures(folder / name) for name in ("kwalibo.sqlite3", "terug.sqlite3")]
    assert counts[0] == counts[1] > 0
    assert installation("verify_snapshots", **elsewhere).returncode == 0


def number_of_measures(path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT count(*) FROM measures_measure").fetchone()[0]


def test_a_secret_key_can_be_changed_without_losing_what_was_signed(installation):
    show = "import django; django.setup(); from django.core import signing; "
    old, new = "oud-" + "aZ3x9Qm7tR" * 5, "nieuw-" + "bY4w8Pn6sT" * 5
    values = {"DJANGO_SETTINGS_MODULE": "kwalibo.settings"}
    signed = run("-c", show + "print(signing.dumps(5))", SECRET_KEY=old, **values).stdout.strip()
    look = show + f"print(signing.loads({signed!r}))"

    kept = run("-c", look, SECRET_KEY=new, SECRET_KEY_FALLBACKS=old, **values)
    lost = run("-c", look, SECRET_KEY=new, **values)

    assert kept.stdout.strip() == "5"
    assert "BadSignature" in lost.stderr


def test_the_figures_and_lines_that_the_manual_tells_of_are_there():
    source = "".join(path.read_text() for path in (ROOT / "kwalibo" / "monitoring").glob("*.py"))
    for name in set(re.findall(r"`(kwalibo_\w+)`", MANUAL)):
        assert name.removesuffix("_total") in source, name
    for logger in set(re.findall(r"`(kwalibo\.\w+)`", MANUAL)) - {"kwalibo.env"}:
        assert f'"{logger}"' in source, logger
    chapter = MANUAL.split("### Het auditlogboek")[1].split("###")[0]
    rows = "".join(line for line in chapter.splitlines() if line.startswith("|"))
    from kwalibo.monitoring import audit

    made = {
        *audit.STEPS.values(),
        *audit.DOOR.values(),
        *audit.MOMENTS.values(),
        *audit.FIELD_ACTIONS.values(),
        *audit.PUBLICATION.values(),
        *audit.ADMIN_WORDS.values(),
        *audit.READS.values(),
        *("put_back", "role_given", "role_taken", "imported", "refused"),
    }
    assert set(re.findall(r"`([a-z_]+)`", rows)) - {"message"} == made
