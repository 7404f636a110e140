"""The table of all mints: pages behind one another, mints that go on in place, Qt's own model tester as a witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.mint_activity import JobGroup, JobPage, JobQuery, JobRow, JobSort
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.ui.activity.job_table import JobTable
from ipnft_desktop.ui.models.job_model import JobColumn, JobModel
from ipnft_desktop.ui.widgets.job_words import copied, elapsed_text, state_detail, subject
from tests.gui.support.jobs import FAILURE, NOW, job_progress, job_row


def page(rows: Sequence[JobRow], *, is_last: bool = True) -> JobPage:
    return JobPage(tuple(rows), None if is_last else rows[-1].anchor)


def laid_out(rows: Sequence[JobRow], query: JobQuery = JobQuery(), *, is_last: bool = True) -> JobModel:  # noqa: B008
    model = JobModel(lambda: NOW)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.reset(query, page(rows, is_last=is_last))
    return model


def names(model: JobModel) -> list[str]:
    return [str(model.index(at, 0).data()) for at in range(model.rowCount())]


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Fonts and colours."""


def test_more_is_asked_for_once_and_nothing_is_listed_twice() -> None:
    model = laid_out([job_row(5), job_row(4)], is_last=False)
    asked: list[None] = []
    model.more_wanted.connect(lambda: asked.append(None))
    assert not model.canFetchMore(QModelIndex()), "the tester asked already"
    model.give_up()
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert len(asked) == 1
    assert model.anchor == job_row(4).anchor
    model.put([job_row(3)])  # below what was read: it comes with its page
    assert names(model) == ["Asset 5", "Asset 4"]
    model.add_page(page([job_row(4), job_row(3)]))
    assert names(model) == ["Asset 5", "Asset 4", "Asset 3"]
    assert model.is_whole


def test_a_running_mint_changes_its_row_in_place_once_a_frame(qtbot: QtBot) -> None:
    rows = [job_row(number, MintStage.REQUESTED) for number in (9, 8, 7)]
    model = laid_out(rows)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    for stage in (MintStage.PREPARING, MintStage.SUBMITTING, MintStage.CONFIRMING):
        for each in rows[:2]:
            assert model.apply(job_progress(each, stage, nonce=4, tx_hash="0x" + "ab" * 32))
    assert not model.apply(job_progress(job_row(99), MintStage.PREPARING))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(0, 1)]
    assert model.index(0, JobColumn.STATE).data() == "MINTING CONFIRMING 0/1 · 1 min 31 s"
    assert model.index(0, JobColumn.TRIES).data() == "1 · #4"
    assert model.index(0, JobColumn.TRANSACTION).data() == "0xabab…abab"
    assert model.index(2, JobColumn.STATE).data() == "WAITING 1 min 33 s"


def test_a_mint_that_left_the_group_leaves_the_list_but_for_the_one_looked_at() -> None:
    rows = [job_row(number, MintStage.CONFIRMING) for number in (9, 8, 7, 6)]
    model = laid_out(rows, JobQuery(JobGroup.RUNNING))
    model.hold(rows[1].job_id)
    for each in rows[:3]:
        model.apply(job_progress(each, MintStage.COMPLETED))
    model.settle()
    assert names(model) == ["Asset 8", "Asset 6"]
    model.hold(rows[3].job_id)
    model.settle()
    assert names(model) == ["Asset 6"]
    assert model.position(rows[3].job_id) == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (JobQuery(), [9, 8, 7, 5, 3]),
        (JobQuery(descending=False), [3, 5, 7, 8, 9]),
        (JobQuery(sort=JobSort.STATE), [9, 8, 7, 5, 3]),
        (JobQuery(JobGroup.FAILED), []),
    ],
)
def test_new_mints_enter_in_order_where_they_belong(query: JobQuery, expected: list[int]) -> None:
    listed = [job_row(number, MintStage.REQUESTED) for number in (7, 5, 3)]
    model = laid_out([each for each in listed[:: 1 if query.descending else -1] if each.is_in(query.group)], query)
    model.put([job_row(8, MintStage.REQUESTED), job_row(9, MintStage.REQUESTED)])
    model.put([replace(job_row(8, MintStage.REQUESTED), asset_name="Asset 8")])
    assert names(model) == [f"Asset {number}" for number in expected]


def test_a_mint_that_failed_enters_the_failed_ones_in_its_place() -> None:
    failed = [job_row(number, MintStage.FAILED, failure=FAILURE) for number in (9, 5)]
    model = laid_out(failed, JobQuery(JobGroup.FAILED))
    model.put(
        [job_row(7, MintStage.FAILED, failure=FAILURE), job_row(6, MintStage.FAILED, failure=FAILURE, is_current=False)]
    )
    assert names(model) == ["Asset 9", "Asset 7", "Asset 5"]
    model.put([replace(failed[0], is_current=False)])  # its asset was minted again
    model.settle()
    assert names(model) == ["Asset 7", "Asset 5"]


def test_what_is_not_read_yet_is_missed_only_where_it_belongs_to_what_was() -> None:
    model = laid_out([job_row(9), job_row(8)], is_last=False)
    assert model.belongs_here(job_progress(job_row(10), MintStage.REQUESTED))
    assert not model.belongs_here(job_progress(job_row(2), MintStage.COMPLETED))


def test_only_running_rows_in_view_are_told_each_second() -> None:
    model = laid_out([job_row(9, MintStage.CONFIRMING), job_row(8), job_row(7)])
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.column()))
    model.tick(1, 2)
    assert told == []
    model.tick(0, 1)
    assert told == [JobColumn.STATE]
    model.tick(0, -1)


def test_selection_and_place_outlast_changes(qtbot: QtBot) -> None:
    rows = [job_row(number, MintStage.CONFIRMING) for number in range(80, 0, -1)]
    model = laid_out(rows)
    table = JobTable(model)
    qtbot.addWidget(table)
    table.resize(900, 400)
    table.show()
    table.choose(50)
    place = table.verticalScrollBar().value()
    for each in rows:
        model.apply(job_progress(each, MintStage.COMPLETED))
    model.settle()
    assert table.current_row == rows[50].after(job_progress(rows[50], MintStage.COMPLETED))
    assert table.verticalScrollBar().value() == place
    model.put([job_row(81, MintStage.REQUESTED)])
    assert table.current_row is not None
    assert table.current_row.job_id == rows[50].job_id


def test_words_of_a_row() -> None:
    batch = job_row(1, MintStage.CONFIRMING, item_count=3, confirmations=2, required_confirmations=6)
    assert subject(batch) == "Batch of 3 · Asset 1"
    assert state_detail(batch, NOW) == "CONFIRMING 2/6 · 1 min 39 s"
    assert state_detail(replace(batch, cancel_requested=True), NOW).startswith("CANCELLING · ")
    held_up = batch.after(job_progress(batch, MintStage.PREPARING, error=EnvironmentFault(ErrorCode.KEYSTORE_LOCKED)))
    assert held_up.needs_attention
    assert state_detail(held_up, NOW) == "1 min 39 s · KEYSTORE_LOCKED"
    failed = job_row(2, MintStage.FAILED, failure=FAILURE, requested_by="a\tb\u202e")
    assert state_detail(failed, NOW) == "TX_REVERTED"
    assert "\t".join(copied(failed, NOW).split("\t")[:3]) == "Asset 2\tFAILED\tTX_REVERTED"
    assert len(copied(failed, NOW).split("\t")) == len(copied(batch, NOW).split("\t"))
    assert [elapsed_text(seconds) for seconds in (0.04, 12.7, 185, 7_800, 100_000)] == [
        "0.0 s", "12 s", "3 min 05 s", "2 h 10 min", "1 d 3 h",
    ]  # fmt: skip
