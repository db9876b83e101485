"""Make the groups of measures/roles.py."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from measures import roles


def make_groups(apps, schema_editor):
    # Django makes rights after all migrations; the groups need them now.
    for label in ("auth", "parties", "measures"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None
    roles.install(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0001_initial"),
        ("parties", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
