"""The public addresses of the programme."""

from django.urls import path, re_path, register_converter

from .views import (
    accountability,
    annex,
    comparison,
    evaluations,
    evidence,
    glossary,
    letters,
    measures,
    motions,
    open_data,
    overview,
    themes,
    timeline,
)


class MeasureNumber:
    """The number of a measure: '7', and 'M7' as people say it."""

    regex = "[Mm]?[0-9]{1,9}"

    def to_python(self, value):
        return int(value.lower().removeprefix("m"))

    def to_url(self, value):
        return str(value)


register_converter(MeasureNumber, "measure")

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("maatregelen/", measures.measures, name="measures"),
    re_path(
        r"^maatregelen\.(?P<format>csv|json|xlsx|ods)$",
        measures.measures_file,
        name="measures-file",
    ),
    path("maatregelen/<measure:number>/", measures.measure, name="measure"),
    path("bijlage/", annex.annex, name="annex"),
    path("bijlage/<str:name>", annex.annex_file, name="annex-file"),
    path("kamerbrieven/", letters.letters, name="letters"),
    path("kamerbrieven/<slug:slug>/", letters.letter, name="moment"),
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
    path("vergelijken/", comparison.comparison, name="comparison"),
    re_path(
        r"^vergelijken\.(?P<format>odt|docx|pdf|xlsx|ods|csv|json)$",
        comparison.comparison_file,
        name="comparison-file",
    ),
    path("moties/", motions.motions, name="motions"),
    path("moties/<slug:slug>/", motions.motion, name="motion"),
    path("hoofdlijnen/", themes.themes, name="themes"),
    path("hoofdlijnen/<slug:slug>/", themes.theme, name="theme"),
    path("evaluaties/", evaluations.evaluations, name="evaluations"),
    path("tijdlijn/", timeline.timeline, name="timeline"),
    path("begrippen/", glossary.glossary, name="glossary"),
    path("bewijsstukken/<uuid:public_id>/<str:name>", evidence.evidence_file, name="evidence"),
    path("open-data/", open_data.open_data, name="open-data"),
    re_path(
        r"^open-data/catalogus\.(?P<extension>ttl|jsonld)$",
        open_data.open_data_catalogue,
        name="open-data-catalogue",
    ),
    path("open-data/<str:name>", open_data.open_data_file, name="open-data-file"),
    path("verantwoording/", accountability.accountability, name="accountability"),
]
