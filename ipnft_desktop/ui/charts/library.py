"""pyqtgraph and numpy, which take a second and more to import: loaded in a thread when a chart is first shown."""

from __future__ import annotations

from functools import cache
from threading import Thread

from PySide6.QtCore import QObject, Signal


class ChartLibrary(QObject):
    """`ready` is told in the thread of the window once charts can be drawn."""

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._loading: Thread | None = None
        self._is_ready = False

    @property
    def is_ready(self) -> bool:
        """Whether charts can be drawn without waiting."""
        return self._is_ready

    def load(self) -> None:
        """Begin to load, where nobody has; `ready` follows."""
        if not self._is_ready and self._loading is None:
            self._loading = Thread(target=self._load, name="chart library", daemon=True)
            self._loading.start()

    def load_now(self) -> None:
        """Load before anything else goes on, for whoever needs a chart in this turn of the loop."""
        self._load()

    def _load(self) -> None:
        # What is slow is imported by it.
        from ipnft_desktop.ui.charts import plot  # noqa: F401 # pyright: ignore[reportUnusedImport]

        self._is_ready = True
        self.ready.emit()


@cache
def chart_library() -> ChartLibrary:
    """The one of the process."""
    return ChartLibrary()
