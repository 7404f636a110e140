"""The Gas page over the laboratory on a scripted chain: an experiment from the form to its charts, and what is kept."""

from __future__ import annotations

import csv
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from ipnft_desktop.adapters.laboratory.result_files import ResultFiles
from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.bootstrap.adapters import SystemClock
from ipnft_desktop.bootstrap.page_keys import GAS
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, FieldProblem, ProblemKind
from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, Experiment, Recipients, RunEnding
from ipnft_desktop.domain.people import Role
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.gas_laboratory import GasLaboratory
from ipnft_desktop.services.session import Session
from ipnft_desktop.ui.charts.chart import Chart
from ipnft_desktop.ui.gas import curves, sizes
from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryTab
from ipnft_desktop.ui.gas.measurement_table import lines_of
from ipnft_desktop.ui.gas.parts_view import part_lines
from ipnft_desktop.ui.gas.presenter import LaboratoryPresenter
from ipnft_desktop.ui.gas.result_panel import Part
from ipnft_desktop.ui.gas.view import GasView
from ipnft_desktop.ui.language import Language, language
from tests.gui.support.desk import open_desk
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore
from tests.support.gas_results import gas_of, gas_result
from tests.support.scripted_laboratory import ScriptedChain


@dataclass
class Bench:
    """The page, and the laboratory behind it."""

    view: GasView
    presenter: LaboratoryPresenter
    service: GasLaboratory
    chain: ScriptedChain
    shelf: ResultFiles
    notices: list[str] = field(default_factory=list[str])

    @property
    def tab(self) -> LaboratoryTab:
        return self.view.laboratory

    async def run(self, text: str = "1, 5 … 15") -> None:
        self.tab.form.sizes.setText(text)
        count = len(self.tab.list.kept.results)
        self.tab.form.run_button.click()
        await settled(lambda: len(self.tab.list.kept.results) > count and not self.tab.form.is_running)

    def keep(self, *numbers: int) -> None:
        for number in numbers:
            self.shelf.keep(gas_result(number))


def joined(view: GasView, service: GasLaboratory, notices: list[str]) -> LaboratoryPresenter:
    presenter = LaboratoryPresenter(view.laboratory, service)
    presenter.notice.connect(lambda text, _tone: notices.append(text))
    return presenter


@asynccontextmanager
async def open_bench(folder: Path) -> AsyncGenerator[Bench]:
    session = Session(EventHub())
    session.begin(samples.user())
    chain, shelf = ScriptedChain(), ResultFiles(folder / "laboratory")
    service = GasLaboratory(chain, shelf, LocalSheetFiles(), session, SystemClock())
    view = GasView()
    notices: list[str] = []
    made = Bench(view, joined(view, service, notices), service, chain, shelf, notices)
    view.resize(1280, 720)
    view.show()
    view.activateWindow()
    try:
        yield made
    finally:
        await made.presenter.close()
        await service.close()
        made.view.close()
        made.view.deleteLater()


def benched(test: Callable[[Bench], Awaitable[None]]) -> Callable[[QApplication, Path], Awaitable[None]]:
    """A test of the page."""

    async def run(qapp: QApplication, tmp_path: Path) -> None:
        async with open_bench(tmp_path) as bench:
            await test(bench)

    run.__name__ = test.__name__
    return run


def names(chart: Chart) -> list[str]:
    return [each.name for each in chart.series]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1, 5, 10", (1, 5, 10)),
        (" 30，10、10;2\n", (2, 10, 30)),
        ("1, 5, 10 … 30", (1, 5, 10, 15, 20, 25, 30)),
        ("3-6", (3, 4, 5, 6)),
        ("1 2 4...9", (1, 2, 4, 6, 8, 9)),
        ("", ProblemKind.REQUIRED),
        ("five", ProblemKind.NOT_A_WHOLE_NUMBER),
        ("1, 2.5", ProblemKind.NOT_A_WHOLE_NUMBER),
        ("-5", ProblemKind.NOT_A_WHOLE_NUMBER),
        ("5 …", ProblemKind.NOT_A_WHOLE_NUMBER),
        ("٣", ProblemKind.NOT_A_WHOLE_NUMBER),
        ("0", ProblemKind.OUT_OF_RANGE),
        ("257", ProblemKind.OUT_OF_RANGE),
        ("9" * 5_000, ProblemKind.OUT_OF_RANGE),
        ("1 … 256", ProblemKind.TOO_MANY),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str, found: tuple[int, ...] | ProblemKind) -> None:
    read = sizes.read(text)
    assert (read.kind if isinstance(read, FieldProblem) else read) == found


@benched
async def test_from_nothing_measured_to_the_curves(bench: Bench) -> None:
    panel = bench.tab.panel
    assert panel.currentIndex() == 0
    bench.tab.form.sizes.setText("1, 5, 10")
    panel.empty.button.click()
    await settled(lambda: panel.result is not None)
    assert panel.currentIndex() == 1
    result = panel.result
    assert result is not None
    assert (result.ending, result.experiment.sizes) == (RunEnding.COMPLETE, (1, 5, 10))
    assert names(panel.savings.chart)[0] == "Ours against its single mint"
    assert list(panel.savings.chart.series[0].xs) == [1, 5, 10]
    panel.show_part_of_result(Part.GAS)
    assert names(panel.gas.chart) == ["Ours", "Baseline A", "ERC721A", "Floor for one existing holder"]
    assert bench.tab.form.run_button.isVisible()
    assert bench.notices == [], "what is seen needs no notice"
    bench.view.hide()
    await bench.run("1, 5")
    assert any("complete" in notice for notice in bench.notices)


@benched
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_runs(bench: Bench) -> None:
    form = bench.tab.form
    form.sizes.setText("1, 300")
    assert "256" in form._fields["sizes"].error, "while it is written"
    form.gas_price.setText("cheap")
    for box in form.boxes.values():
        box.setChecked(False)
    form.run_button.click()
    assert all(form._fields[name].error for name in ("sizes", "gas_price_wei", "contracts"))
    assert bench.service.state is None
    form.gas_price.setText("0.5")
    form.boxes[Contract.ERC721A].setChecked(True)
    form.presets[0][0].click()
    experiment = form.experiment()
    assert experiment == Experiment((Contract.ERC721A,), gas_price_wei=5 * 10**8)


@benched
async def test_a_page_made_anew_goes_on_following_and_cancels(bench: Bench) -> None:
    bench.chain.stop_at = 10
    form = bench.tab.form
    form.sizes.setText("1, 5, 10, 15")
    form.recipients.choose(True)
    form.run_button.click()
    await settled(bench.chain.hangs.is_set)
    assert (form.run_button.isVisible(), form.cancel_button.isVisible(), form.sizes.isEnabled()) == (False, True, False)
    QTest.keyClick(bench.view, Qt.Key.Key_Escape)
    assert bench.service.state is not None, "Escape loses nothing"
    place = bench.tab.place
    await bench.presenter.close()
    bench.view.close()
    bench.view.deleteLater()
    language().set(Language.ZH)
    try:
        bench.view = GasView()
        bench.presenter = joined(bench.view, bench.service, bench.notices)
        bench.view.show()
        bench.tab.go_to(place)
        form = bench.tab.form
        assert (form.is_running, form.sizes.text(), form.filled.is_distinct) == (True, "1, 5, 10, 15", True)
        form.cancel_button.click()
        await settled(lambda: bench.tab.panel.result is not None and not form.is_running)
    finally:
        language().set(Language.EN)
    result = bench.tab.panel.result
    assert result is not None
    assert result.ending is RunEnding.CANCELLED
    assert [each.size for each in result.curve(Contract.OURS)] == [1, 5]
    assert not bench.tab.panel.note.isHidden()
    assert bench.chain.running == 0


@benched
async def test_a_failure_is_told_with_its_code_beside_what_was_measured(bench: Bench) -> None:
    bench.chain.stop_at, bench.chain.fault = 10, EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no answer in time")
    await bench.run("1, 5, 10")
    panel = bench.tab.panel
    assert panel.error_panel.code == "NODE_UNREACHABLE"
    assert list(panel.savings.chart.series[0].xs) == [1, 5]
    assert "of 18 steps" in panel.note.text()


@benched
async def test_what_hinders_the_start_is_told_beside_the_form(bench: Bench) -> None:
    async def check() -> str:
        raise EnvironmentFault(ErrorCode.NODE_MISSING, "no node")

    bench.chain.check = check
    form = bench.tab.form
    form.run_button.click()
    await settled(lambda: bool(form.error_panel.code))
    assert (form.error_panel.code, form.is_running) == ("NODE_MISSING", False)
    assert bench.tab.panel.currentIndex() == 0


@benched
async def test_results_are_chosen_compared_and_deleted(bench: Bench) -> None:
    bench.keep(1, 2)
    bench.shelf.keep(gas_result(3, Experiment((Contract.OURS,), (1, 30), Recipients.NEW_HOLDERS), code="0xcd"))
    tab = bench.tab
    bench.presenter.reload()
    await settled(lambda: len(tab.list.kept.results) == 3)
    assert tab.list.current is not None
    assert tab.list.current.experiment.sizes == (1, 30), "newest first"
    tab.list.setFocus()
    QTest.keyClick(tab.list, Qt.Key.Key_Space)
    assert tab.list.compared == ()
    QTest.keyClick(tab.list, Qt.Key.Key_Down)
    QTest.keyClick(tab.list, Qt.Key.Key_Space)
    assert [each.result_id for each in tab.list.compared] == [gas_result(at).result_id for at in (2, 3)]
    assert len(tab.panel.savings.chart.series) == 4
    assert "Ours" in tab.panel.note.text(), "another code is another contract"
    tab.panel.show_part_of_result(Part.GAS)
    assert names(tab.panel.gas.chart) == ["#1 Ours", "#1 Baseline A", "#1 ERC721A", "#2 Ours"]

    QTest.keyClick(tab.list, Qt.Key.Key_Delete)
    assert tab.question.isVisible()
    tab.question.decline_button.click()
    tab.delete_button.click()
    tab.question.confirm_button.click()
    await settled(lambda: len(tab.list.kept.results) == 2)
    assert {each.result_id for each in bench.shelf.list()} == {gas_result(at).result_id for at in (1, 3)}
    assert tab.list.compared == ()


@benched
async def test_measurements_are_sorted_copied_and_exported(bench: Bench) -> None:
    bench.keep(1)
    bench.presenter.reload()
    panel = bench.tab.panel
    await settled(lambda: panel.result is not None)
    panel.show_part_of_result(Part.TABLE)
    table = panel.table
    assert table.records.rowCount() == len(gas_result(1).measurements)
    table.horizontalHeader().setSortIndicator(3, Qt.SortOrder.AscendingOrder)
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    cheapest = min(gas_result(1).measurements, key=lambda each: each.gas_per_token)
    assert QGuiApplication.clipboard().text().split("\t")[1:3] == ["100 tokens", f"{cheapest.gas.gas_used:,}"]
    panel.export_button.click()
    dialog = bench.tab.findChild(QFileDialog)
    assert dialog is not None
    target = bench.shelf._folder / "out.csv"
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    await settled(lambda: any("out.csv" in notice for notice in bench.notices))
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + len(gas_result(1).measurements) + len(gas_result(1).deployments)


@benched
async def test_the_parts_sum_up_to_the_receipt(bench: Bench) -> None:
    bench.keep(1)
    bench.presenter.reload()
    panel = bench.tab.panel
    await settled(lambda: panel.result is not None)
    panel.show_part_of_result(Part.PARTS)
    parts = panel.parts
    assert parts.choice == (Contract.OURS, 30)
    parts.choose(Contract.BASELINE_A, 100)
    measured = parts.measured
    assert measured is not None
    shown = [parts.table.records.record_at(at) for at in range(parts.table.records.rowCount())]
    assert sum(each.gas for each in shown if each) == measured.gas.gas_used
    assert f"{measured.gas.gas_used:,}" in parts.sum_text.text()
    parts.choose(Contract.OURS, 0)
    assert parts.measured is not None
    assert parts.measured.is_single


def test_a_refund_is_told_and_taken_off() -> None:
    gas = gas_of(Contract.OURS, 1)
    refunded = replace(gas, parts={**gas.parts, GasPart.REFUND: -4_800})
    lines = part_lines(replace(gas_result(1).curve(Contract.OURS)[0], gas=refunded))
    assert (lines[-1].part, lines[-1].gas) == (GasPart.REFUND, -4_800)
    assert sum(line.gas for line in lines) == refunded.gas_used


def test_each_saving_names_its_base_and_both_are_told() -> None:
    result = gas_result(1)
    own, baseline = curves.savings_chart((result,)).series[:2]
    saved = result.savings(result.curve(Contract.OURS)[6])
    assert saved is not None
    assert (own.at(30), baseline.at(30)) == (saved.own_single_percent, saved.baseline_single_percent)
    lines = lines_of(result)
    assert all(line.saved is not None for line in lines)
    assert [line.call for line in lines[:3]] == ["Single", "Single, new", "1 token"]
    recommended = result.recommended
    assert recommended is not None
    assert [(span.start, span.end) for span in curves.savings_chart((result,)).spans] == [
        (recommended.first, recommended.last)
    ]


def test_what_ended_before_its_bases_shows_no_saving() -> None:
    assert curves.savings_chart((gas_result(1, measured=0),)).is_empty
    assert curves.gas_chart((gas_result(1, measured=0),)).is_empty
    assert curves.savings_chart((gas_result(1, Experiment((Contract.BASELINE_A,), (5,))),)).is_empty


async def test_a_viewer_looks_and_exports_but_neither_runs_nor_deletes(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program, session = desk.program, desk.memory.core.session
        program.window.show_page(GAS)
        view = program.pages.gas_view
        assert view.isVisible()
        assert view.laboratory.form.run_button.isEnabled()
        session.begin(samples.user(Role.VIEWER))
        form, panel = view.laboratory.form, view.laboratory.panel
        assert not form.run_button.isEnabled()
        assert form.run_button.refusal
        assert view.laboratory.delete_button.refusal
        assert not panel.export_button.refusal
        session.end()
        assert view.is_signed_out
        session.begin(samples.user())
        assert not view.is_signed_out


async def test_it_measures_before_the_environment_is_started(qapp: QApplication, tmp_path: Path) -> None:
    memory = MemoryCore(tmp_path)
    memory.core.laboratory._chain = ScriptedChain()
    memory.core.session.end()
    program = Program(qapp, tmp_path, memory.settings)
    await program.show()
    await program.join(memory.core)
    try:
        program.window.show_page(GAS)
        tab = program.pages.gas_view.laboratory
        assert not program.pages.gas_view.is_signed_out
        tab.form.run_button.click()
        await settled(lambda: tab.panel.result is not None and not tab.form.is_running)
        assert tab.delete_button.refusal, "deleting takes a person"
        await memory.start()
        assert program.pages.gas_view.is_signed_out, "now there is somebody to be asked for"
        memory.core.session.begin(samples.user())
        await settled(lambda: not tab.delete_button.refusal and bool(tab.list.kept.results))
        assert not program.pages.gas_view.is_signed_out
    finally:
        program.window.close()
        await program.close()


async def test_another_language_brings_the_person_back_to_the_same_result(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program, shelf = desk.program, desk.memory.core.laboratory._shelf
        for number in (1, 2, 3):
            shelf.keep(gas_result(number))
        program.window.show_page(GAS)
        before = program.pages.gas_view.laboratory
        await settled(lambda: len(before.list.kept.results) == 3)
        before.form.sizes.setText("7, 8")
        before.list.setCurrentIndex(before.list.kept.index(1, 0))
        before.list.toggle_current()
        before.panel.show_part_of_result(Part.PARTS)
        before.panel.parts.choose(Contract.ERC721A, 50)
        await program.rebuild()
        tab = program.pages.gas_view.laboratory
        await settled(lambda: len(tab.list.kept.results) == 3)
        assert tab is not before
        assert tab.list.current == gas_result(2)
        assert tab.list.kept.ticked == {gas_result(2).result_id}
        assert tab.form.sizes.text() == "7, 8"
        assert (tab.panel.part, tab.panel.parts.choice) == (Part.PARTS, (Contract.ERC721A, 50))
