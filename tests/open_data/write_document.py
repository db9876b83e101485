"""Write docs/openapi.json anew: `python -m tests.open_data.write_document`."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")
    django.setup()
    from measures.api.document import as_text, document
    from tests.open_data.test_api_document import COMMITTED

    COMMITTED.write_text(as_text(document()))
