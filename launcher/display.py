"""Whether a window can be shown here."""

from __future__ import annotations

from collections.abc import Mapping


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Windows and macOS always have one; elsewhere X11 or Wayland must be announced. An offscreen Qt shows nothing.

    `platform` is a value of `sys.platform`.
    """
    if environment.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
