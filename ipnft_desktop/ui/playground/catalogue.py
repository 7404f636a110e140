"""All exhibits in the order of the rail."""

from __future__ import annotations

from ipnft_desktop.ui.playground import (
    charts_shown,
    controls_shown,
    frames_shown,
    notices_shown,
    panels_shown,
    texts_shown,
)
from ipnft_desktop.ui.playground.exhibit import Exhibit


def all_exhibits() -> tuple[Exhibit, ...]:
    """From the smallest to what surrounds the pages."""
    groups = (texts_shown, controls_shown, panels_shown, charts_shown, notices_shown, frames_shown)
    return tuple(exhibit for group in groups for exhibit in group.exhibits())
