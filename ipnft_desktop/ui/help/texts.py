"""The texts of the help: read from the program's own folder, from a checkout and from a packaged program alike."""

from __future__ import annotations

import platform

from PySide6.QtCore import QCoreApplication, qVersion

from ipnft_desktop import __version__, paths
from ipnft_desktop.ui.language import language

GUIDE_FOLDER = paths.PROJECT / "docs"


def user_guide() -> str:
    """The user guide as Markdown, in the window's language where there is one, else in English.

    Raises:
        OSError: it is not installed.
    """
    own = GUIDE_FOLDER / f"user-guide.{language().current}.md"
    return (own if own.is_file() else GUIDE_FOLDER / "user-guide.md").read_text("utf-8")


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
