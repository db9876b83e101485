"""The manual for staff: docs/handleiding.md, shown in the admin."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from markdown_it import MarkdownIt

PATH = Path("docs") / "handleiding.md"


@cache
def sections() -> str:
    """The manual as HTML, below its title. Our own text: what it says is not escaped."""
    text = (settings.BASE_DIR / PATH).read_text()
    made = MarkdownIt()
    tokens = made.parse(text.partition("\n")[2])
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                picture = str(child.attrs["src"]).removeprefix("../static/")
                child.attrs["src"] = static(picture)
    return made.renderer.render(tokens, made.options, {})
