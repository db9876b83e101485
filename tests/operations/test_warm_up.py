"""What a new worker does before it takes requests."""

from django.template import TemplateSyntaxError, engines

from kwalibo.operations import warm_up


def test_every_public_template_is_read_and_no_database_is_asked():
    """This test has no database: asking it would fail."""
    loader = engines["django"].engine.template_loaders[0]
    loader.reset()

    warm_up.warm_up()

    read = set(loader.get_template_cache)
    assert {"base.html", "measures/measure.html", "components/status.html"} <= read


def test_a_template_that_is_broken_stops_no_worker(monkeypatch, caplog):
    def broken(name):
        raise TemplateSyntaxError("endif ontbreekt")

    monkeypatch.setattr(warm_up, "get_template", broken)

    warm_up.warm_up()

    assert "Het sjabloon measures/measure.html is niet te lezen." in caplog.text
