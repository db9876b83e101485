from django.urls import path

from . import views

urlpatterns = [
    path("maatregelen/", views.measure_list, name="measures"),
    path("maatregelen/<int:number>/", views.measure_page, name="measure"),
]
