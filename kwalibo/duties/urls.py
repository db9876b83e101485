"""The addresses of the pages about this website itself."""

from django.urls import path

from . import views

urlpatterns = [
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("contact/", views.contact, name="contact"),
    path("about/", views.about, name="about"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
