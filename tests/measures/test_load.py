"""Loading the data set: complete, repeatable, and all or nothing."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import demo
from measures.loading import SHIPPED, DataFileError, load
from measures.models import (
    Commitment,
    Effect,
    Evaluation,
    Finding,
    GlossaryTerm,
    Involvement,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    Provenance,
    Source,
    Statement,
    Status,
    Theme,
    TimelineEvent,
)
from parties.certainty import Certainty
from parties.models import Party

pytestmark = pytest.mark.django_db

MODELS = [
    *(Commitment, Effect, Evaluation, Finding, GlossaryTerm, Involvement, Letter, Measure),
    *(Motion, Party, ProgressUpdate, Provenance, Source, Statement, Theme, TimelineEvent),
]


def everything():
    """All that the database holds, record by record."""
    return {
        model.__name__: [
            model_to_dict(record) | {"version": getattr(record, "version", None)}
            for record in model.objects.order_by("pk")
        ]
        for model in MODELS
    }


@pytest.fixture
def data():
    return json.loads(SHIPPED.read_text())


@pytest.fixture
def load_data(tmp_path):
    def load_data(data):
        path = tmp_path / "gegevens.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return load(path)

    return load_data


def test_the_shipped_data_set_is_loaded_whole(data):
    load(SHIPPED)

    assert Measure.objects.public().count() == len(data["measures"]) == 7
    assert Party.objects.public().count() == len(data["parties"])
    assert Source.objects.public().count() == len(data["sources"])
    assert Motion.objects.public().count() == len(data["motions"]["candidates"])
    assert TimelineEvent.objects.public().count() == len(data["timeline"])
    assert GlossaryTerm.objects.public().count() == len(data["glossary"])


def test_a_second_run_changes_nothing():
    load(SHIPPED)
    before = everything()

    report = load(SHIPPED)

    assert everything() == before
    assert str(report) == "Alles stond er al: er is niets veranderd."


def test_what_staff_changed_is_left_as_they_made_it():
    load(SHIPPED)
    party = Party.objects.get(abbreviation="ILT")
    party.role = "Door een medewerker geschreven."
    party.save()
    Measure.objects.get(number=7).involvements.all().delete()

    load(SHIPPED)

    party.refresh_from_db()
    assert party.role == "Door een medewerker geschreven."
    assert not Measure.objects.get(number=7).involvements.exists()


def test_unknown_stays_unknown():
    load(SHIPPED)
    measure = Measure.objects.get(number=3)

    assert measure.lead is None
    assert measure.deadline is None
    assert measure.status == Status.UNKNOWN
    assert not measure.updates.exists()


def test_every_fact_keeps_its_source_and_its_certainty():
    load(SHIPPED)
    protocol = Measure.objects.get(number=7)

    deadline = protocol.provenances.get(field=Provenance.Field.DEADLINE)
    theme = protocol.provenances.get(field=Provenance.Field.THEME)

    assert (protocol.deadline, protocol.deadline_text) == (date(2025, 12, 31), "eind 2025")
    assert deadline.certainty == Certainty.STATED
    assert [source.key for source in deadline.sources.all()] == ["S01"]
    assert theme.certainty == Certainty.INFERRED
    for model in (ProgressUpdate, Finding, Effect, GlossaryTerm, TimelineEvent):
        assert not model.objects.filter(sources=None).exists(), model


def test_the_two_motions_of_the_letter_stay_candidates():
    load(SHIPPED)

    assert not Motion.objects.filter(closing_letter_link="vermeld").exists()
    assert {motion.slug for motion in Motion.objects.all() if motion.is_candidate} == {
        "30015-87",
        "30015-88",
        "30015-97",
    }


def broken(data, path, value):
    """The data set with one value replaced; `None` as value takes the field away."""
    *parents, last = path
    target = data
    for step in parents:
        target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["measures", 3, "lead", "value"], "Niemand", "measures[3] (M4).lead, veld ‘value’"),
        (["measures", 0, "title"], None, "measures[0] (M1), veld ‘title’"),
        (["measures", 0, "title"], 7, "measures[0] (M1), veld ‘title’"),
        (["measures", 0, "titel"], "x", "measures[0] (M1): dit veld kennen wij niet: ‘titel’"),
        (["measures", 1, "certainty"], "misschien", "measures[1] (M2), veld ‘certainty’"),
        (["measures", 1, "source"], ["S999"], "measures[1] (M2), veld ‘source’"),
        (["measures", 6, "deadline", "value"], "2025-02-30", "measures[6] (M7).deadline"),
        (["measures", 0, "update", "date"], "2999-01-01", "measures[0] (M1).update"),
        (["measures", 0, "id"], "maatregel", "measures[0] (maatregel), veld ‘id’"),
        (["parties", 2, "kind"], "club", "parties[2] (Taskforce herinrichting bodemstelsel)"),
        (["sources", 5, "url"], "geen adres", "sources[5] (S06): veld ‘webadres’"),
        (["motions", "candidates", 0, "submitters"], "Moorlag", "motions.candidates[0]"),
        (["timeline", 0], "tekst", "timeline[0]"),
        (["glossary"], {}, "glossary"),
        (["onbekend deel"], [], "‘onbekend deel’"),
        (["aggregate", "total"], None, "aggregate, veld ‘total’"),
    ],
)
def test_a_fault_names_its_row_and_field_and_nothing_is_loaded(load_data, data, path, value, place):
    with pytest.raises(DataFileError) as fault:
        load_data(broken(data, path, value))

    assert place in str(fault.value)
    assert not Measure.objects.exists()
    assert not Source.objects.exists()


def test_a_truncated_file_is_refused_with_its_place(load_data):
    text = SHIPPED.read_text()

    with pytest.raises(DataFileError, match=r"geen volledige JSON: regel \d+, kolom \d+"):
        load_data(text[: len(text) // 2])

    assert not Source.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[]", b"null", b"7", b"[" * 100_000])
def test_no_file_content_is_a_traceback(tmp_path, content):
    path = tmp_path / "gegevens.json"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="Er is niets geladen"):
        call_command("load_kwalibo", path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nergens\.json bestaat niet"):
        call_command("load_kwalibo", tmp_path / "nergens.json")


def places(value, path=()):
    """The path of every value in the data set."""
    yield path
    if isinstance(value, dict | list):
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in children:
            yield from places(child, (*path, key))


ALL_PLACES = [path for path in places(json.loads(SHIPPED.read_text())) if path]
JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(ALL_PLACES), JUNK)
def test_whatever_is_wrong_the_answer_is_a_load_or_a_sentence(tmp_path, path, value):
    data = json.loads(SHIPPED.read_text())
    *parents, last = path
    target = data
    for step in parents:
        target = target[step]
    target[last] = value
    file = tmp_path / "gegevens.json"
    file.write_text(json.dumps(data))

    with transaction.atomic():
        try:
            load(file)
        except DataFileError:
            assert not Measure.objects.exists()
        transaction.set_rollback(True)


class TestFictitiousData:
    def test_the_same_seed_makes_the_same_data(self):
        def generated():
            with transaction.atomic():
                demo.generate(measures=20, updates=4, seed=7)
                rows = list(
                    Measure.objects.values_list("title", "status", "reported_on", "deadline")
                )
                transaction.set_rollback(True)
            return rows

        assert generated() == generated()

    def test_it_says_of_itself_that_it_is_fictitious(self):
        demo.generate(measures=5, updates=2, seed=1)

        assert all(measure.title.startswith("Fictief") for measure in Measure.objects.all())
        assert all(party.name.startswith("Fictief") for party in Party.objects.all())

    def test_it_never_mixes_with_real_measures(self):
        load(SHIPPED)
        before = everything()

        with pytest.raises(CommandError, match="echte maatregelen"):
            call_command("generate_demo", measures=5)

        assert everything() == before

    def test_the_data_set_is_not_loaded_beside_it(self):
        demo.generate(measures=5, updates=2, seed=1)

        with pytest.raises(CommandError, match="verzonnen maatregelen"):
            call_command("load_kwalibo")
