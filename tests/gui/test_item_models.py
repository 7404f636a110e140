"""Every item model of the window under Qt's own model tester, through all its changes; its complaints fail the test."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from uuid import UUID

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop import ui
from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.audit import AuditEntry, AuditLine, AuditPage
from ipnft_desktop.ui.alerts.alert_list import AlertListModel
from ipnft_desktop.ui.charts.chart import Axis, Chart, Series
from ipnft_desktop.ui.charts.chart_table import ChartTableModel
from ipnft_desktop.ui.commands.palette_lines import PaletteLine
from ipnft_desktop.ui.commands.palette_list import PaletteModel
from ipnft_desktop.ui.gas.result_list import ResultModel
from ipnft_desktop.ui.mint.lines import MintLine, MintLines
from ipnft_desktop.ui.models.arranged_model import ARRANGED_AT_ONCE, ArrangedModel
from ipnft_desktop.ui.models.audit_model import AuditModel
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import RecordColumn, RecordModel
from ipnft_desktop.ui.models.run_model import RunModel
from ipnft_desktop.ui.sheets.text_table import TextTable
from ipnft_desktop.ui.widgets.measures import local_time
from tests.gui.support.figures import batch_runs
from tests.support.gas_results import gas_result

MINT = {"job": str(UUID(int=5)), "asset": str(UUID(int=7)), "asset_name": "Vase", "assets": "1"}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
TESTED_ELSEWHERE = {"AssetTableModel", "JobModel", "TickedAssets"}
"""In test_asset_table_model.py and test_job_model.py, likewise under the tester."""
_ROOT = QModelIndex()
Exercise = Callable[[QWidget], QAbstractItemModel]


def watched(model: QAbstractItemModel) -> QAbstractItemModel:
    """The model with a tester that looks at it again after each of its signals."""
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def look(model: QAbstractItemModel) -> list[str]:
    """What the first column shows; every role of every cell is asked for."""
    for row in range(model.rowCount()):
        for column in range(model.columnCount(_ROOT) if isinstance(model, QAbstractTableModel) else 1):
            for role in (*Qt.ItemDataRole, Qt.ItemDataRole.UserRole + 1):
                model.data(model.index(row, column), role)
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def records(owner: QWidget) -> QAbstractItemModel:
    columns: tuple[RecordColumn[tuple[str, int]], ...] = (
        RecordColumn("Name", lambda record: record[0], hover=lambda record: record[0]),
        RecordColumn("Count", lambda record: str(record[1]), order=lambda record: record[1]),
    )
    model = RecordModel(columns, lambda record: record[0], lambda record: record[0], owner)
    watched(model)
    model.set_records([("b", 1), ("a", 3), ("c", 2)])
    assert look(model) == ["a", "b", "c"]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert look(model) == ["a", "c", "b"]
    resets = QSignalSpy(model.modelReset)
    model.renew_records([("b", 5), ("a", 6), ("c", 7)])
    assert (look(model), model.record_at(0), resets.count()) == (["a", "c", "b"], ("a", 6), 0)
    model.renew_records([("b", 5), ("c", 7)])
    assert (look(model), resets.count()) == (["c", "b"], 1)
    # Descending by count: behind what is equal, and not at all where it is not searched for.
    model.add_records([("e", 7), ("f", 6)])
    assert (look(model), resets.count()) == (["c", "e", "f", "b"], 1)
    model.sort(0)
    model.add_records([("d", 0)])
    assert (look(model), model.count) == (["b", "c", "d", "e", "f"], 5)
    model.search("B")
    model.add_records([("bb", 1), ("z", 1)])
    assert (look(model), model.count) == (["b", "bb"], 7)
    model.set_records([])
    assert look(model) == []
    model.search("")
    model.set_records([("d", 1)])
    return model


def paged_records(owner: QWidget) -> QAbstractItemModel:
    columns: tuple[RecordColumn[int], ...] = (
        RecordColumn("Block", str, is_number=True),
        RecordColumn("Hash", hex, is_mono=True),
    )
    model = PagedModel(columns, int, owner)
    watched(model)
    asked: list[int | None] = []
    model.more_wanted.connect(lambda: asked.append(model.last))
    model.reset([9, 8], is_whole=False)
    model.fetchMore(_ROOT)
    assert asked == [8]  # once, though the tester fetches too
    kept = QPersistentModelIndex(model.index(1, 0))
    model.put_first([11, 10])
    model.add_page([7], is_whole=True)
    assert (look(model), model.text_at(0, 1)) == (["11", "10", "9", "8", "7"], "0xb")
    assert (kept.row(), model.row_of(8), model.count) == (3, 3, 5)
    model.renew([11, 8, 7])
    assert (look(model)[:2], kept.row()) == (["11", "10"], 3)
    model.sort(0, Qt.SortOrder.AscendingOrder)
    assert look(model)[0] == "11"
    model.reset([], is_whole=True)
    model.fetchMore(_ROOT)
    assert (look(model), asked) == ([], [8])
    model.reset([5], is_whole=True)
    return model


def arranged_records(owner: QWidget) -> QAbstractItemModel:
    columns: tuple[RecordColumn[int], ...] = (
        RecordColumn("Number", str, order=lambda number: number),
        RecordColumn("Odd", lambda number: str(number % 2)),
    )
    model = ArrangedModel[int](columns, lambda number: number, str, owner)
    watched(model)
    wanted = QSignalSpy(model.arrangement_wanted)

    def arrange() -> list[int]:
        while not model.is_arranged:
            model.show(model.arrangement()())
        return [int(words) for words in look(model)]

    model.set_records([3, 1, 2])
    assert (look(model), wanted.count()) == (["1", "2", "3"], 0), "a few are shown at once"
    many = range(4, ARRANGED_AT_ONCE + 4)
    model.add_records(many)
    assert (look(model), wanted.count(), model.is_arranged) == (["1", "2", "3"], 1, False)
    early = model.arrangement()
    model.sort(0, Qt.SortOrder.DescendingOrder)
    model.search("1")
    model.narrow(lambda number: number % 2 == 1)
    model.show(early())
    assert not model.is_arranged, "what was wished for meanwhile is still to come"
    found = [number for number in (1, 2, 3, *many) if number % 2 and "1" in str(number)]
    assert arrange() == found[::-1]
    assert (model.row_of(1), model.row_of(2)) == (len(found) - 1, None)
    late = model.arrangement()
    model.set_records(range(1_000, 2_000))
    assert look(model) == [], "what is shown of others goes at once"
    model.show(late())
    assert look(model) == [], "what was made of others is none of its business"
    assert len(arrange()) == 500
    model.narrow(None)
    model.set_records([10])
    return model


def audit(owner: QWidget) -> QAbstractItemModel:
    def page(*numbers: int, is_last: bool) -> AuditPage:
        lines = (AuditEntry(number, AuditLine(EPOCH, "ada", "asset.created", "x", {})) for number in numbers)
        return AuditPage(tuple(lines), is_last)

    model = AuditModel(owner)
    watched(model)
    asked: list[int | None] = []
    model.more_wanted.connect(lambda: asked.append(model.oldest))
    model.reset(page(4, 3, is_last=False))
    model.fetchMore(_ROOT)
    assert asked == [3]  # once, though the tester fetches too
    model.add_page(page(2, 1, is_last=True))
    assert look(model) == ["4", "3", "2", "1"]
    model.reset(page(is_last=True))
    model.fetchMore(_ROOT)
    assert (look(model), asked) == ([], [3])
    model.reset(page(5, is_last=True))
    return model


def alerts(owner: QWidget) -> QAbstractItemModel:
    model = AlertListModel(owner)
    watched(model)
    kinds = [Alert(number, kind, "", MINT, EPOCH) for number, kind in enumerate(AlertKind)]
    model.set_alerts(kinds)
    assert len(look(model)) == len(kinds)
    model.set_alerts([])
    assert look(model) == []
    model.set_alerts(kinds[:1])
    return model


def sheet_lines(owner: QWidget) -> QAbstractItemModel:
    table = TextTable("Lines", owner)
    model = watched(table.model())
    table.show_lines(("Row", "Why"), [("1", "empty"), ("2", "too long")], widest=1)
    assert look(model) == ["1", "2"]
    table.show_lines(("Row",), [], widest=0)
    assert look(model) == []
    table.show_lines(("Row", "Why", "What"), [("3", "a", "b")], widest=2)
    return model


def mint_lines(owner: QWidget) -> QAbstractItemModel:
    lines = MintLines("Assets", owner)
    model = lines.findChild(QAbstractItemModel, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert model is not None
    watched(model)
    shown = [MintLine(UUID(int=number), f"Asset {number}", "0x1…2", "0x12", "MINTED") for number in range(3)]
    lines.show_lines(("Asset", "Hash", "State"), shown)
    assert look(model) == ["Asset 0", "Asset 1", "Asset 2"]
    lines.show_lines(("Asset", "Hash", "State"), [])
    lines.show_lines(("Asset", "Hash", ""), shown[:1])
    return model


def palette(owner: QWidget) -> QAbstractItemModel:
    def line(title: str) -> PaletteLine:
        return PaletteLine(title, title, "Register", "M", "", None, lambda: None)

    model = PaletteModel(owner)
    watched(model)
    model.set_lines([line("Mint"), line("Delete")])
    assert look(model) == ["Mint", "Delete"]
    model.set_lines([])
    model.set_lines([line("Export")])
    return model


def runs(owner: QWidget) -> QAbstractItemModel:
    model = RunModel(owner)
    watched(model)
    asked: list[bool] = []
    model.more_wanted.connect(lambda: asked.append(True))
    first, second = batch_runs(2)
    model.reset((first,), is_whole=False)
    model.fetchMore(_ROOT)
    assert asked == [True]  # once, though the tester fetches too
    model.add_page((second,), is_whole=True)
    assert len(look(model)) == 2
    model.reset((), is_whole=True)
    assert look(model) == []
    model.reset((second,), is_whole=True)
    return model


def chart_points(owner: QWidget) -> QAbstractItemModel:
    def chart(*points: tuple[float, float]) -> Chart:
        return Chart("", Axis("x"), Axis("y"), (Series.of("a", points),))

    model = ChartTableModel(owner)
    watched(model)
    model.show_chart(chart((1, 2), (3, 4)))
    assert look(model) == ["1", "3"]
    model.show_chart(chart())
    assert look(model) == []
    model.show_chart(chart((5, 6)))
    return model


def laboratory_results(owner: QWidget) -> QAbstractItemModel:
    model = ResultModel(owner)
    watched(model)
    newer, older = gas_result(2), gas_result(1)
    model.set_results((newer, older), (older.result_id, "gone"))
    assert [words[:19] for words in look(model)] == [local_time(each.started_at) for each in (newer, older)]
    model.toggle(model.index(0, 0))
    assert model.ticked == {newer.result_id, older.result_id}
    model.set_results((), model.ticked)
    assert model.ticked == frozenset()
    model.set_results((older,), ())
    return model


EXERCISES: dict[str, Exercise] = {
    "ChartTableModel": chart_points,
    "ResultModel": laboratory_results,
    "RecordModel": records,
    "PagedModel": paged_records,
    "ArrangedModel": arranged_records,
    "AuditModel": audit,
    "RunModel": runs,
    "AlertListModel": alerts,
    "_Lines": sheet_lines,
    "_LinesModel": mint_lines,
    "PaletteModel": palette,
}


@pytest.mark.parametrize("name", EXERCISES)
def test_keeps_the_rules_of_models(qapp: QApplication, name: str) -> None:
    owner = QWidget()
    model = EXERCISES[name](owner)
    assert type(model).__name__ == name
    assert len(look(model)) == 1
    owner.deleteLater()


def test_every_model_of_the_window_is_under_the_tester() -> None:
    found: set[str] = set()
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        for name, offered in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(offered, QAbstractItemModel) and offered.__module__ == module.name:
                found.add(name)
    assert found - set(EXERCISES) - TESTED_ELSEWHERE == set()
