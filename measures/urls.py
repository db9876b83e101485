"""The public addresses of the programme."""

from django.urls import path, re_path, register_converter

from .subjects import Kind
from .views import (
    accountability,
    annex,
    citations,
    comparison,
    evaluations,
    evidence,
    following,
    glossary,
    letters,
    measures,
    motions,
    open_data,
    overview,
    pictures,
    previews,
    robots,
    search,
    themes,
    timeline,
    updates,
)


class MeasureNumber:
    """The number of a measure: '7', and 'M7' as people say it."""

    regex = "[Mm]?[0-9]{1,9}"

    def to_python(self, value):
        return int(value.lower().removeprefix("m"))

    def to_url(self, value):
        return str(value)


class CitationFormat:
    """The ending of a file for a list of references."""

    regex = "bib|ris"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(MeasureNumber, "measure")
register_converter(CitationFormat, "citation")

# What somebody can follow, by the address of its page.
FOLLOWED = {
    "": Kind.ALL,
    "hoofdlijnen/<slug:key>/": Kind.THEME,
    "partijen/<slug:key>/": Kind.PARTY,
    "maatregelen/<measure:key>/": Kind.MEASURE,
    "moties/<slug:key>/": Kind.MOTION,
}

urlpatterns = [
    path("", overview.overview, name="overview"),
    *(
        path(f"{page}{name}", view, {"kind": kind.value})
        for page, kind in FOLLOWED.items()
        for name, view in [
            ("nieuws.atom", following.news_file),
            ("agenda.ics", following.agenda_file),
        ]
    ),
    path("maatregelen/", measures.measures, name="measures"),
    re_path(
        r"^maatregelen\.(?P<format>csv|json|xlsx|ods)$",
        measures.measures_file,
        name="measures-file",
    ),
    path("maatregelen/<measure:number>/", measures.measure, name="measure"),
    path(
        "maatregelen/<measure:number>/verwijzing.<citation:format>",
        citations.measure_citation,
        name="measure-citation",
    ),
    path("maatregelen/<measure:number>/standen/<int:pk>/", updates.update, name="update"),
    path(
        "maatregelen/<measure:number>/standen/<int:pk>/verwijzing.<citation:format>",
        updates.update_citation,
        name="update-citation",
    ),
    path("bijlage/", annex.annex, name="annex"),
    path("bijlage/<str:name>", annex.annex_file, name="annex-file"),
    path("kamerbrieven/", letters.letters, name="letters"),
    path("kamerbrieven/<slug:slug>/", letters.letter, name="moment"),
    path(
        "kamerbrieven/<slug:slug>/verwijzing.<citation:format>",
        letters.letter_citation,
        name="moment-citation",
    ),
    re_path(
        r"^kamerbrieven/(?P<slug>[-\w]+)/bijlage\.(?P<format>\w+)$",
        letters.letter_file,
        name="moment-file",
    ),
    path(
        "kamerbrieven/<slug:slug>/maatregelen/<measure:number>/",
        letters.letter_measure,
        name="moment-measure",
    ),
    path(
        "kamerbrieven/<slug:slug>/maatregelen/<measure:number>/verwijzing.<citation:format>",
        letters.letter_measure_citation,
        name="moment-measure-citation",
    ),
    path("vergelijken/", comparison.comparison, name="comparison"),
    re_path(
        r"^vergelijken\.(?P<format>odt|docx|pdf|xlsx|ods|csv|json)$",
        comparison.comparison_file,
        name="comparison-file",
    ),
    path("moties/", motions.motions, name="motions"),
    path("moties/<slug:slug>/", motions.motion, name="motion"),
    path(
        "moties/<slug:slug>/verwijzing.<citation:format>",
        citations.motion_citation,
        name="motion-citation",
    ),
    path("hoofdlijnen/", themes.themes, name="themes"),
    path("hoofdlijnen/<slug:slug>/", themes.theme, name="theme"),
    path("evaluaties/", evaluations.evaluations, name="evaluations"),
    path("tijdlijn/", timeline.timeline, name="timeline"),
    path("beelden/", pictures.pictures, name="pictures"),
    re_path(r"^beelden/(?P<name>[a-z0-9-]+)/$", pictures.picture, name="picture"),
    re_path(
        r"^beelden/(?P<name>[a-z0-9-]+)\.(?P<format>svg|csv)$",
        pictures.picture_file,
        name="picture-file",
    ),
    re_path(
        r"^beelden/(?P<name>[a-z0-9-]+)/insluiten/$", pictures.picture_embed, name="picture-embed"
    ),
    path("begrippen/", glossary.glossary, name="glossary"),
    path("bewijsstukken/<uuid:public_id>/<str:name>", evidence.evidence_file, name="evidence"),
    path("zoeken/", search.search, name="search"),
    path("open-data/", open_data.open_data, name="open-data"),
    re_path(
        r"^open-data/catalogus\.(?P<extension>ttl|jsonld)$",
        open_data.open_data_catalogue,
        name="open-data-catalogue",
    ),
    path("open-data/<str:name>", open_data.open_data_file, name="open-data-file"),
    path("verantwoording/", accountability.accountability, name="accountability"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap_index, name="sitemap"),
    path("sitemap/<slug:section>-<int:number>.xml", robots.sitemap_file, name="sitemap-file"),
    path("voorbeeld/site.png", previews.site, name="preview-site"),
    path("voorbeeld/maatregel-<measure:number>.png", previews.measure, name="preview-measure"),
    path("voorbeeld/motie-<slug:slug>.png", previews.motion, name="preview-motion"),
    path("voorbeeld/kamerbrief-<slug:slug>.png", previews.letter, name="preview-letter"),
]
