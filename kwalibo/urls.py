"""The site map, on one screen."""

from django.contrib import admin
from django.urls import include, path

from .component_page import component_page

handler400 = "kwalibo.errors.bad_request"
handler500 = "kwalibo.errors.server_error"

urlpatterns = [
    path("beheer/inloggen/", include("kwalibo.signin.urls")),
    path("inbreng/", include("kwalibo.contributions.urls")),
    path("klopt-dit-niet/", include("kwalibo.corrections.urls")),
    path("volgen/", include("kwalibo.follow.urls")),
    path("beheer/", admin.site.urls),
    path("api/v1/", include("measures.api.urls")),
    path("componenten/", component_page, name="components"),
    path("partijen/", include("parties.urls")),
    path("", include("kwalibo.duties.urls")),
    path("", include("measures.urls")),
]
