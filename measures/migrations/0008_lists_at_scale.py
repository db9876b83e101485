"""Indexes for the list of measures at scale, and the place of a status among the others."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import measures.models.stored


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0007_data_files"),
        ("parties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="status_rank",
            field=measures.models.stored.StoredField(
                db_persist=True,
                expression=models.Case(
                    models.When(status="onbekend", then=models.Value(0)),
                    models.When(status="gepland", then=models.Value(1)),
                    models.When(status="in-uitwerking", then=models.Value(2)),
                    models.When(status="wordt-doorgevoerd", then=models.Value(3)),
                    models.When(status="geimplementeerd", then=models.Value(4)),
                    models.When(status="vervallen", then=models.Value(5)),
                    models.When(status="opgegaan-in", then=models.Value(6)),
                    default=models.Value(0),
                ),
                output_field=models.SmallIntegerField(),
                verbose_name="plaats van de status",
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="measures.measure",
                verbose_name="opgegaan in",
            ),
        ),
        migrations.AlterField(
            model_name="progressupdate",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="De gepubliceerde stand van zaken waarvoor deze in de plaats komt.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="measures.progressupdate",
                verbose_name="verbetert",
            ),
        ),
        migrations.AlterField(
            model_name="progressupdate",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Alleen bij de status ‘opgegaan in’.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="measures.measure",
                verbose_name="opgegaan in",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="measure_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                models.F("theme"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_theme",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                models.F("lead"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_lead",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                models.F("status"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_status",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                django.db.models.functions.text.Lower("title"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_title",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                models.OrderBy(django.db.models.functions.text.Lower("title"), descending=True),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_title_down",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                models.F("status_rank"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_rank",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                models.OrderBy(models.F("status_rank"), descending=True),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_rank_down",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                django.db.models.lookups.IsNull(models.F("deadline"), True),
                models.F("deadline"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_deadline",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                django.db.models.lookups.IsNull(models.F("deadline"), True),
                models.OrderBy(models.F("deadline"), descending=True),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_deadline_down",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                django.db.models.lookups.IsNull(models.F("reported_on"), True),
                models.F("reported_on"),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_reported",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                django.db.models.lookups.IsNull(models.F("reported_on"), True),
                models.OrderBy(models.F("reported_on"), descending=True),
                models.F("number"),
                condition=models.Q(("publication", "openbaar")),
                name="measure_list_reported_down",
            ),
        ),
        migrations.AddIndex(
            model_name="progressupdate",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into", "measure"],
                name="update_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="progressupdate",
            index=models.Index(
                condition=models.Q(("corrects__isnull", False)),
                fields=["corrects"],
                name="update_corrects",
            ),
        ),
        migrations.RemoveIndex(
            model_name="deadlinechange",
            name="deadline_published_by_day",
        ),
        migrations.AddIndex(
            model_name="deadlinechange",
            index=models.Index(
                condition=models.Q(("publication", "openbaar")),
                fields=["deadline", "measure"],
                name="deadline_published_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(fields=["role", "measure"], name="involvement_role"),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(fields=["kind", "id"], name="search_document_newest"),
        ),
    ]
