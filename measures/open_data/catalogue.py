"""The catalogue of our open data by DCAT-AP-NL 3.0: one graph, written as Turtle and JSON-LD."""

from django.conf import settings
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

from .. import organisation
from ..api import ROOT, VERSION
from .dataset import Dataset
from .files import FORMATS

# Of DCAT 3; rdflib lists the terms of DCAT 2.
VERSION_OF = URIRef(f"{DCAT}version")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = "http://publications.europa.eu/resource/authority"
THEMES = [URIRef(f"{AUTHORITY}/data-theme/{code}") for code in ("ENVI", "GOVE")]
PUBLIC = URIRef(f"{AUTHORITY}/access-right/PUBLIC")
DUTCH = URIRef(f"{AUTHORITY}/language/NLD")
CONTINUOUS = URIRef(f"{AUTHORITY}/frequency/CONT")
CC0 = URIRef("http://publications.europa.eu/resource/authority/licence/CC0")
IANA = "https://www.iana.org/assignments/media-types"
# What is in each kind of file, by IANA, and in the list of the EU where that has it.
TYPES = {
    "json": ("application/json", "JSON"),
    "csv": ("text/csv", "CSV"),
    "sqlite": ("application/vnd.sqlite3", ""),
}

TITLE = "Voortgang van de maatregelen voor het Kwalibo-stelsel"
DESCRIPTION = (
    "Alle openbare gegevens van deze website. U vindt er de verbetermaatregelen voor het "
    "Kwalibo-stelsel en hoe ver die zijn. Ook de partijen, moties, brieven aan de Kamer, "
    "evaluaties en bronnen staan erin. Bij elke uitspraak staan de bron en de zekerheid."
)
KEYWORDS = ["bodem", "bodembeheer", "kwaliteitsborging", "Kwalibo", "Kamerbrief", "voortgang"]
MEDIA_TYPES = {"ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json"}
SYNTAX = {"ttl": "turtle", "jsonld": "json-ld"}


def _dutch(text: str) -> Literal:
    return Literal(text, lang="nl")


class Catalogue:
    """Builds the graph; every thing in it has an address on this site."""

    def __init__(self, dataset: Dataset):
        self.graph = Graph()
        self.dataset = dataset
        self.page = f"{settings.SITE_URL}/open-data/"
        self.publisher = URIRef(organisation.URI)
        self.contact = URIRef(f"{self.page}#contact")
        for prefix, namespace in {"dcat": DCAT, "dct": DCTERMS, "vcard": VCARD}.items():
            self.graph.bind(prefix, namespace)
        self._people()
        service = self._service()
        data = self._data(service)
        self._catalogue(data, service)

    def add(self, subject, *facts) -> None:
        """Add facts, given as predicate and value in turn; a list is one fact for each."""
        for predicate, value in zip(facts[::2], facts[1::2], strict=True):
            for one in value if isinstance(value, list) else [value]:
                self.graph.add((subject, predicate, one))

    def _people(self):
        self.add(
            self.publisher,
            *(RDF.type, FOAF.Agent),
            *(FOAF.name, _dutch(organisation.NAME)),
        )
        self.add(
            self.contact,
            *(RDF.type, VCARD.Organization),
            *(VCARD.fn, _dutch(organisation.NAME)),
            *(
                VCARD.hasEmail,
                URIRef(f"mailto:{organisation.contact_email()}"),
            ),
            *(VCARD.hasURL, URIRef(self.page)),
        )

    def _shared(self, name: str, title: str, description: str):
        """What a data set and a service both tell."""
        thing = URIRef(f"{self.page}#{name}")
        changed = self.dataset.version.changed_at
        self.add(
            thing,
            *(DCTERMS.identifier, Literal(str(thing))),
            *(DCTERMS.title, _dutch(title)),
            *(DCTERMS.description, _dutch(description)),
            *(DCTERMS.publisher, self.publisher),
            *(DCTERMS.creator, self.publisher),
            *(DCAT.contactPoint, self.contact),
            *(DCAT.theme, THEMES),
            *(DCAT.keyword, [_dutch(word) for word in KEYWORDS]),
            *(DCTERMS.accessRights, PUBLIC),
            *(DCTERMS.language, DUTCH),
            *(DCAT.landingPage, URIRef(self.page)),
        )
        if changed:
            moment = Literal(self.dataset.about["gewijzigdOp"], datatype=XSD.dateTime)
            self.add(thing, DCTERMS.modified, moment)
        return thing

    def _service(self):
        thing = self._shared(
            "api", f"API: {TITLE}", f"{DESCRIPTION} Om met een programma te lezen."
        )
        self.add(
            thing,
            *(RDF.type, DCAT.DataService),
            *(DCAT.endpointURL, URIRef(settings.SITE_URL + ROOT)),
            *(DCAT.endpointDescription, URIRef(f"{settings.SITE_URL}{ROOT}/openapi.json")),
            *(VERSION_OF, Literal(VERSION)),
            *(DCTERMS.license, CC0),
        )
        return thing

    def _data(self, service):
        thing = self._shared("gegevens", TITLE, DESCRIPTION)
        self.add(
            thing,
            *(RDF.type, DCAT.Dataset),
            *(VERSION_OF, Literal(str(self.dataset.version.number))),
            *(DCTERMS.accrualPeriodicity, CONTINUOUS),
            *(DCAT.distribution, [self._file(name) for name in FORMATS]),
            *(DCAT.distribution, self._distribution_of(service)),
        )
        self.add(service, DCAT.servesDataset, thing)
        return thing

    def _file(self, name: str):
        format = FORMATS[name]
        thing, address = URIRef(f"{self.page}#{format.name}"), URIRef(self.page + name)
        media_type, kind = TYPES[format.name]
        self.add(
            thing,
            *(RDF.type, DCAT.Distribution),
            *(DCTERMS.title, _dutch(f"Alles als {format.label}")),
            *(DCTERMS.description, _dutch(f"{format.purpose}.")),
            *(DCAT.accessURL, URIRef(self.page)),
            *(DCAT.downloadURL, address),
            *(DCTERMS.license, CC0),
            *(DCAT.mediaType, URIRef(f"{IANA}/{media_type}")),
        )
        if kind:
            self.add(thing, DCTERMS["format"], URIRef(f"{AUTHORITY}/file-type/{kind}"))
        if name.endswith(".zip"):
            self.add(thing, DCAT.packageFormat, URIRef(f"{IANA}/application/zip"))
        return thing

    def _distribution_of(self, service):
        thing = BNode("api-distributie")
        self.add(
            thing,
            *(RDF.type, DCAT.Distribution),
            *(DCTERMS.title, _dutch("De API")),
            *(DCAT.accessURL, URIRef(settings.SITE_URL + ROOT + "/openapi.json")),
            *(DCAT.accessService, service),
            *(DCTERMS.license, CC0),
        )
        return thing

    def _catalogue(self, data, service):
        thing = URIRef(f"{self.page}#catalogus")
        self.add(
            thing,
            *(RDF.type, DCAT.Catalog),
            *(DCTERMS.title, _dutch("Open data van Kwalibo-voortgang")),
            *(DCTERMS.description, _dutch("Wat Kwalibo-voortgang als open data aanbiedt.")),
            *(DCTERMS.publisher, self.publisher),
            *(DCAT.contactPoint, self.contact),
            *(DCTERMS.language, DUTCH),
            *(DCTERMS.license, CC0),
            *(FOAF.homepage, URIRef(self.page)),
            *(DCAT.dataset, data),
            *(DCAT.service, service),
        )


def write(dataset: Dataset, extension: str) -> str:
    """The catalogue as 'ttl' or 'jsonld'; the same data give the same text."""
    graph = Catalogue(dataset).graph
    return graph.serialize(format=SYNTAX[extension])
