# ruff: noqa: INP001 (a script of its own)
"""What the site is made of, as a software bill of materials: CycloneDX 1.6, in JSON.

    python deploy/sbom.py sbom.cdx.json

Every package that uv.lock brings at run time, with its version, hash and licence, and the parts
that lie in this repository. With the standard library alone, so that the build of the image can
run it. The same tree gives the same bytes. Ends with an error when a package is not installed,
is another version than the locked one, or does not say under which licence it is.
"""

import hashlib
import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

# What a package says of itself in words, as SPDX writes it.
SPDX = {
    "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "PSFL": "PSF-2.0",
}
# What packages say in the text of their licence alone; read by a person.
READ = {
    "django-filter": "BSD-3-Clause",
    "pyrage": "MIT",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
}
# What lies in this repository: (name, version, licence, where it comes from, its files).
VENDORED = [
    (
        *("components-css", "12.0.0", "EUPL-1.2"),
        "pkg:npm/%40rijkshuisstijl-community/components-css@12.0.0",
        ["static/vendor/componenten/components.css"],
    ),
    (
        *("fira-sans", "", "OFL-1.1", "pkg:generic/fira-sans"),
        [
            "static/vendor/fira-sans/fira-sans-latin-400-normal.woff2",
            "static/vendor/fira-sans/fira-sans-latin-600-normal.woff2",
            "measures/documents/fonts/FiraSans-Regular.ttf",
            "measures/documents/fonts/FiraSans-SemiBold.ttf",
        ],
    ),
]


class Unknown(Exception):
    """The bill cannot be made; the message says of what."""


def locked() -> dict[str, dict[str, Any]]:
    """The packages of uv.lock that the site needs on this machine, by name."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    known = {package["name"]: package for package in lock["package"]}
    todo = list(known["kwalibo-voortgang"]["dependencies"])
    found: dict[str, dict[str, Any]] = {}
    seen = set()
    while todo:
        wanted = todo.pop()
        name, extras = wanted["name"], wanted.get("extra", [])
        if "marker" in wanted and not is_installed(name):
            continue  # For another kind of machine.
        package = found.setdefault(name, known[name])
        parts = [package.get("dependencies", [])]
        parts += [package.get("optional-dependencies", {}).get(extra, []) for extra in extras]
        for one in chain.from_iterable(parts):
            mark = (name, one["name"], *one.get("extra", []))
            if mark not in seen:
                seen.add(mark)
                todo.append(one)
    return dict(sorted(found.items()))


def is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def licence_of(name: str) -> str:
    """The licence of an installed package, as an SPDX expression."""
    told = metadata.metadata(name)
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    for said in [told.get("License-Expression"), READ.get(name), told.get("License"), *classifiers]:
        if said and "\n" not in said:
            return SPDX.get(said, said)
    raise Unknown(f"{name} does not say under which licence it is: read it, and add it to READ.")


def package(name: str, package: dict[str, Any]) -> dict[str, Any]:
    """The component of a package."""
    if not is_installed(name) or metadata.version(name) != package["version"]:
        raise Unknown(f"{name} {package['version']} is not what is installed: run `make run`.")
    files = [*([package["sdist"]] if "sdist" in package else []), *package.get("wheels", [])]
    hashes = sorted({file["hash"].removeprefix("sha256:") for file in files})
    url = f"pkg:pypi/{name}@{package['version']}"
    return component("library", name, package["version"], licence_of(name), url) | {
        # Of every file that the lock allows; one of them was installed.
        "properties": [{"name": "uv.lock:sha256", "value": value} for value in hashes]
    }


def vendored(name, version, licence, url, files) -> dict[str, Any]:
    """The component of what lies in this repository."""
    kind = "file" if name == "fira-sans" else "library"
    return component(kind, name, version, licence, url) | {
        "components": [
            {
                "type": "file",
                "bom-ref": path,
                "name": path,
                "hashes": [
                    {
                        "alg": "SHA-256",
                        "content": hashlib.sha256((ROOT / path).read_bytes()).hexdigest(),
                    }
                ],
            }
            for path in files
        ]
    }


def component(kind: str, name: str, version: str, licence: str, url: str) -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": url,
        "name": name,
        **({"version": version} if version else {}),
        # An expression may be more than one licence; one alone has a name of its own.
        "licenses": [
            {"expression": licence} if " " in licence else {"license": {"id": licence}},
        ],
        "purl": url,
    }


def extras(package: dict[str, Any]):
    return package.get("optional-dependencies", {}).values()


def bill() -> dict[str, Any]:
    """The whole document. Raises Unknown."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = locked()
    parts = [package(name, found) for name, found in packages.items()]
    parts += [vendored(*one) for one in VENDORED]
    ours = component("application", project["name"], project["version"], "EUPL-1.2", "kwalibo")
    del ours["purl"]
    direct = [re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]]  # type: ignore[index]
    refs = {name: f"pkg:pypi/{name}@{found['version']}" for name, found in packages.items()}
    needs = [{"ref": "kwalibo", "dependsOn": sorted(refs[name] for name in direct)}]
    needs += [
        {
            "ref": refs[name],
            "dependsOn": sorted(
                {
                    refs[one["name"]]
                    for some in [found.get("dependencies", []), *extras(found)]
                    for one in some
                    if one["name"] in refs
                }
            ),
        }
        for name, found in packages.items()
    ]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": parts,
        "dependencies": needs,
    }
    # A number of its own, that the same content gets again.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {**document, "serialNumber": f"urn:uuid:{number}"}


def main(output: str) -> None:
    Path(output).write_text(json.dumps(bill(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python deploy/sbom.py FILE")
    try:
        main(sys.argv[1])
    except Unknown as problem:
        sys.exit(str(problem))
