"""Following: what there is to follow, and the pages behind the links in mails."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.follow, name="follow"),
    path("gevraagd/", views.asked, name="follow-asked"),
    path("bevestigen/<str:link>/", views.confirm, name="follow-confirm"),
    path("beheren/<str:link>/", views.manage, name="follow-manage"),
    path("afmelden/<str:link>/", views.stop, name="follow-stop"),
    path("afmelden/<str:link>/<int:subscription>/", views.stop, name="follow-stop-one"),
]
