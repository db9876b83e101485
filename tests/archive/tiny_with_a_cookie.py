from django.urls import path

from .tiny import cookie

urlpatterns = [path("", cookie)]
