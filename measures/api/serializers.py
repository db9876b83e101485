"""What each record tells. The keys are Dutch: they are read by people who know the field.

A serializer needs what the query set of its resource fetched (`resources.py`); one that looked
further would cost a query per row, and tests count those.
"""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parties.certainty import Certainty
from parties.models import Party

from ..models import (
    Contribution,
    DeadlineState,
    Effect,
    Involvement,
    Letter,
    Motion,
    Provenance,
    Statement,
    Status,
)
from ..models.parliament import Promise
from .fields import (
    CERTAINTY,
    Address,
    Always,
    Choice,
    Codes,
    Moment,
    Numbers,
    Page,
    PeriodField,
    Record,
    SourcedRecord,
    SourceReference,
    Text,
)

# How this API names what a provenance is about.
FIELD_NAMES: dict[str, str] = {
    Provenance.Field.THEME: "hoofdlijn",
    Provenance.Field.LEAD: "trekker",
    Provenance.Field.DEADLINE: "streefdatum",
    Provenance.Field.IN_PROGRAMME: "hoortBijProgramma",
    Provenance.Field.STATUS: "status",
    Provenance.Field.DONE_WHEN: "klaarWanneer",
}
SINCE = "Sinds wanneer dit openbaar is."


class PartyReference(Record):
    code = Always(source="slug", help_text="Te vinden onder /partijen.")
    naam = Always(source="name")
    afkorting = Text(source="abbreviation")

    class Meta:
        ref_name = "Partijverwijzing"


class ThemeReference(Record):
    code = Always(source="slug", help_text="Te vinden onder /hoofdlijnen.")
    titel = Always(source="title")

    class Meta:
        ref_name = "Hoofdlijnverwijzing"


@extend_schema_field(serializers.CharField(allow_null=True))
class CodeOf(serializers.Field):
    """The code of one other record that may be shown, or null."""

    def __init__(self, source: str, key: str, **kwargs):
        super().__init__(read_only=True, source=source, **kwargs)
        self.key = key

    def to_representation(self, value):
        return getattr(value, self.key)


@extend_schema_field(serializers.IntegerField(allow_null=True))
class NumberOf(CodeOf):
    def __init__(self, source: str, key: str = "number", **kwargs):
        super().__init__(source, key, **kwargs)


class EvidenceSerializer(Record):
    titel = Always(source="title")
    soort = Always(source="file_kind", help_text="‘PDF’, of ‘link’.")
    webadres = serializers.SerializerMethodField()

    class Meta:
        ref_name = "Bewijsstuk"

    @extend_schema_field(serializers.URLField())
    def get_webadres(self, evidence):
        address = evidence.get_absolute_url()
        return address if evidence.url else self.context["site"] + address


class UpdateSerializer(SourcedRecord):
    """How a measure stood on a day, as it was reported. Never rewritten."""

    id = serializers.IntegerField(read_only=True)
    maatregel = serializers.IntegerField(
        source="measure.number", read_only=True, help_text="Het nummer van de maatregel."
    )
    peildatum = PeriodField("reporting_date", "reporting_date_precision", "reporting_date_label")
    status = Choice(Status)
    opgegaanIn = NumberOf("merged_into")
    tekst = Always(source="explanation")
    brief = CodeOf("letter", "key", help_text="De Kamerbrief waarin dit is gemeld.")
    verbetert = NumberOf("corrects", "pk", help_text="De eerdere stand die dit vervangt.")
    isVerbeterd = serializers.BooleanField(source="is_corrected", read_only=True)
    bewijsstukken = EvidenceSerializer(source="public_evidence", many=True, read_only=True)
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "StandVanZaken"


class DeadlineSerializer(SourcedRecord):
    """A deadline that a measure was given: the first one, or a shift with its reason."""

    id = serializers.IntegerField(read_only=True)
    maatregel = serializers.IntegerField(
        source="measure.number", read_only=True, help_text="Het nummer van de maatregel."
    )
    streefdatum = PeriodField("deadline", "precision", "label")
    geldtSinds = PeriodField("reporting_date", "reporting_date_precision", "reporting_date_label")
    isEerste = serializers.BooleanField(source="is_original", read_only=True)
    reden = Text(source="reason", help_text="Waarom de datum verschuift.")
    brief = CodeOf("letter", "key", help_text="De Kamerbrief waarin dit is gemeld.")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "Streefdatum"


class ContributionSerializer(Record):
    """What a party itself says of a measure. Not a text of the ministry."""

    maatregel = serializers.IntegerField(
        source="measure.number", read_only=True, help_text="Het nummer van de maatregel."
    )
    partij = PartyReference(source="party", read_only=True)
    soort = Choice(Contribution.Kind, source="kind")
    status = serializers.SerializerMethodField()
    peildatum = serializers.DateField(source="reporting_date", read_only=True)
    tekst = Text(source="explanation")
    webadres = Text(source="url", help_text="Bron volgens deze partij.")
    openbaarSinds = Moment(source="shown_at", help_text=SINCE)

    class Meta:
        ref_name = "Inbreng"

    @extend_schema_field(serializers.ChoiceField(choices=Status.choices, allow_null=True))
    def get_status(self, contribution):
        return contribution.status or None


class InvolvementSerializer(SourcedRecord):
    partij = PartyReference(source="party", read_only=True, allow_null=True)
    groep = Text(source="group", help_text="Als de bron alleen een groep noemt.")
    rol = Choice(Involvement.Role, source="role")

    class Meta:
        ref_name = "Betrokkene"


class ProvenanceSerializer(SourcedRecord):
    gegeven = serializers.SerializerMethodField(help_text="Over welk gegeven dit gaat.")
    tekst = Text(source="wording", help_text="Wat de bron zegt, als dat anders is.")

    class Meta:
        ref_name = "Herkomst"

    @extend_schema_field(serializers.ChoiceField(choices=list(FIELD_NAMES.values())))
    def get_gegeven(self, provenance):
        return FIELD_NAMES[provenance.field]


class FindingLinkSerializer(SourcedRecord):
    code = Always(source="finding.key", help_text="Te vinden onder /verbeterpunten.")
    tekst = Always(source="finding.text")

    class Meta:
        ref_name = "VerbeterpuntVanMaatregel"


class MeasureSerializer(SourcedRecord):
    nummer = serializers.IntegerField(source="number", read_only=True)
    code = Always(help_text="Zoals mensen hem aanhalen: ‘M7’.")
    titel = Always(source="title")
    omschrijving = Text(source="description")
    klaarWanneer = Text(source="done_when", help_text="Waaraan te zien is dat hij klaar is.")
    soortAanwijzing = Text(source="basis", help_text="Soort aanwijzing in de bron.")
    nummerTaskforce = Text(source="taskforce_number")
    hoofdlijn = ThemeReference(source="theme", read_only=True)
    trekker = PartyReference(source="lead", read_only=True, allow_null=True)
    status = Choice(Status, source="standing_status")
    statusSinds = PeriodField("standing_date", "standing_date_precision", "standing_date_label")
    opgegaanIn = serializers.IntegerField(
        source="standing_merged_number", read_only=True, allow_null=True
    )
    laterOpenbaar = serializers.BooleanField(
        source="standing_is_later",
        read_only=True,
        help_text="Of deze stand pas na de peildatum openbaar werd.",
    )
    standVanZaken = UpdateSerializer(source="standing", read_only=True, allow_null=True)
    streefdatum = PeriodField("standing_deadline", "standing_deadline_precision", "deadline_label")
    standStreefdatum = Choice(DeadlineState, source="deadline_state")
    rapportageTeLaat = serializers.BooleanField(source="report_is_late", read_only=True)
    hoortBijProgramma = serializers.BooleanField(
        source="in_programme", read_only=True, allow_null=True
    )
    toegevoegdOp = serializers.DateField(source="added_on", read_only=True, allow_null=True)
    herkomst = ProvenanceSerializer(source="public_provenances", many=True, read_only=True)
    betrokkenen = InvolvementSerializer(source="public_involvements", many=True, read_only=True)
    verbeterpunten = FindingLinkSerializer(source="public_findings", many=True, read_only=True)
    moties = Codes("public_motions", "slug")
    toezeggingen = Codes("public_commitments", "slug")
    effecten = Codes("public_effects", "key")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()

    class Meta:
        ref_name = "Maatregel"


class PartySerializer(Record):
    code = Always(source="slug")
    naam = Always(source="name")
    afkorting = Text(source="abbreviation")
    soort = Choice(Party.Kind, source="kind")
    soortToelichting = Text(source="kind_detail")
    sector = Choice(Party.Sector)
    sectorToelichting = Text(source="sector_detail")
    rol = Text(source="role", help_text="Rol in het stelsel.")
    website = Text()
    websiteZekerheid = Choice(Certainty, source="website_certainty", help_text=CERTAINTY)
    deelname = Choice(
        Certainty,
        source="participation",
        help_text="Zegt een bron dat deze partij meedeed aan het programma?",
    )
    trekkerVan = Numbers("public_led", help_text="Nummers van maatregelen.")
    betrokkenBij = Numbers("public_involved", help_text="Nummers van maatregelen.")
    zekerheid = Choice(Certainty, source="certainty", help_text=CERTAINTY)
    opmerking = Text(source="remark", help_text="Opmerking bij de bron.")
    bronnen = SourceReference(source="sources", many=True, read_only=True)
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()

    class Meta:
        ref_name = "Partij"


class ProposerSerializer(Record):
    naam = Always(source="name")
    fractie = Text(source="parliamentary_group")
    zekerheid = Choice(Certainty, source="certainty", help_text="Van de fractie. " + CERTAINTY)
    bronnen = SourceReference(source="sources", many=True, read_only=True)

    class Meta:
        ref_name = "Indiener"


class PromiseSerializer(SourcedRecord):
    """What a motion and a commitment share."""

    code = Always(source="slug")
    titel = Always(source="title")
    wanneer = PeriodField("date", "date_precision", "date_label")
    kamerstuk = Text(source="paper", help_text="Dossier en nummer: ‘30015-87’.")
    vindplaats = Text(source="citation", help_text="Zoals de Kamer het aanhaalt.")
    opvattingMinisterie = Choice(Promise.MinistryPosition, source="ministry_position")
    toelichtingMinisterie = Text(source="ministry_explanation")
    oordeelKamer = Choice(Promise.ChamberDecision, source="chamber_decision")
    afgedaanIn = CodeOf("fulfilled_by", "key", help_text="De code van een Kamerbrief.")
    maatregelen = Numbers("public_measures", help_text="Nummers van maatregelen.")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()


class MotionSerializer(PromiseSerializer):
    verzoek = Text(source="request", help_text="Wat de motie vraagt, in onze woorden.")
    indieners = ProposerSerializer(source="proposers", many=True, read_only=True)
    stemming = Choice(Motion.Vote, source="vote")
    kabinetsappreciatie = Choice(Motion.Appreciation, source="appreciation")
    plaatsInSlotbrief = Choice(
        Motion.ClosingLetterLink,
        source="closing_letter_link",
        help_text="Of de brief over de resultaten van het programma deze motie behandelt.",
    )

    class Meta:
        ref_name = "Motie"


class CommitmentSerializer(PromiseSerializer):
    tekst = Always(source="text", help_text="Wat is toegezegd.")

    class Meta:
        ref_name = "Toezegging"


class StatusCount(Record):
    status = Choice(Status)
    aantal = serializers.IntegerField(read_only=True)

    class Meta:
        ref_name = "AantalPerStatus"


class ThemeSerializer(SourcedRecord):
    code = Always(source="slug")
    kenmerk = Always(source="key", help_text="Onze eigen nummering: ‘C1’.")
    titel = Always(source="title")
    omschrijving = Text(source="description")
    aantalMaatregelen = serializers.SerializerMethodField()
    webpagina = Page()

    class Meta:
        ref_name = "Hoofdlijn"

    @extend_schema_field(StatusCount(many=True))
    def get_aantalMaatregelen(self, theme):
        counts = self.context["tally"].by_status(theme.slug)
        return [{"status": status.value, "aantal": number} for status, number in counts.items()]


class MomentSerializer(Record):
    """What a letter told, frozen. `sha256` is that of the document, byte for byte."""

    code = Always(source="slug")
    titel = Always(source="title")
    peildatum = serializers.DateField(source="reference_date", read_only=True)
    isReconstructie = serializers.BooleanField(
        source="is_reconstruction",
        read_only=True,
        help_text="Achteraf gemaakt uit openbare bronnen; niet wat bij de brief ging.",
    )
    sha256 = Always(source="snapshot.sha256")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()

    class Meta:
        ref_name = "Peilmoment"


class LetterSerializer(SourcedRecord):
    code = Always(source="key")
    soort = Choice(Letter.Kind, source="kind")
    titel = Always(source="title")
    samenvatting = Text(source="summary")
    wanneer = PeriodField("date", "date_precision", "date_label")
    kamerstuk = Text(source="paper", help_text="Dossier en nummer: ‘30015-104’.")
    vindplaats = Text(source="citation", help_text="Zoals de Kamer het aanhaalt.")
    peilmomenten = MomentSerializer(source="public_moments", many=True, read_only=True)
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "Kamerbrief"


class SnapshotAddress(Address):
    def path(self, value):
        return reverse("moment-file", args=[value.slug, "json"])


class SnapshotSerializer(MomentSerializer):
    """A reporting moment with all that it froze."""

    bestand = SnapshotAddress(
        help_text="Dezelfde inhoud als bestand, byte voor byte zoals ‘sha256’ hem telt."
    )
    inhoud = serializers.SerializerMethodField(
        help_text="Het vastgelegde document; docs/momentopname.md beschrijft het."
    )

    class Meta:
        ref_name = "Momentopname"

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_inhoud(self, moment):
        return self.context["document"](moment)


class EvaluationSerializer(SourcedRecord):
    code = Always(source="key")
    titel = Always(source="title")
    onderzoeker = Text(source="author")
    wanneer = PeriodField("date", "date_precision", "date_label")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "Evaluatie"


class FindingMeasureSerializer(SourcedRecord):
    nummer = serializers.IntegerField(source="measure.number", read_only=True)
    titel = Always(source="measure.title")

    class Meta:
        ref_name = "MaatregelBijVerbeterpunt"


class FindingSerializer(SourcedRecord):
    code = Always(source="key")
    tekst = Always(source="text")
    evaluaties = Codes("evaluations", "key")
    maatregelen = FindingMeasureSerializer(source="public_links", many=True, read_only=True)
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "Verbeterpunt"


class EffectSerializer(SourcedRecord):
    code = Always(source="key")
    titel = Always(source="title")
    tekst = Text(source="text")
    soort = Choice(Effect.State, source="state")
    maatregelen = Numbers("public_measures", help_text="Nummers van maatregelen.")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "Effect"


class TermSerializer(SourcedRecord):
    code = Always(source="slug")
    begrip = Always(source="term")
    betekenis = Always(source="definition")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()

    class Meta:
        ref_name = "Begrip"


class StatementSerializer(SourcedRecord):
    code = Always(source="key")
    onderwerp = Choice(Statement.Topic, source="topic")
    tekst = Text(source="text")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)

    class Meta:
        ref_name = "Uitspraak"


class SourceSerializer(Record):
    code = Always(source="key")
    titel = Always(source="title")
    wanneer = PeriodField("date", "date_precision", "date_text")
    vindplaats = Text(source="paper", help_text="Nummer van Kamerstuk of Staatscourant.")
    webadres = Text(source="url")
    verwijzing = Always(source="citation", help_text="Titel, vindplaats en datum op één regel.")
    opmerking = Text(source="remark")
    partijen = Codes("parties", "slug")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()

    class Meta:
        ref_name = "Bron"


class EventSerializer(SourcedRecord):
    code = Always(source="key")
    tekst = Always(source="text")
    wanneer = PeriodField("date", "date_precision", "date_label")
    vindplaats = Text(source="citation")
    isGepland = serializers.BooleanField(
        source="is_planned",
        read_only=True,
        help_text="Aangekondigd; wij kennen geen bron dat het is gebeurd.",
    )
    brief = CodeOf("letter", "key", help_text="De code van een Kamerbrief.")
    openbaarSinds = Moment(source="published_at", help_text=SINCE)
    webpagina = Page()

    class Meta:
        ref_name = "Gebeurtenis"
