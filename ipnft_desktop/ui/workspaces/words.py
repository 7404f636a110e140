"""What workspaces and checkpoints are called and said to hold, wherever they are named."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason, RegisterFigures, Workspace
from ipnft_desktop.ui.widgets.measures import number_text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Workspaces", text)


def workspace_name(workspace: Workspace) -> str:
    """As a person called it; the profile's own has a name from the start."""
    return workspace.name or _tr("Default")


def checkpoint_name(checkpoint: Checkpoint) -> str:
    """As a person called it, or why the program made it."""
    if checkpoint.reason is CheckpointReason.BEFORE_RETURN:
        return checkpoint.name or _tr("Before a return")
    if checkpoint.reason is CheckpointReason.BEFORE_NEW_CHAIN:
        return checkpoint.name or _tr("Before a new chain")
    return checkpoint.name


def figures_text(figures: RegisterFigures) -> str:
    """What it holds, in one line."""
    return _tr("{0} · {1} · block #{2}").format(
        assets_text(figures.assets), tokens_text(figures.tokens), number_text(figures.block)
    )


def assets_text(count: int) -> str:
    """`24 assets`."""
    return QCoreApplication.translate("Workspaces", "%Ln assets", "", count)


def tokens_text(count: int) -> str:
    """`3 tokens`."""
    return QCoreApplication.translate("Workspaces", "%Ln tokens", "", count)
