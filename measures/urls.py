"""The public addresses of the programme."""

from django.urls import path

from .views import accountability, evaluations, glossary, motions, themes, timeline

urlpatterns = [
    path("moties/", motions.motions, name="motions"),
    path("moties/<slug:slug>/", motions.motion, name="motion"),
    path("hoofdlijnen/", themes.themes, name="themes"),
    path("hoofdlijnen/<slug:slug>/", themes.theme, name="theme"),
    path("evaluaties/", evaluations.evaluations, name="evaluations"),
    path("tijdlijn/", timeline.timeline, name="timeline"),
    path("begrippen/", glossary.glossary, name="glossary"),
    path("verantwoording/", accountability.accountability, name="accountability"),
]
