"""The site map, on one screen."""

from django.contrib import admin
from django.urls import include, path

from .component_page import component_page

handler400 = "kwalibo.errors.bad_request"
handler500 = "kwalibo.errors.server_error"

urlpatterns = [
    path("beheer/inloggen/", include("kwalibo.signin.urls")),
    path("inbreng/", include("kwalibo.contributions.urls")),
    path("beheer/", admin.site.urls),
    path("componenten/", component_page, name="components"),
    path("partijen/", include("parties.urls")),
    path("", include("measures.urls")),
]
