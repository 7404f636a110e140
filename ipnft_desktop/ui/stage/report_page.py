"""A played scene on one A4 page, in the window's language: lines and letters only. Said on the window's thread, drawn
on any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QFile, QFileDevice, QIODevice, QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter

from ipnft_desktop import __version__
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.stage.report import SceneReport
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.wording import state_word
from ipnft_desktop.ui.theme.paper import DOTS_AN_INCH, GAP_MM, GREY, LINE_GAP_MM, MARGIN_MM, NAMES_MM, PAGE_MM, WIDTH_MM
from ipnft_desktop.ui.theme.paper_text import PaperLayout, dots, paper_font
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import local_time, number_text, percent_text, seconds_text, utc_time

_SMALLEST, _STEP = 0.4, 0.95
_STATE_MM, _TIME_MM, _TOKENS_MM = 42.0, 24.0, 22.0


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A name and what stands beside it; a code is set in letters of one width."""

    name: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class ReportWords:
    """Everything the page says."""

    place: str
    title: str
    summary: str
    facts: tuple[ReportLine, ...]
    steps_title: str
    steps: tuple[tuple[str, str, str], ...]
    """Headline, how it ended, how long it took."""
    mints_title: str
    mints: tuple[tuple[str, str, str], ...]
    """Transaction, tokens, gas."""
    remark: str


def words_of(report: SceneReport) -> ReportWords:
    """What the page says of a scene, in the window's language."""
    locale = language().current.value
    show = report.show
    tokens = DASH if report.tokens_on_chain is None else number_text(report.tokens_on_chain)
    facts = [
        ReportLine(_tr("Saved at"), f"{local_time(report.made_at)} ({utc_time(report.made_at)})"),
        ReportLine(_tr("Took"), seconds_text(show.seconds, 1)),
        ReportLine(_tr("Works"), number_text(report.works)),
        ReportLine(_tr("Tokens on the chain"), tokens),
        ReportLine(_tr("Transactions"), number_text(len(report.mints))),
        ReportLine(_tr("Gas"), DASH if report.gas_used is None else number_text(report.gas_used)),
    ]
    if report.gas_saved_percent is not None:
        facts.append(ReportLine(_tr("Gas saved by minting together"), percent_text(report.gas_saved_percent, 1)))
    facts += [
        ReportLine(_tr("Chain ID"), DASH if report.chain_id is None else str(report.chain_id)),
        ReportLine(_tr("Contract"), report.contract_address or DASH, is_code=True),
    ]
    steps = tuple(
        (
            f"{number_text(number)}. {view.step.headline.of(locale)}",
            state_word(view.state),
            DASH if view.seconds is None else seconds_text(view.seconds, 2),
        )
        for number, view in enumerate(show.steps, 1)
    )
    mints = tuple(
        (mint.tx_hash, number_text(mint.tokens), DASH if mint.gas_used is None else number_text(mint.gas_used))
        for mint in report.mints
    )
    return ReportWords(
        _tr("Scene {0} of the show").format(number_text(report.number)),
        show.scene.title.of(locale),
        show.scene.summary.of(locale),
        tuple(facts),
        _tr("Steps"),
        steps,
        _tr("Transactions, their tokens and their gas"),
        mints,
        _tr("Tokens are counted by the node's own events, past the register. Written by IPNFT Desktop {0}.").format(
            __version__
        ),
    )


class ReportPage:
    """Set in smaller letters where it would not fit, and never cut off."""

    def __init__(self, words: ReportWords) -> None:
        self._words = words

    def paint(self, painter: QPainter) -> None:
        """Draw the page; the painter's unit is a dot, its origin the corner of the paper."""
        self.fitted().draw_text(painter)

    def fitted(self) -> PaperLayout:
        """What goes where, in the largest letters that leave room for everything."""
        scale = 1.0
        layout = self._laid_out(scale)
        while layout.end > dots(PAGE_MM.height() - MARGIN_MM) and scale > _SMALLEST:
            scale *= _STEP
            layout = self._laid_out(scale)
        return layout

    def _laid_out(self, scale: float) -> PaperLayout:
        found, words, width = PaperLayout(end=dots(MARGIN_MM)), self._words, dots(WIDTH_MM)
        found.add(words.place, paper_font(13 * scale), 0, width, GREY)
        found.end += dots(LINE_GAP_MM)
        found.add(words.title, paper_font(24 * scale, QFont.Weight.Bold), 0, width)
        found.add(words.summary, paper_font(12 * scale), 0, width)
        _rule(found)
        for line in words.facts:
            font = paper_font(8 * scale, is_code=True) if line.is_code else paper_font(10 * scale)
            row = ((line.name, paper_font(9 * scale), 0.0), (line.value, font, dots(NAMES_MM)))
            _add_row(found, row, scale)
        _rule(found)
        bold = paper_font(10 * scale, QFont.Weight.DemiBold)
        found.add(words.steps_title, bold, 0, width)
        found.end += dots(LINE_GAP_MM)
        small, code = paper_font(9 * scale), paper_font(6.5 * scale, is_code=True)
        for headline, state, took in words.steps:
            state_at, time_at = width - dots(_STATE_MM + _TIME_MM), width - dots(_TIME_MM)
            _add_row(found, ((headline, small, 0.0), (state, small, state_at), (took, small, time_at)), scale)
        if words.mints:
            _rule(found)
            found.add(words.mints_title, bold, 0, width)
            found.end += dots(LINE_GAP_MM)
        for tx_hash, tokens, gas in words.mints:
            tokens_at, gas_at = width - dots(_TOKENS_MM + _TIME_MM), width - dots(_TIME_MM)
            _add_row(found, ((tx_hash, code, 0.0), (tokens, small, tokens_at), (gas, small, gas_at)), scale)
        _rule(found)
        found.add(words.remark, paper_font(7.5 * scale), 0, width, GREY)
        return found


def print_report(words: ReportWords, target: Path) -> None:
    """Write the page as PDF: vectors and embedded letters. Blocks: not for the event loop.

    Raises UserError VALIDATION_FAILED (field "target") where the file cannot be written.
    """
    file = QFile(str(target))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly | QIODevice.OpenModeFlag.NewOnly):
        raise _not_written(target, file.errorString())
    writer = QPdfWriter(file)
    writer.setTitle(words.title)
    writer.setCreator(f"IPNFT Desktop {__version__}")
    writer.setResolution(DOTS_AN_INCH)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    painter = QPainter(writer)
    try:
        ReportPage(words).paint(painter)
    finally:
        painter.end()
        file.close()
    if file.error() is not QFileDevice.FileError.NoError:
        raise _not_written(target, file.errorString())


def _not_written(target: Path, reason: str) -> UserError:
    why = phrase("{name} cannot be written: {reason}", name=target.name, reason=reason)
    return UserError(ErrorCode.VALIDATION_FAILED, why, field="target")


def _rule(found: PaperLayout) -> None:
    found.end += dots(GAP_MM)
    found.rules.append(found.end)
    found.end += dots(LINE_GAP_MM * 2)


def _add_row(found: PaperLayout, cells: Sequence[tuple[str, QFont, float]], scale: float) -> None:
    """Cells beside each other, each as wide as the next one leaves room."""
    top = lowest = found.end
    ends = [left for _text, _font, left in cells[1:]] + [dots(WIDTH_MM)]
    for (text, font, left), end in zip(cells, ends, strict=True):
        found.end = top
        found.add(text, font, left, end - left - dots(LINE_GAP_MM))
        lowest = max(lowest, found.end)
    found.end = lowest + dots(LINE_GAP_MM) * scale


def _tr(text: str) -> str:
    return QCoreApplication.translate("SceneReport", text)
