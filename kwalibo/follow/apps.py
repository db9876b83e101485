from django.apps import AppConfig


class FollowConfig(AppConfig):
    name = "kwalibo.follow"
    label = "follow"
    verbose_name = "volgen"
