"""The texts of the help: read from the program's own folder, from a checkout and from a packaged program alike."""

from __future__ import annotations

import platform

from PySide6.QtCore import QCoreApplication, qVersion

from ipnft_desktop import __version__, paths
from ipnft_desktop.ui.help.reading_dialog import slug
from ipnft_desktop.ui.language import language

GUIDE_FOLDER = paths.PROJECT / "docs"
SECTION_OF_PAGE = {
    "register": "register-an-asset",
    "activity": "follow-every-mint",
    "gallery": "look-and-verify",
    "batch": "mint-many-at-once",
    "gas": "measure-gas",
    "chain": "look-into-the-chain",
    "stage": "the-stage",
    "environment": "start",
    "admin": "people",
    "settings": "settings",
}
"""Where the guide begins to tell of each page, by the English heading as links name it."""


def user_guide() -> str:
    """The user guide as Markdown, in the window's language where there is one, else in English.

    Raises:
        OSError: it is not installed.
    """
    own = GUIDE_FOLDER / f"user-guide.{language().current}.md"
    return (own if own.is_file() else GUIDE_FOLDER / "user-guide.md").read_text("utf-8")


def section_of(page: str) -> str:
    """The heading of the guide about a page, as links name it; empty for a page of which it does not tell.

    Both guides have the same headings in the same order: the one that stands at the place of the English one counts.
    """
    wanted = SECTION_OF_PAGE.get(page, "")
    try:
        english = [slug(heading) for heading in _headings((GUIDE_FOLDER / "user-guide.md").read_text("utf-8"))]
        own = _headings(user_guide())
    except OSError:
        return ""
    at = english.index(wanted) if wanted in english else len(own)
    return slug(own[at]) if at < len(own) else ""


def _headings(text: str) -> list[str]:
    return [line.lstrip("#").strip() for line in text.splitlines() if line.startswith("#")]


def about() -> str:
    """Versions, the licence and the notices of third parties, as Markdown. `OSError` where they are not installed."""
    versions = "\n".join(
        f"* {name} {version}"
        for name, version in (
            ("IPNFT Desktop", __version__),
            ("Python", platform.python_version()),
            ("Qt", qVersion()),
            (platform.system(), platform.release()),
        )
    )
    licence = QCoreApplication.translate("About", "Licence")
    return "\n\n".join(
        (
            versions,
            f"## {licence}",
            (paths.PROJECT / "LICENSE").read_text("utf-8"),
            (paths.PROJECT / "THIRD_PARTY_NOTICES.md").read_text("utf-8"),
        )
    )
