"""What holds for every staff screen, tried on the real records."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from measures.models import AnnexFile, Contribution, CorrectionProposal, ProgressUpdate
from parties.admin_mixins import PublishableAdmin, RecordAdmin
from parties.editing import Versioned
from parties.models import Party
from parties.publication import Publishable
from tests.admin.forms import said, typed
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db

OURS = [
    model_admin
    for model, model_admin in admin.site._registry.items()
    if model._meta.app_label in ("measures", "parties")
]
names = [model_admin.opts.model_name for model_admin in OURS]


@pytest.fixture(scope="module")
def data(django_db_setup, django_db_blocker):
    """The real records, loaded once for all screens and taken away after them."""
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            call_command("load_kwalibo", verbosity=0)
            for update in ProgressUpdate.objects.published()[:3]:
                make_evidence(update)
            Contribution.objects.create(
                measure=update.measure,
                party=Party.objects.public().first(),
                author=get_user_model().objects.create_user("contact"),
                about=update,
                kind=Contribution.Kind.CONFIRMS,
                reporting_date=update.reporting_date,
            )
            CorrectionProposal.objects.create(
                reference="V-TEST",
                subject=f"stand-{update.pk}",
                subject_title=str(update),
                measure=update.measure,
                about=update,
                wrong="De datum klopt niet.",
            )
            yield
            transaction.set_rollback(True)


def address(model_admin, name, *args):
    opts = model_admin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)


@pytest.mark.parametrize("model_admin", OURS, ids=names)
def test_every_screen_of_the_real_records_works(data, beheer, model_admin):
    record = model_admin.model._default_manager.first()

    pages = [
        beheer.get(address(model_admin, "changelist"), {"q": "bodem"}),
        beheer.get(address(model_admin, "changelist")),
        beheer.get(address(model_admin, "change", record.pk)),
        beheer.get(address(model_admin, "history", record.pk), follow=True),
    ]
    if model_admin.has_add_permission(pages[0].wsgi_request):
        pages.append(beheer.get(address(model_admin, "add")))

    assert [page.status_code for page in pages] == [200] * len(pages)


ENGLISH = ["Select an option", "Please ", "Enter ", " items", "Add ", "Delete", "Can "]


@pytest.mark.parametrize(
    "model_admin", admin.site._registry.values(), ids=lambda found: found.opts.model_name
)
def test_every_screen_is_in_dutch(data, beheer, staff, model_admin):
    record = model_admin.model._default_manager.first()
    pages = [beheer.get(address(model_admin, "changelist"))]
    if record:
        pages.append(beheer.get(address(model_admin, "change", record.pk)))
    if model_admin.opts.model_name != "progressupdate":
        pages.append(beheer.get(address(model_admin, "add")))

    for page in pages:
        assert 'alt="True"' not in page.text
        assert 'alt="False"' not in page.text
        words = strip_tags(re.sub(r"(?s)<(script|textarea).*?</\1>", "", page.text))
        assert [word for word in ENGLISH if word in words] == []


@pytest.mark.parametrize("model_admin", OURS, ids=names)
def test_every_list_asks_as_much_of_the_database_for_all_records_as_for_two(
    data, beheer, model_admin, monkeypatch
):
    def queries(number):
        monkeypatch.setattr(model_admin, "list_per_page", number)
        with CaptureQueriesContext(connection) as found:
            beheer.get(address(model_admin, "changelist"))
        return len(found)

    queries(2)
    assert queries(100) <= queries(2)


@pytest.mark.parametrize("model_admin", OURS, ids=names)
def test_saving_a_real_record_as_it_is_changes_nothing(data, beheer, model_admin):
    without = (
        "progressupdate",
        "deadlinechange",
        "reportingmoment",
        "contribution",
        "correctionproposal",
    )
    if model_admin.opts.model_name in without:
        pytest.skip("What is published or frozen, or was sent to us, has no form.")
    record = model_admin.model._default_manager.first()
    page = beheer.get(address(model_admin, "change", record.pk))

    answer = beheer.post(address(model_admin, "change", record.pk), typed(page))

    assert answer.status_code == 302, answer.context["errors"]
    assert "niets gewijzigd" in said(answer)


@pytest.mark.parametrize("model_admin", OURS, ids=names)
def test_every_record_that_can_go_stale_or_public_has_the_screens_for_it(model_admin):
    if issubclass(model_admin.model, Versioned):
        assert isinstance(model_admin, RecordAdmin)
    if issubclass(model_admin.model, Publishable):
        assert isinstance(model_admin, PublishableAdmin)


def test_rendered_annexes_are_not_for_staff_to_edit():
    assert not admin.site.is_registered(AnnexFile)


def test_the_first_page_names_measures_first(beheer):
    groups = beheer.get(reverse("admin:index")).context["groups"]

    assert groups[0]["models"][0]["object_name"] == "Measure"
    shown = {model["object_name"] for group in groups for model in group["models"]}
    assert {model_admin.model.__name__ for model_admin in OURS} <= shown
    assert Party.__name__ in shown
