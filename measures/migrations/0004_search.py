"""The index of the search, in the way of each database, and everything to be looked at once."""

from django.db import migrations, models


POSTGRESQL = [
    # Nobody can write a document and forget its vector: the database computes it. The kind is
    # a word of it, so that one index answers for one kind.
    """
    ALTER TABLE measures_searchdocument ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('dutch'::regconfig, title_words), 'A')
        || setweight(to_tsvector('dutch'::regconfig, body_words), 'B')
        || setweight(to_tsvector('dutch'::regconfig, now_words), 'C')
        || setweight(to_tsvector('simple'::regconfig, 'soort0' || kind), 'D')
    ) STORED
    """,
    "CREATE INDEX search_document_vector ON measures_searchdocument USING gin (vector)",
]
SQLITE = [
    # The texts stay in the table of documents; triggers keep the two together
    # (measures/search/triggers.py).
    """
    CREATE VIRTUAL TABLE measures_searchindex USING fts5(
        kind, title_words, body_words, now_words,
        content = 'measures_searchdocument', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 0'
    )
    """,
]
# What was there already is indexed at the first searches, or by `rebuild_search`.
THERE_ALREADY = {
    "maatregel": ("measures", "Measure"),
    "motie": ("measures", "Motion"),
    "toezegging": ("measures", "Commitment"),
    "brief": ("measures", "Letter"),
    "partij": ("parties", "Party"),
    "begrip": ("measures", "GlossaryTerm"),
}


def make_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE measures_searchindex")


def look_at_everything(apps, schema_editor):
    change = apps.get_model("measures", "SearchChange")
    for kind, (app, model) in THERE_ALREADY.items():
        keys = apps.get_model(app, model).objects.order_by("pk").values_list("pk", flat=True)
        change.objects.bulk_create(change(kind=kind, object_id=key) for key in keys)


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0003_data_version"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12, verbose_name="soort")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="nummer van het record")),
            ],
            options={
                "verbose_name": "nog te verwerken wijziging",
                "verbose_name_plural": "nog te verwerken wijzigingen",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stem", models.CharField(max_length=60, unique=True, verbose_name="stam")),
                ("word", models.CharField(max_length=60, verbose_name="woord")),
            ],
            options={
                "verbose_name": "zoekwoord",
                "verbose_name_plural": "zoekwoorden",
                "ordering": ["stem"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12, verbose_name="soort")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="nummer van het record")),
                (
                    "measure_id",
                    models.PositiveBigIntegerField(
                        db_index=True, null=True, verbose_name="maatregel"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True, db_index=True, max_length=200, verbose_name="exacte aanduiding"
                    ),
                ),
                ("day", models.DateField(null=True, verbose_name="sinds")),
                ("until", models.DateField(null=True, verbose_name="tot")),
                ("title_words", models.TextField(blank=True, verbose_name="woorden van de titel")),
                ("body_words", models.TextField(blank=True, verbose_name="woorden van de tekst")),
                (
                    "now_words",
                    models.TextField(
                        blank=True, verbose_name="woorden van de laatste stand van zaken"
                    ),
                ),
            ],
            options={
                "verbose_name": "zoekdocument",
                "verbose_name_plural": "zoekdocumenten",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "object_id"), name="search_document_is_there_once"
                    )
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(look_at_everything, migrations.RunPython.noop),
    ]
