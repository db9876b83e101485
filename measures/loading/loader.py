"""From the sections of a data file to records."""

from collections import Counter
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from parties.certainty import Certainty
from parties.models import Party
from parties.publication import Publication

from ..demo import PREFIX as FICTITIOUS
from ..models import (
    Commitment,
    DeadlineChange,
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
    ReportingMoment,
    Source,
    Statement,
    Status,
    Theme,
    TimelineEvent,
)
from ..periods import Precision, format_period
from .reader import DataFileError, Row, read

# Kinds of party as the file words them, with what the short choice leaves out.
PARTY_KINDS = {
    "ministerie": (Party.Kind.MINISTRY, ""),
    "tijdelijk orgaan": (Party.Kind.TASK_FORCE, ""),
    "toezichthouder": (Party.Kind.SUPERVISOR, ""),
    "uitvoerder": (Party.Kind.EXECUTIVE, ""),
    "medeoverheid": (Party.Kind.LOCAL_GOVERNMENT, ""),
    "medeoverheid (koepel)": (Party.Kind.UMBRELLA, ""),
    "accreditatie": (Party.Kind.ACCREDITATION, ""),
    "schemabeheerder": (Party.Kind.SCHEME_OWNER, ""),
    "schemabeheerder (college)": (Party.Kind.SCHEME_OWNER, "college"),
    "certificerende instelling": (Party.Kind.CERTIFICATION_BODY, ""),
    "certificerende instelling en schemabeheerder": (
        Party.Kind.CERTIFICATION_BODY,
        "ook schemabeheerder",
    ),
    "branche": (Party.Kind.TRADE_ASSOCIATION, ""),
    "evaluator": (Party.Kind.EVALUATOR, ""),
    "parlement": (Party.Kind.PARLIAMENT, ""),
}
PUBLIC = {"publication": Publication.PUBLIC}


class Report(Counter):
    """How many records of each kind were made."""

    def __str__(self):
        if not self:
            return "Alles stond er al: er is niets veranderd."
        parts = [
            f"{n} {model._meta.verbose_name if n == 1 else model._meta.verbose_name_plural}"
            for model, n in self.items()
        ]
        return f"Toegevoegd: {', '.join(parts)}."


def load(path: Path) -> Report:
    """Load the file at `path`; what is in the database already stays as it is.

    Raises DataFileError, with nothing loaded, when a row does not fit, or when
    the database holds fictitious measures: their numbers would pass for real ones.
    """
    if Measure.objects.filter(title__startswith=FICTITIOUS).exists():
        raise DataFileError("In deze database staan verzonnen maatregelen. Gebruik een lege.")
    with transaction.atomic():
        return Loader(read(path)).load()


class Loader:
    def __init__(self, file: Row):
        self.file = file
        self.report = Report()
        self.sources: dict[str, Source] = {}
        self.parties: dict[str, Party] = {}
        self.themes: dict[str, Theme] = {}
        self.findings: dict[str, Finding] = {}
        self.measures: dict[str, Measure] = {}
        self.letters: dict[str, Letter] = {}

    def load(self) -> Report:
        self.file.raw("meta")
        # Sections of which the vocabulary of this application took the place.
        for section in ("status_vocabulary", "annex_conventions"):
            if self.file.has(section):
                self.file.raw(section)
        self.each("sources", self.load_source)
        self.each("parties", self.load_party)
        self.each("clusters", self.load_theme)
        self.each("evaluations", self.load_evaluation)
        self.each("findings", self.load_finding)
        self.each("letters", self.load_letter, optional=True)
        self.each("measures", self.load_measure)
        self.each("moments", self.load_moment, optional=True)
        self.load_motions(self.file.row("motions"))
        self.each("commitments", self.load_commitment, optional=True)
        self.each("timeline", self.load_event)
        self.each("effects", self.load_effect, optional=True)
        self.each("glossary", self.load_term)
        self.load_totals(self.file.row("aggregate"))
        self.each("workstream_topics", self.load_topic)
        self.each("related_actions", self.load_related_action)
        self.each("differences", self.load_difference, optional=True)
        self.load_not_found()
        self.file.done()
        return self.report

    # The workings.

    def each(self, section, load, *, optional=False):
        if optional and not self.file.has(section):
            return
        for position, row in enumerate(self.file.rows(section)):
            row.place = f"{section}[{position}]"
            if name := next((row.data[k] for k in ("id", "name", "term") if row.data.get(k)), ""):
                row.place += f" ({name})"
            load(row, position)
            row.done()

    def add(self, row: Row, model: type[models.Model], *, known_by: dict, **values):
        """The record that `known_by` names, and whether it was made now."""
        found = model._default_manager.filter(**known_by).first()
        if found:
            return found, False
        record = model(**known_by, **values)
        try:
            record.full_clean()
            record.save()
        except ValidationError as error:
            messages = "; ".join(
                f"{_label(model, field)}: {' '.join(found)}"
                for field, found in error.message_dict.items()
            )
            raise DataFileError(f"{row.place}: {messages}") from None
        except IntegrityError as error:
            raise DataFileError(f"{row.place}: de database weigert dit: {error}") from None
        self.report[model] += 1
        return record, True

    def sources_of(self, row: Row, field: str = "source") -> list[Source]:
        return [self.known(row, field, key, self.sources, "bron") for key in row.keys(field)]

    def known(self, row: Row, field: str, key: str, records: dict, kind: str):
        if key not in records:
            raise row.error(field, f"de {kind} ‘{key}’ staat niet in dit bestand.")
        return records[key]

    def party(self, row: Row, field: str, name: str) -> Party | None:
        """The party with this name or abbreviation; 'Naam (AFK)' is understood too."""
        name = name.casefold()
        for known, party in self.parties.items():
            if name in (known, f"{known} ({party.abbreviation.casefold()})"):
                return party
        return None

    # One section each.

    def load_source(self, row: Row, position: int):
        day, precision = row.day("date")
        self.sources[row.text("id")], _ = self.add(
            row,
            Source,
            known_by={"key": row.text("id")},
            title=row.text("title"),
            date=day,
            date_precision=precision,
            paper=row.optional_text("kamerstuk"),
            url=row.optional_text("url"),
            remark=row.optional_text("note"),
            **PUBLIC,
        )

    def load_party(self, row: Row, position: int):
        kind, kind_detail = row.choice("kind", PARTY_KINDS)
        sector, sector_detail = _sector(row.text("public_private"))
        host = row.optional_text("host")
        host_certainty = (
            row.certainty("host_certainty")
            if row.raw("host_certainty") is not None
            else Certainty.UNKNOWN
        )
        name, abbreviation = row.text("name"), row.optional_text("abbr")
        sources = self.sources_of(row)
        party, is_new = self.add(
            row,
            Party,
            known_by={"name": name},
            abbreviation=abbreviation,
            slug=slugify(name)[:100].strip("-"),
            kind=kind,
            kind_detail=kind_detail,
            sector=sector,
            sector_detail=sector_detail,
            role=row.text("role"),
            website=f"https://{host}/" if host else "",
            website_certainty=host_certainty,
            participation=row.certainty("part_in_programme"),
            certainty=row.certainty(),
            remark=row.optional_text("note"),
            **PUBLIC,
        )
        if is_new:
            party.sources.set(sources)
        self.parties[name.casefold()] = party
        if abbreviation:
            self.parties.setdefault(abbreviation.casefold(), party)

    def sourced(self, row: Row) -> dict:
        """The fields that every statement with a source has."""
        return {"certainty": row.certainty(), "remark": row.optional_text("note")}

    def add_sourced(self, row: Row, model, *, known_by: dict, **values):
        sources = self.sources_of(row)
        record, is_new = self.add(row, model, known_by=known_by, **self.sourced(row), **values)
        if is_new:
            record.sources.set(sources)
        return record, is_new

    def load_theme(self, row: Row, position: int):
        title = row.text("title")
        self.themes[row.text("id")], _ = self.add_sourced(
            row,
            Theme,
            known_by={"key": row.text("id")},
            title=title,
            slug=slugify(title)[:100].strip("-"),
            position=position,
        )

    def load_evaluation(self, row: Row, position: int):
        day, precision = row.day("published")
        self.add_sourced(
            row,
            Evaluation,
            known_by={"key": row.text("id")},
            title=row.text("title"),
            author=row.optional_text("author"),
            date=day,
            date_precision=precision,
            **PUBLIC,
        )

    def load_finding(self, row: Row, position: int):
        self.findings[row.text("id")], _ = self.add_sourced(
            row,
            Finding,
            known_by={"key": row.text("id")},
            text=row.text("finding"),
            position=position,
            **PUBLIC,
        )

    def load_letter(self, row: Row, position: int):
        day, precision = row.day("date")
        self.letters[row.text("id")], _ = self.add_sourced(
            row,
            Letter,
            known_by={"key": row.text("id")},
            kind=row.choice("kind", _by_value(Letter.Kind)),
            title=row.text("title"),
            date=day,
            date_precision=precision,
            date_text=row.optional_text("date_text"),
            dossier=row.optional_text("dossier"),
            paper_number=row.optional_text("number"),
            summary=row.optional_text("summary"),
            **PUBLIC,
        )

    def load_moment(self, row: Row, position: int):
        """A reconstruction of what a letter of before this application told; not public yet.

        `reconstructions.finish` makes it so, outside the loading: its files take a while.
        """
        key = row.text("letter")
        letter = self.known(row, "letter", key, self.letters, "brief")
        day, _ = row.day("reference_date")
        self.add(
            row,
            ReportingMoment,
            known_by={"slug": key},
            letter=letter,
            reference_date=day,
            title=row.text("title"),
            introduction=row.text("introduction"),
            is_reconstruction=True,
        )

    def load_measure(self, row: Row, position: int):
        key = row.text("id")
        if not (key.startswith("M") and key[1:].isdecimal()):
            raise row.error("id", f"‘{key}’ is geen maatregelnummer. Schrijf bijvoorbeeld M7.")
        theme, lead = row.row("cluster"), row.row("lead")
        lead_name = lead.optional_text("value")
        lead_party = self.party(lead, "value", lead_name) if lead_name else None
        if lead_name and not lead_party:
            raise lead.error("value", f"de partij ‘{lead_name}’ staat niet in dit bestand.")
        deadline = row.row("deadline") if row.has("deadline") else None
        programme = row.row("part_of_programme")
        in_programme = programme.raw("value")
        if in_programme not in (True, False, None):
            raise programme.error("value", "schrijf true, false of null.")
        measure, is_new = self.add_sourced(
            row,
            Measure,
            known_by={"number": int(key[1:])},
            taskforce_number=row.optional_text("taskforce_number"),
            title=row.text("title"),
            description=row.text("description"),
            basis=row.optional_text("evidence_kind"),
            theme=self.known(theme, "value", theme.text("value"), self.themes, "hoofdlijn"),
            lead=lead_party,
            in_programme=in_programme,
            **PUBLIC,
        )
        self.measures[key] = measure
        # What hangs under a measure is read always, so that a fault in the file
        # is found, and written only with a new measure.
        status = row.row("status")
        wording = status.optional_text("value")
        facts = {
            Provenance.Field.THEME: theme,
            Provenance.Field.LEAD: lead,
            Provenance.Field.IN_PROGRAMME: programme,
            Provenance.Field.STATUS: status,
        }
        if deadline:
            facts[Provenance.Field.DEADLINE] = deadline
            self.load_deadline(deadline, measure, is_new)
        row.row("status_date")
        for field, fact in facts.items():
            self.load_provenance(fact, measure, field, wording, is_new)
        self.load_involved(row.row("involved"), measure, is_new)
        self.load_finding_links(row.row("finding"), measure, is_new)
        if row.has("update"):
            self.load_update(row.row("update"), measure, is_new)

    def load_deadline(self, row: Row, measure, is_new):
        """The original deadline; `since` says from which day on a source names it."""
        day, precision = row.day("value", precision="precision")
        since, since_precision = row.day("since") if row.has("since") else (None, Precision.DAY)
        wording = row.optional_text("text")
        if not is_new or day is None:
            return
        change, _ = self.add(
            row,
            DeadlineChange,
            known_by={"measure": measure, "is_original": True},
            deadline=day,
            precision=precision,
            wording=wording,
            reporting_date=since,
            reporting_date_precision=since_precision,
            certainty=row.certainty(),
            **PUBLIC,
        )
        change.sources.set(self.sources_of(row))

    def load_provenance(self, fact: Row, measure, field, wording, is_new):
        certainty, sources = fact.certainty(), self.sources_of(fact)
        fact.done()
        if not is_new or certainty == Certainty.UNKNOWN:
            return
        row, _ = self.add(
            fact,
            Provenance,
            known_by={"measure": measure, "field": field},
            certainty=certainty,
            wording=wording if field == Provenance.Field.STATUS else "",
        )
        row.sources.set(sources)

    def load_involved(self, fact: Row, measure, is_new):
        certainty, sources = fact.certainty(), self.sources_of(fact)
        values = fact.raw("value") or []
        if not isinstance(values, list):
            raise fact.error("value", "hier hoort een lijst te staan.")
        for n, value in enumerate(values):
            # The file names a party or a group by its name alone, or says which it is.
            entry = Row(
                {"name": value} if isinstance(value, str) else value, f"{fact.place}.value[{n}]"
            )
            party, group = self.party_or_group(entry)
            role = Involvement.Role.INVOLVED
            if entry.has("role"):
                role = entry.choice("role", _by_value(Involvement.Role))
            entry.done()
            if is_new:
                involvement, _ = self.add(
                    entry,
                    Involvement,
                    known_by={"measure": measure, "party": party, "group": group, "role": role},
                    certainty=certainty,
                )
                involvement.sources.set(sources)
        fact.done()

    def party_or_group(self, entry: Row) -> tuple[Party | None, str]:
        if entry.has("party"):
            name = entry.text("party")
            party = self.party(entry, "party", name)
            if not party:
                raise entry.error("party", f"de partij ‘{name}’ staat niet in dit bestand.")
            return party, ""
        if entry.has("group"):
            return None, entry.text("group")
        name = entry.text("name")
        party = self.party(entry, "name", name)
        return party, "" if party else name

    def load_finding_links(self, fact: Row, measure, is_new):
        certainty, sources = fact.certainty(), self.sources_of(fact)
        for key in fact.keys("value"):
            finding = self.known(fact, "value", key, self.findings, "verbeterpunt")
            if is_new:
                link = measure.finding_links.create(finding=finding, certainty=certainty)
                link.sources.set(sources)
        fact.done()

    def load_update(self, row: Row, measure, is_new):
        day, precision = row.day("date", precision="precision")
        sources = self.sources_of(row)
        values = {
            "status": row.choice("status", _by_value(Status)),
            "explanation": row.text("text"),
            **self.sourced(row),
        }
        row.done()
        if is_new:
            update, _ = self.add(
                row,
                ProgressUpdate,
                known_by={"measure": measure, "reporting_date": day},
                reporting_date_precision=precision,
                **values,
            )
            update.sources.set(sources)
            try:
                update.publish()
            except ValidationError as error:
                raise DataFileError(f"{row.place}: {' '.join(error.messages)}") from None

    def load_motions(self, row: Row):
        handled = row.rows("handled_in_2025_letter")
        for n, motion in enumerate(handled):
            text = f"Motie {n + 1} van {len(handled)}: {motion.text('how_handled')}."
            self.add_statement(
                motion, Statement.Topic.MOTIONS, f"motie-in-slotbrief-{n + 1}", n, text
            )
        for n, motion in enumerate(row.rows("candidates")):
            motion.place = f"motions.candidates[{n}] ({motion.data.get('title')})"
            self.load_motion(motion)
            motion.done()

    def load_motion(self, row: Row):
        number = row.optional_text("number")
        dossier, _, paper_number = number.rpartition("-")
        title = row.text("title")
        day, precision = row.day("date")
        link = row.text("link_to_2025_letter")
        proposers = [
            self.read_proposer(proposer, n) for n, proposer in enumerate(row.rows("submitters"))
        ]
        motion, is_new = self.add_sourced(
            row,
            Motion,
            known_by={"slug": number or slugify(title)[:100].strip("-")},
            title=title,
            dossier=dossier,
            paper_number=paper_number,
            date=day,
            date_precision=precision,
            request=row.optional_text("dictum"),
            vote=_by_value(Motion.Vote).get(row.optional_text("vote"), Motion.Vote.UNKNOWN),
            ministry_explanation=row.optional_text("how_handled"),
            closing_letter_link=_closing_letter_link(row, link),
            **PUBLIC,
        )
        if is_new:
            for values, sources in proposers:
                motion.proposers.create(**values).sources.set(sources)

    def read_proposer(self, row: Row, position: int) -> tuple[dict, list[Source]]:
        group = row.row("party")
        values = {
            "name": row.text("name"),
            "parliamentary_group": group.optional_text("value"),
            "certainty": group.certainty(),
            "position": position,
        }
        return values, self.sources_of(group)

    def load_commitment(self, row: Row, position: int):
        day, precision = row.day("date")
        letter = row.optional_text("fulfilled_by")
        self.add_sourced(
            row,
            Commitment,
            known_by={"slug": row.text("id")},
            title=row.text("title"),
            text=row.text("text"),
            date=day,
            date_precision=precision,
            ministry_position=row.choice(
                "ministry_position", _by_value(Commitment.MinistryPosition)
            ),
            ministry_explanation=row.optional_text("how_handled"),
            fulfilled_by=self.known(row, "fulfilled_by", letter, self.letters, "brief")
            if letter
            else None,
            **PUBLIC,
        )

    def load_event(self, row: Row, position: int):
        is_planned = row.raw("precision") == "planned"
        day, precision = row.day("date", precision=None if is_planned else "precision")
        text, letter = row.text("event"), row.optional_text("letter")
        self.add_sourced(
            row,
            TimelineEvent,
            known_by={"key": slugify(f"{row.text('date')} {text}")[:60].strip("-")},
            date=day,
            date_precision=precision,
            date_text=row.optional_text("date_text"),
            text=text,
            paper=row.optional_text("kamerstuk"),
            is_planned=is_planned,
            milestone=row.optional_text("milestone"),
            letter=self.known(row, "letter", letter, self.letters, "brief") if letter else None,
            **PUBLIC,
        )

    def load_effect(self, row: Row, position: int):
        measures = [
            self.known(row, "measures", key, self.measures, "maatregel")
            for key in row.keys("measures")
        ]
        effect, is_new = self.add_sourced(
            row,
            Effect,
            known_by={"key": row.text("id")},
            title=row.text("title"),
            text=row.optional_text("text"),
            state=row.choice("state", _by_value(Effect.State)),
            position=position,
            **PUBLIC,
        )
        if is_new:
            effect.measures.set(measures)

    def load_term(self, row: Row, position: int):
        term = row.text("term")
        self.add_sourced(
            row,
            GlossaryTerm,
            known_by={"term": term},
            slug=slugify(term),
            definition=row.text("definition"),
            **PUBLIC,
        )

    def add_statement(self, row: Row, topic, key: str, position: int, text: str):
        self.add_sourced(
            row,
            Statement,
            known_by={"key": key},
            topic=topic,
            text=text,
            position=position,
            **PUBLIC,
        )

    def load_totals(self, row: Row):
        topics = {
            "total": Statement.Topic.TOTAL,
            "implemented": Statement.Topic.IMPLEMENTED,
            "remaining": Statement.Topic.REMAINING,
            "numbering": Statement.Topic.NUMBERING,
        }
        for name, topic in topics.items():
            fact = row.row(name)
            self.add_statement(fact, topic, topic.value, 0, fact.optional_text("value"))
            fact.done()
        row.done()

    def load_topic(self, row: Row, position: int):
        text = f"{row.text('stream_2021')}: {row.text('topic')}"
        key = f"aandachtspunt-{row.text('id').lower()}"
        if row.has("kind"):
            row.raw("kind")
        self.add_statement(row, Statement.Topic.TOPIC_2021, key, position, text)

    def load_related_action(self, row: Row, position: int):
        day, precision = row.day("date")
        links: dict[str, str] = {
            Certainty.STATED: "De bron noemt een band met het programma.",
            Certainty.INFERRED: "De band met het programma is onze lezing.",
            Certainty.UNKNOWN: "Of er een band is met het programma, is niet bekend.",
        }
        link = links[row.certainty("link_to_programme")]
        when = f", {format_period(day, precision)}" if day else ""
        text = f"{row.text('title')} ({row.text('party')}{when}). {link}"
        key = f"verwant-{row.text('id').lower()}"
        self.add_statement(row, Statement.Topic.RELATED, key, position, text)

    def load_difference(self, row: Row, position: int):
        key = f"verschil-{position + 1}"
        self.add_statement(row, Statement.Topic.DIFFERENCE, key, position, row.text("text"))

    def load_not_found(self):
        for position, text in enumerate(self.file.keys("not_found")):
            self.add(
                self.file,
                Statement,
                known_by={"key": f"niet-gevonden-{position + 1}"},
                topic=Statement.Topic.NOT_FOUND,
                text=text,
                position=position,
                **PUBLIC,
            )


def _by_value(choices) -> dict:
    return {choice.value: choice for choice in choices}


def _label(model, field: str) -> str:
    names = {item.name: item.verbose_name for item in model._meta.fields}
    return f"veld ‘{names.get(field, field)}’" if field != "__all__" else "deze rij"


def _sector(text: str) -> tuple[str, str]:
    """Sector and detail of, say, 'gemengd (gemeentelijke grondbanken)'."""
    base, _, detail = text.partition(" (")
    if base in Party.Sector.values:
        return base, detail.removesuffix(")")
    if base == "publiek-privaat":
        return Party.Sector.MIXED, text
    return Party.Sector.OTHER, text


def _closing_letter_link(row: Row, text: str) -> str:
    """The link as stored, or as the collection of facts words it in English."""
    links = _by_value(Motion.ClosingLetterLink) | {
        "inferred (fits": Motion.ClosingLetterLink.CANDIDATE,
        "inferred (weaker": Motion.ClosingLetterLink.WEAK,
        "unlikely": Motion.ClosingLetterLink.UNLIKELY,
        "excluded": Motion.ClosingLetterLink.EXCLUDED,
    }
    for start, link in links.items():
        if text.startswith(start):
            return link
    raise row.error("link_to_2025_letter", f"‘{text}’ kennen wij niet.")
