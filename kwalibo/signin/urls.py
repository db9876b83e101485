from django.urls import path

from . import sso, views

urlpatterns = [
    path("tweede-stap/", views.second_factor, name="second_factor"),
    path("sso/", sso.start, name="sso_start"),
    path("sso/terug/", sso.come_back, name="sso_return"),
]
