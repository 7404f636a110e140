"""`start.py translate`: the catalogues of the window's languages, brought to the sources and compiled."""

from __future__ import annotations

import tempfile
from pathlib import Path

from launcher import child
from launcher.console import Problem, say
from launcher.layout import Layout
from launcher.translations.catalogues import DIALECTS, Dialect, read_catalogue, write_catalogue
from launcher.translations.findings import findings
from launcher.translations.sources import said_by
from launcher.translations.untranslated import untranslated

FOLDER = Path("resources") / "translations"


def run(layout: Layout) -> int:
    """Bring the catalogues to the sources and compile them; 1 while something has to be translated or mended."""
    said = said_by(layout.root)
    folder = layout.root / FOLDER
    told = said.all_problems()
    for dialect in DIALECTS:
        file = folder / f"ipnft_{dialect.code}.ts"
        catalogue = read_catalogue(file, dialect).updated(said.texts)
        write_catalogue(catalogue, file)
        _compile(layout, file, file.with_suffix(".qm"))
        open_ones = findings(said.texts, catalogue)
        told += open_ones
        say(f"{file.name}: {len(catalogue.entries)} texts, {len(open_ones)} to do")
    for line in told:
        say(line)
    return 1 if told else 0


def catalogue_findings(layout: Layout) -> str:
    """What is stale, untranslated or wrong in the catalogues, and what the window says past them."""
    said = said_by(layout.root)
    told = [*said.all_problems(), *untranslated(layout.root)]
    for dialect in DIALECTS:
        told += findings(said.texts, read_catalogue(layout.root / FOLDER / f"ipnft_{dialect.code}.ts", dialect))
        told += _stale(layout, dialect)
    return "\n".join(told)


def _stale(layout: Layout, dialect: Dialect) -> list[str]:
    """Whether the program would speak from another catalogue than the one that is read here."""
    source = layout.root / FOLDER / f"ipnft_{dialect.code}.ts"
    compiled = source.with_suffix(".qm")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, compiled.name)
        _compile(layout, source, fresh)
        is_fresh = compiled.is_file() and compiled.read_bytes() == fresh.read_bytes()
    return [] if is_fresh else [f"{compiled.name}: not compiled from its source, run `start.py translate`"]


def _compile(layout: Layout, source: Path, target: Path) -> None:
    """Qt's own compiler; a text whose translation nobody has looked at stays in English."""
    command = (layout.scripts / "pyside6-lrelease", "-silent", "-nounfinished", source, "-qm", target)
    code, output = child.run_quietly(command, child.environment(layout, offscreen=True), layout.root)
    if code != 0:
        raise Problem(f"{source.name} cannot be compiled:\n{output}")
