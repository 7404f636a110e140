"""A person at the window, for tests that are about something else."""

from __future__ import annotations

from ipnft_desktop.bootstrap.core import Core
from tests.support import samples


def signed_in(core: Core) -> Core:
    """The core with somebody signed in who may do everything; the register itself knows no such account."""
    core.session.begin(samples.user())
    return core
