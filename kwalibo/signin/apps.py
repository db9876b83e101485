from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "kwalibo.signin"
    label = "signin"
    verbose_name = "inloggen"

    def ready(self):
        from . import events

        events.listen()
