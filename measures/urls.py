"""The public addresses of the programme."""

urlpatterns: list = []
