from django.urls import path

from .tiny import fails, page

urlpatterns = [path("", page('<a href="/stuk/">Stuk</a>')), path("stuk/", fails)]
