from django.urls import path

from . import views

urlpatterns = [
    path("", views.overview, name="contributions"),
    path("<int:number>/", views.contribute, name="contribute"),
]
