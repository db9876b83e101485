"""Make the folder: pages that point at each other, a read-me and a manifest, all or nothing."""

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.template.loader import render_to_string

from measures import annex

from .addresses import HTML, Address, Off, Outside, Scope
from .crawler import Crawl, ExportError
from .markup import Rewriter

MANIFEST = "manifest-sha256.txt"
READ_ME = "README.txt"
TITLE = "Archiefkopie van Kwalibo-voortgang"


@dataclass(frozen=True)
class Copy:
    """What was made."""

    folder: Path
    pages: int
    files: int
    missing: int


def export(site: str, asked: date | None, today: date, output: Path, *, force=False) -> Copy:
    """Write the public site as it stands on a day into `output`.

    Same data, same day and same `today`: the same bytes. Raises ExportError, in Dutch, and
    then leaves `output` as it was.
    """
    output = output.absolute()
    _refuse_unless_free(output, force)
    draft = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}."))
    try:
        crawl = Crawl(Scope(site, asked, today), draft)
        crawl.run()
        if not crawl.files:
            raise ExportError("De website heeft geen enkele openbare pagina.")
        _rewrite(crawl)
        copy = _describe(crawl, output)
        draft.chmod(0o755)
        _put_in_place(draft, output)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return copy


def _refuse_unless_free(output: Path, force: bool) -> None:
    if not output.parent.is_dir():
        raise ExportError(f"De map {output.parent} bestaat niet.")
    if output.exists() and not output.is_dir():
        raise ExportError(f"{output} is een bestand. Noem een map.")
    if not output.is_dir() or not any(output.iterdir()):
        return
    if not force:
        raise ExportError(f"{output} is niet leeg. Kies een andere map, of geef --force.")
    read_me = output / READ_ME
    if not (output / MANIFEST).is_file() or not read_me.read_text().startswith(TITLE):
        raise ExportError(
            f"In {output} staat iets anders dan een eerdere archiefkopie. Dat wissen wij niet: "
            "kies een andere map."
        )


def _put_in_place(draft: Path, output: Path) -> None:
    if not output.exists():
        draft.rename(output)
        return
    old = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}.oud."))
    output.rename(old / output.name)
    draft.rename(output)
    shutil.rmtree(old)


def _rewrite(crawl: Crawl) -> None:
    """Let every page point at the files beside it."""
    for address, name in crawl.files.items():
        path = crawl.folder / name
        if crawl.media_types[name] == HTML:
            path.write_text(_page(crawl, address, name, path.read_text()))


def _page(crawl: Crawl, address: Address, name: str, html: str) -> str:
    base = f"{crawl.scope.site}{address}"
    up = "../" * name.count("/")

    def resolve(link: str) -> str | None:
        try:
            target = crawl.scope.read(link, base)
        except Outside:
            return None
        except Off as why:
            raise KeyError(str(why)) from None
        file = crawl.file(target)
        if file is None:
            raise KeyError(link)
        return urlunsplit(("", "", relative(file, name), "", urlsplit(link).fragment))

    context = {"scope": crawl.scope, "read_me": f"{up}{READ_ME}"}
    banner = render_to_string("archive/banner.html", context)
    notice = render_to_string("archive/notice.html", context)
    return Rewriter(resolve, banner=banner.strip(), notice=notice.strip()).rewrite(html)


def relative(file: str, page: str) -> str:
    """The way from one file of the copy to another, as it stands in a link."""
    return quote(os.path.relpath(file, Path(page).parent))


def _describe(crawl: Crawl, output: Path) -> Copy:
    """Write the read-me and the manifest."""
    pages = sum(kind == HTML for kind in crawl.media_types.values())
    missing = sorted(crawl.missing)
    context = {
        "title": TITLE,
        "line": "=" * len(TITLE),
        "scope": crawl.scope,
        "digest": annex.build(crawl.scope.day).digest,
        "pages": pages,
        "kinds": sorted(Counter(Path(name).suffix for name in crawl.files.values()).items()),
        "files": len(crawl.files),
        "missing": missing,
        "manifest": MANIFEST,
    }
    (crawl.folder / READ_ME).write_text(render_to_string("archive/readme.txt", context))
    lines = [f"{sha256(crawl.folder / name)}  {name}\n" for name in _names(crawl.folder)]
    (crawl.folder / MANIFEST).write_text("".join(lines))
    return Copy(output, pages, len(crawl.files), len(missing))


def _names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
