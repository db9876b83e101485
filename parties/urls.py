"""The public addresses of parties."""

urlpatterns: list = []
