from django.urls import path

from . import views

urlpatterns = [
    path("", views.propose, name="correct"),
    path("dank/<str:reference>/", views.thanks, name="correct-thanks"),
]
