"""What readers say is wrong, and who may answer it."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from measures import roles


def give_rights(apps, schema_editor):
    # Django makes rights after all migrations; the groups need them now.
    config = apps.get_app_config("measures")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    roles.add_rights(
        apps.get_model("auth", "Group"),
        apps.get_model("auth", "Permission"),
        "measures.correctionproposal",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0004_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="versie"),
                ),
                (
                    "reference",
                    models.CharField(
                        editable=False, max_length=12, unique=True, verbose_name="kenmerk"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="Zoals ‘maatregel-7’: zie measures/targets.py.",
                        max_length=120,
                        verbose_name="onderwerp",
                    ),
                ),
                ("subject_title", models.CharField(max_length=350, verbose_name="gaat over")),
                (
                    "seen_on",
                    models.DateField(blank=True, null=True, verbose_name="gezien op peildatum"),
                ),
                ("wrong", models.TextField(verbose_name="wat klopt er niet?")),
                ("right", models.TextField(blank=True, verbose_name="wat moet het zijn?")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        validators=[
                            django.core.validators.URLValidator(["http", "https"], code="scheme")
                        ],
                        verbose_name="bron",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="mailadres voor het antwoord"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="ingestuurd op"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("nieuw", "Nog niet bekeken"),
                            ("overgenomen", "Overgenomen"),
                            ("afgewezen", "Niet overgenomen"),
                            ("spam", "Spam"),
                        ],
                        default="nieuw",
                        max_length=20,
                        verbose_name="antwoord",
                    ),
                ),
                (
                    "answer",
                    models.TextField(blank=True, verbose_name="toelichting bij het antwoord"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="beantwoord op"),
                ),
                (
                    "was_mailed",
                    models.BooleanField(default=False, verbose_name="antwoord is gemaild"),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_proposals",
                        to="measures.progressupdate",
                        verbose_name="stand van zaken",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="beantwoord door",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_proposals",
                        to="measures.measure",
                        verbose_name="maatregel",
                    ),
                ),
                (
                    "update",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposed_by",
                        to="measures.progressupdate",
                        verbose_name="overgenomen in",
                    ),
                ),
            ],
            options={
                "verbose_name": "verbetervoorstel",
                "verbose_name_plural": "verbetervoorstellen",
                "ordering": ["-created_at", "-pk"],
                "indexes": [models.Index(fields=["state", "created_at"], name="correction_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wrong", ""), _negated=True),
                        name="correction_says_what",
                        violation_error_message="Vul in wat er niet klopt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "nieuw"), ("answered_by__isnull", False), _connector="OR"
                        ),
                        name="correction_answer_knows_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "afgewezen"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="correction_refusal_says_why",
                        violation_error_message="Zeg waarom u dit niet overneemt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "nieuw"), ("email", ""), _connector="OR"),
                        name="correction_dealt_with_has_no_address",
                    ),
                ],
            },
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
