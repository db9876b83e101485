"""A back-up gives back all that was there, or says plainly why it cannot."""

import gzip
import io
import json
import tarfile
import threading
from datetime import date
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from kwalibo.operations.backup import BackupError, archive, check, databases, make, restore
from kwalibo.operations.models import TaskRun
from measures.models import Measure, Snapshot
from tests.factories import make_evidence, make_measure, report
from tests.operations.installation import Installation

pytestmark = pytest.mark.xdist_group("backup")
DAY = date(2025, 3, 1)
REPORT = b"Verslag van het overleg: caf\xc3\xa9."


@pytest.fixture(scope="module")
def source(tmp_path_factory, django_db_setup, django_db_blocker):
    """An installation with the real data set, its snapshots, and a document."""
    with django_db_blocker.unblock():
        place = Installation.create(tmp_path_factory.mktemp("bron") / "bron")
        with place.open():
            call_command("migrate", verbosity=0)
            call_command("load_kwalibo", stdout=io.StringIO())
            update = report(make_measure(), "gepland", on=DAY)
            make_evidence(update, content=REPORT, name="verslag.txt")
        yield place
        place.drop()


@pytest.fixture
def empty(tmp_path, source, django_db_blocker):
    """A place where nothing is yet."""
    with django_db_blocker.unblock():
        place = Installation.create(tmp_path / "leeg")
        yield place
        place.drop()


@pytest.fixture
def key(tmp_path, settings):
    """The file with a secret key; new back-ups are encrypted for it."""
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "sleutel"
    file.write_text(f"# een opmerking\n{identity}\n")
    settings.BACKUP_RECIPIENTS = [str(identity.to_public())]
    return file


@pytest.fixture
def plain(source, tmp_path):
    """A back-up of the source that is not encrypted."""
    with source.open():
        return make(tmp_path / "back-up.tar.gz").path


def is_untouched(place: Installation) -> bool:
    with place.open():
        return not connection.introspection.table_names() and not place.documents()


def test_a_restore_gives_back_every_row_every_snapshot_and_every_document(source, empty, plain):
    with empty.open():
        restore(plain)
        hashes = dict(Snapshot.objects.values_list("moment__slug", "sha256"))

    assert empty.contents() == source.contents()
    assert empty.documents() == source.documents()
    assert list(source.documents().values()) == [REPORT]
    with source.open():
        assert hashes == dict(Snapshot.objects.values_list("moment__slug", "sha256"))
    assert len(hashes) == 5
    # Last, since it writes down that it ran.
    with empty.open():
        call_command("verify_snapshots", stdout=io.StringIO())


def test_an_encrypted_back_up_comes_back_with_its_key_alone(source, empty, key, tmp_path):
    with source.open():
        made = make(tmp_path)
    assert made.is_encrypted
    assert made.path.suffix == ".age"
    assert b"Kwalibo" not in made.path.read_bytes()

    with empty.open():
        with pytest.raises(BackupError, match="Noem met BACKUP_IDENTITY_FILE"):
            restore(made.path)
        restore(made.path, key)

    assert empty.contents() == source.contents()


def test_another_key_is_refused_and_changes_nothing(source, empty, key, tmp_path):
    with source.open():
        made = make(tmp_path)
    other = tmp_path / "andere-sleutel"
    call_command("make_backup_key", other, stdout=io.StringIO(), stderr=io.StringIO())

    with empty.open(), pytest.raises(BackupError, match="De sleutel past niet"):
        restore(made.path, other)

    assert is_untouched(empty)


def test_a_file_that_is_no_key_is_named(source, empty, key, tmp_path):
    with source.open():
        made = make(tmp_path)
    key.write_text("wachtwoord123")

    with empty.open(), pytest.raises(BackupError, match="geen geheime sleutel") as refused:
        restore(made.path, key)

    assert "wachtwoord123" not in str(refused.value)


@pytest.mark.parametrize("where", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_damaged_back_up_is_refused_and_changes_nothing(
    source, empty, key, settings, tmp_path, where, encrypted
):
    if not encrypted:
        settings.BACKUP_RECIPIENTS = []
    with source.open():
        made = make(tmp_path)
    data = bytearray(made.path.read_bytes())
    data[int(len(data) * where)] ^= 0b100
    made.path.write_bytes(data)

    with empty.open(), pytest.raises(BackupError, match=r"beschadigd|onleesbaar"):
        restore(made.path, key)

    assert is_untouched(empty)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_back_up_that_stops_half_way_is_refused(
    source, empty, key, settings, tmp_path, encrypted
):
    if not encrypted:
        settings.BACKUP_RECIPIENTS = []
    with source.open():
        made = make(tmp_path)
    data = made.path.read_bytes()
    made.path.write_bytes(data[: len(data) * 3 // 4])

    with empty.open(), pytest.raises(BackupError, match="beschadigd"):
        restore(made.path, key)

    assert is_untouched(empty)


def repacked(path: Path, change) -> Path:
    """The archive with its members (name → bytes) changed, whole as gzip and tar."""
    with tarfile.open(path) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar}
    change(members)
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


def the_document(members) -> str:
    (name,) = [name for name in members if name.startswith("documents/")]
    return name


def say_other(members, **values):
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps(manifest | values).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda m: m.update({the_document(m): b"iets anders"}),
            "past niet bij zijn controlewaarde",
        ),
        (lambda m: m.pop(the_document(m)), "ontbreekt"),
        (lambda m: m.update({"documents/extra.txt": b"x"}), "hoort er niet in"),
        (lambda m: m.update({"manifest.json": b"{"}), "inhoudsopgave"),
        (lambda m: say_other(m, format="iets-anders"), "geen back-up van deze toepassing"),
        (lambda m: say_other(m, version=2), "nieuwere versie"),
        (
            lambda m: say_other(m, parts=[{"name": "../weg", "size": 1, "sha256": ""}]),
            "ligt buiten de back-up",
        ),
    ],
)
def test_what_does_not_fit_the_manifest_is_refused(empty, plain, change, told):
    with empty.open(), pytest.raises(BackupError, match=told):
        restore(repacked(plain, change))

    assert is_untouched(empty)


def test_something_else_is_no_back_up(empty, tmp_path):
    other = tmp_path / "foto.tar.gz"
    other.write_bytes(gzip.compress(b"iets anders"))

    with empty.open(), pytest.raises(BackupError, match="back-up"):
        restore(other)
    with empty.open(), pytest.raises(BackupError, match="niet te lezen"):
        restore(tmp_path / "bestaat-niet.tar.gz")


def test_a_back_up_of_the_other_kind_of_database_is_refused(empty, plain):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]

    with empty.open(), pytest.raises(BackupError, match="Deze back-up is van"):
        restore(repacked(plain, lambda members: say_other(members, database=other)))

    assert is_untouched(empty)


def test_a_restore_that_gives_another_number_of_rows_says_so(empty, plain):
    def one_more(members):
        facts = json.loads(members["manifest.json"])["facts"]
        facts["tables"]["measures_measure"] += 1
        say_other(members, facts=facts)

    with empty.open(), pytest.raises(BackupError, match="tabel measures_measure: 9 rijen, nu 8"):
        restore(repacked(plain, one_more))


def test_nothing_is_overwritten_unless_told(source, empty, plain):
    with empty.open():
        restore(plain)
        make_measure("Van hier")
        mine = empty.folder / "bewijsstukken" / "eigen.txt"
        mine.write_text("van hier")
        before = empty.contents()

    with empty.open(), pytest.raises(BackupError, match="niet leeg"):
        restore(plain)
    assert empty.contents() == before

    with empty.open():
        done = restore(plain, overwrite=True)
    assert empty.contents() == source.contents()
    assert done.left == ["eigen.txt"]
    assert mine.read_text() == "van hier"


def test_a_folder_with_documents_alone_is_not_empty_either(empty, plain):
    (empty.folder / "bewijsstukken").mkdir()
    (empty.folder / "bewijsstukken" / "eigen.txt").write_text("van hier")

    with empty.open(), pytest.raises(BackupError, match="niet leeg"):
        restore(plain)


def test_after_a_restore_the_triggers_hold_and_new_records_get_their_number(empty, plain):
    with empty.open():
        restore(plain)
        with pytest.raises(IntegrityError, match="niet gewijzigd"), transaction.atomic():
            Snapshot.objects.update(sha256="0" * 64)
        made = make_measure()
        assert Measure.objects.filter(pk=made.pk).count() == 1
        call_command("migrate", check_unapplied=True, stdout=io.StringIO())


def test_a_back_up_while_others_write_is_of_one_moment(source, empty, tmp_path):
    """Two rows and a document belong together; no back-up holds one without the others.

    And each holds all that was there when it began.
    """
    stop = threading.Event()
    faults = []

    def write(writer: int):
        try:
            with source.open():
                for n in range(10_000):
                    with transaction.atomic():
                        TaskRun.objects.create(name=f"{writer}-{n}-links", at="2025-01-01T00:00Z")
                        make_evidence(update, content=f"{n}".encode(), name="n.txt")
                        TaskRun.objects.create(name=f"{writer}-{n}-rechts", at="2025-01-01T00:00Z")
                    if stop.is_set():
                        return
        except Exception as error:
            faults.append(repr(error))

    # In the folder from the start: `open` of another thread puts the usual one back.
    with source.open():
        update = report(make_measure(), "gepland", on=DAY)
        threads = [threading.Thread(target=write, args=[n]) for n in range(2)]
        for thread in threads:
            thread.start()
        backups, began_with = [], []
        for n in range(3):
            began_with.append(TaskRun.objects.count())
            backups.append(make(tmp_path / f"{n}.tar.gz"))
        stop.set()
        for thread in threads:
            thread.join()

    assert not faults
    assert backups[0].manifest.facts.tables != backups[2].manifest.facts.tables
    for made, number in zip(backups, began_with, strict=True):
        assert made.manifest.facts.tables["operations_taskrun"] >= number
        assert not made.manifest.missing
        with empty.open():
            restore(made.path, overwrite=True)
            left = TaskRun.objects.filter(name__endswith="-links").count()
            assert TaskRun.objects.filter(name__endswith="-rechts").count() == left


def test_what_is_uploaded_just_before_the_copy_of_the_database_is_in_it(
    source, tmp_path, monkeypatch
):
    with source.open():
        update = report(make_measure(), "gepland", on=DAY)
        kind = type(databases.present())
        dump = kind.dump

        def dump_after_an_upload(self, target):
            make_evidence(update, content=b"net op tijd", name="n.txt")
            return dump(self, target)

        monkeypatch.setattr(kind, "dump", dump_after_an_upload)
        made = make(tmp_path / "back-up.tar.gz")

    assert not made.manifest.missing


def test_a_document_that_is_not_there_is_told(source, tmp_path, capsys):
    with source.open():
        name = next(name for name, data in source.documents().items() if data == REPORT)
        path = source.folder / "bewijsstukken" / name
        path.unlink()
        try:
            call_command("backup", tmp_path / "zonder.tar.gz")
        finally:
            path.write_bytes(REPORT)

    assert f"Let op: het bewijsstuk {name} ligt niet" in capsys.readouterr().err


def test_a_back_up_is_for_its_owner_alone_and_never_overwritten(source, plain):
    assert plain.stat().st_mode & 0o777 == 0o600

    with source.open(), pytest.raises(BackupError, match="is er al"):
        make(plain)


def test_a_back_up_that_cannot_be_made_leaves_nothing_behind(source, tmp_path, monkeypatch):
    def no_room(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", no_room)

    with source.open(), pytest.raises(BackupError, match=r"niet te maken.*No space left"):
        make(tmp_path / "back-up.tar.gz")
    assert not list(tmp_path.glob("back-up*"))


def test_a_database_without_our_tables_is_no_reason_for_a_traceback(empty, tmp_path):
    with empty.open(), pytest.raises(BackupError, match="De back-up is niet te maken"):
        make(tmp_path / "back-up.tar.gz")
    assert not list(tmp_path.glob("back-up*"))


def test_a_folder_that_is_not_there_is_named(source, tmp_path):
    with source.open(), pytest.raises(BackupError, match=r"De map .* is er niet"):
        make(tmp_path / "geen" / "back-up.tar.gz")


def test_who_asks_for_encryption_never_gets_a_readable_file(source, tmp_path, settings):
    with source.open(), pytest.raises(CommandError, match="BACKUP_RECIPIENTS is leeg"):
        call_command("backup", tmp_path, versleuteld=True)
    settings.BACKUP_RECIPIENTS = ["age1verkeerd"]
    with source.open(), pytest.raises(BackupError, match="geen openbare sleutel van age"):
        make(tmp_path)
    assert not list(tmp_path.glob("kwalibo-*"))


def test_the_commands_tell_in_dutch_what_they_did(source, empty, tmp_path, capsys):
    with source.open():
        call_command("backup", tmp_path / "back-up.tar.gz")
    told = capsys.readouterr().out
    assert "niet versleuteld" in told
    assert "documenten" in told

    with empty.open():
        call_command("restore", tmp_path / "back-up.tar.gz", controleer=True)
        assert "De back-up is heel. Er is niets veranderd." in capsys.readouterr().out
        assert is_untouched(empty)
        call_command("restore", tmp_path / "back-up.tar.gz")
    assert "Teruggezet en nagerekend: alles klopt." in capsys.readouterr().out


def test_a_key_is_made_once_and_for_its_owner(tmp_path, capsys):
    file = tmp_path / "sleutel"
    call_command("make_backup_key", file)

    public = capsys.readouterr().out.strip()
    assert file.stat().st_mode & 0o777 == 0o600
    assert pyrage.decrypt(
        pyrage.encrypt(b"geheim", [pyrage.x25519.Recipient.from_str(public)]),
        archive.identities(file),
    )
    with pytest.raises(CommandError, match="is er al"):
        call_command("make_backup_key", file)


def test_a_check_of_a_back_up_needs_no_database(plain):
    assert check(plain).database == connections["default"].vendor


# With PostgreSQL alone.


@pytest.fixture
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("about the programs of PostgreSQL")


def test_a_program_that_is_not_there_is_named(postgresql, source, tmp_path, monkeypatch):
    monkeypatch.setattr(databases.shutil, "which", lambda name: None)

    with source.open(), pytest.raises(BackupError, match="pg_dump staat niet op deze machine"):
        make(tmp_path)


def test_who_owns_the_database_needs_no_other_right_to_restore_it(postgresql, source, empty, plain):
    empty.administer("CREATE ROLE eigenaar LOGIN")
    empty.administer(f'ALTER DATABASE "{empty.name}" OWNER TO eigenaar')
    owned = Installation(empty.folder, empty.name, "eigenaar")
    try:
        with owned.open():
            restore(plain)
            restore(plain, overwrite=True)
        assert owned.contents() == source.contents()
    finally:
        empty.drop()
        empty.administer("DROP ROLE eigenaar")
        empty.administer(f'CREATE DATABASE "{empty.name}"')


def test_no_password_is_on_a_command_line(postgresql, source, monkeypatch):
    seen = []

    def run(arguments, env, **options):
        seen.append((arguments, env))
        raise SystemExit

    monkeypatch.setattr(databases.subprocess, "run", run)
    with source.open():
        connection.settings_dict["PASSWORD"] = "zeergeheim"
        with pytest.raises(SystemExit):
            databases.Postgresql()._run("pg_dump", [])
        connection.settings_dict["PASSWORD"] = ""
    ((arguments, env),) = seen
    assert "zeergeheim" not in " ".join(arguments)
    assert env["PGPASSWORD"] == "zeergeheim"
