"""The public addresses of parties."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.parties, name="parties"),
    path("<slug:slug>/", views.party, name="party"),
]
