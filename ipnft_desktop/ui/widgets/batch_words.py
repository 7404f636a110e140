"""What batches and the chain under them are called, in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.batch_runs import BatchStrategy, Congestion


def congestion_name(congestion: Congestion) -> str:
    """How busy the chain is, in a word."""
    return {
        Congestion.LOW: QCoreApplication.translate("BatchWords", "Low"),
        Congestion.MEDIUM: QCoreApplication.translate("BatchWords", "Medium"),
        Congestion.HIGH: QCoreApplication.translate("BatchWords", "High"),
    }[congestion]


def strategy_name(strategy: BatchStrategy) -> str:
    """Who put a run together, in a word."""
    return {
        BatchStrategy.MANUAL: QCoreApplication.translate("BatchWords", "By hand"),
        BatchStrategy.AUTOMATIC: QCoreApplication.translate("BatchWords", "Automatic"),
    }[strategy]
