"""The page that shows every building block, and cannot forget one."""

import pytest

from kwalibo import component_page

pytestmark = pytest.mark.django_db


def test_the_page_is_there_for_developers_alone(client, settings):
    settings.DEBUG = False
    assert client.get("/componenten/").status_code == 404

    settings.DEBUG = True
    assert client.get("/componenten/").status_code == 200


def test_every_template_has_an_example_or_is_named_as_a_part(rf):
    shown = set(component_page.examples(rf.get("/")))

    assert shown | set(component_page.INTERNAL) == set(component_page.names())
    assert not shown & set(component_page.INTERNAL)


def test_every_example_shows_something(rf):
    for component in component_page.components(rf.get("/componenten/")):
        for example in component.examples:
            assert "<" in example.html, example.call


@pytest.mark.parametrize("name", component_page.names())
def test_a_template_begins_with_what_it_takes(name):
    said = component_page.says(name)

    assert said.endswith(".")
    assert "Takes" in said


def test_the_page_says_what_the_template_says(client, settings):
    settings.DEBUG = True

    text = client.get("/componenten/").text

    assert "A card that is one link. Takes: title, url" in text
    assert "{% include &quot;components/card.html&quot;" in text
