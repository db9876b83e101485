"""The rules of the house: what may import what, and what every list keeps to."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from measures import triggers

ROOT = Path(__file__).resolve().parents[1]
OURS = ["kwalibo", "measures", "parties"]
MODULES = [
    path
    for package in OURS
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
# Who may not know of whom; a package stands for all that is in it.
FORBIDDEN = {
    "parties": ["measures", "kwalibo", "tests"],
    "measures": ["kwalibo.views", "kwalibo.urls", "tests"],
    "kwalibo": ["tests"],
    "measures/models": [
        "django.http",
        "django.shortcuts",
        "measures.views",
        "measures.admin",
        "measures.annex",
        "measures.charts",
        "measures.documents",
        "measures.search",
    ],
    "measures/annex": [
        "django.http",
        "django.shortcuts",
        "measures.views",
        "measures.admin",
        "measures.comparison",
    ],
    "measures/comparison": ["django.http", "django.shortcuts", "measures.views", "measures.admin"],
    "measures/metadata": ["django.http", "django.shortcuts", "measures.views", "measures.admin"],
    "measures/previews": ["django.http", "django.shortcuts", "measures.views", "measures.admin"],
    "measures/search": [
        "django.http",
        "django.shortcuts",
        "measures.views",
        "measures.admin",
        "measures.annex",
        "measures.charts",
        "measures.filters",
    ],
    "measures/documents": ["django", "measures.models", "measures.views", "measures.admin"],
    # Pure: what they draw and tell is brought to them.
    "measures/charts": [
        "django.http",
        "django.shortcuts",
        "django.db",
        "measures.views",
        "measures.admin",
        "measures.pictures",
    ],
    "measures/api": ["measures.views", "measures.admin", "kwalibo"],
    "measures/open_data": [
        "django.http",
        "django.shortcuts",
        "measures.views",
        "measures.admin",
        "kwalibo",
    ],
    "measures/data_version.py": ["django.http", "measures.api", "measures.views"],
    "measures/news.py": ["django.http", "django.shortcuts", "measures.views", "measures.feeds"],
    "measures/feeds.py": ["django.http", "django.shortcuts", "measures.views"],
    "measures/agenda.py": ["django.http", "django.shortcuts", "measures.views"],
    "measures/loading": ["django.http", "django.shortcuts", "measures.views", "measures.admin"],
}
# What answers the public; an internal note must be out of its reach.
PUBLIC_CODE = [
    "measures/views",
    "measures/api",
    "measures/open_data",
    "measures/annex",
    "measures/comparison",
    "measures/documents",
    "measures/metadata",
    "measures/previews",
    "measures/sitemap.py",
    "measures/charts.py",
    "measures/charts",
    "measures/chart_files.py",
    "measures/pictures.py",
    "measures/measure_page.py",
    "measures/status_steps.py",
    "measures/story.py",
    "measures/filters.py",
    "measures/citations.py",
    "measures/subjects.py",
    "kwalibo/archive",
    "kwalibo/corrections",
    "measures/subjects.py",
    "measures/news.py",
    "measures/feeds.py",
    "measures/agenda.py",
    "kwalibo/follow",
    "measures/search",
    "parties/views.py",
    "kwalibo/duties",
    "kwalibo/limits.py",
    "kwalibo/client_address.py",
]

# Words that Dutch and English share.
ALIKE = {"status", "website", "dossier", "effect", "url"}


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports, with relative imports spelled out."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package if path.name == "__init__.py" else package[:-1]
    package = tuple(part for part in package if part != "__init__")
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*up, *([node.module] if node.module else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("place", FORBIDDEN)
def test_imports_run_one_way(place):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        if path.is_relative_to(ROOT / place)
        for name in imports_of(path)
        for forbidden in FORBIDDEN[place]
        if name == forbidden or name.startswith(f"{forbidden}.")
    ]
    assert not wrong


def test_public_code_does_not_know_internal_notes():
    knowing = [
        path.relative_to(ROOT)
        for path in MODULES
        if any(path.is_relative_to(ROOT / place) for place in PUBLIC_CODE)
        and ("InternalNote" in path.read_text() or "internal_notes" in path.read_text())
    ]
    templates = [
        path.relative_to(ROOT)
        for folder in ("measures", "parties", "components", "charts")
        for folder in ("measures", "parties", "components", "follow", "mail")
        for path in (ROOT / "templates" / folder).rglob("*.html")
        if "internal_note" in path.read_text()
    ]
    assert not knowing + templates


def test_public_code_does_not_know_the_history_of_fields():
    """It holds concepts and internal notes."""
    knowing = [
        path.relative_to(ROOT)
        for path in MODULES
        if any(path.is_relative_to(ROOT / place) for place in PUBLIC_CODE)
        and {name for name in imports_of(path) if "auditlog" in name or "history" in name}
    ]
    assert not knowing


def test_the_environment_is_read_in_the_settings_alone():
    readers = [
        path.relative_to(ROOT)
        for path in MODULES
        if {"environs", "os.environ", "os.getenv"} & imports_of(path)
        or "os.environ[" in path.read_text()
    ]
    assert readers == [Path("kwalibo/settings.py")]


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]
)
@pytest.mark.django_db
def test_every_list_has_one_order(model):
    """Rows that tie would change places between two pages of one list."""
    assert model._meta.ordering
    assert model._default_manager.all().totally_ordered


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]
)
def test_every_record_and_field_has_a_dutch_name(model):
    assert model._meta.verbose_name != model.__name__.lower() or model.__name__.lower() in ALIKE
    unnamed = [
        field.name
        for field in model._meta.get_fields()
        if field.concrete
        and not field.primary_key
        and field.verbose_name == field.name.replace("_", " ")
        and field.name not in ALIKE
        and model.__name__ != "AnnexFile"
    ]
    assert not unnamed


@pytest.mark.django_db
def test_the_database_holds_every_trigger():
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}

    assert {trigger.name for trigger in triggers.TRIGGERS} <= found


@pytest.mark.django_db
def test_no_model_change_waits_for_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
