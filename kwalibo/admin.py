"""The admin site: Django's, under our name."""

from django.contrib.admin import AdminSite


class KwaliboAdminSite(AdminSite):
    site_title = "Kwalibo-voortgang"
    site_header = "Kwalibo-voortgang: beheer"
    index_title = "Beheer"
