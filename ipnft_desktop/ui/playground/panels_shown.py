"""Exhibits: what panels are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.restore_preview import Difference
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.playground import samples
from ipnft_desktop.ui.playground.exhibit import Exhibit, Forced, State
from ipnft_desktop.ui.playground.together import column
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Size, TextSize, Tone
from ipnft_desktop.ui.widgets.attachment_list import AttachmentList
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card, Rule
from ipnft_desktop.ui.widgets.difference_list import DifferenceList
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.picture_box import PictureBox
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.qr_code import QrCode
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.side_panel import SidePanel
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageList, StageState
from ipnft_desktop.ui.widgets.text import Text

_HALF_WAY = 40
_DONE = 100
_SHOWN_ROWS = 4


def exhibits() -> tuple[Exhibit, ...]:
    """In the order of the rail."""
    return (
        *(_card(), _side_panel(), _facts(), _stages(), _progress(), _work(), _differences(), _picture()),
        *(_qr_code(), _attachments(), _table()),
    )


def _card() -> Exhibit:
    def filled(card: Card) -> QWidget:
        card.body.addWidget(Text("Above the line"))
        card.body.addWidget(Rule())
        card.body.addWidget(Text(samples.LONG, wrap=True))
        return card

    def scrolling() -> QWidget:
        scroll = ScrollingColumn()
        for _ in range(_SHOWN_ROWS):
            scroll.column.addWidget(filled(Card()))
        scroll.setFixedHeight(Size.PICTURE)
        return scroll

    return Exhibit(
        "card",
        "Card, rule and scrolling column",
        (
            State("normal", lambda: filled(Card())),
            State("flush, for tables", lambda: filled(Card(flush=True))),
            State("a column that scrolls", scrolling),
        ),
    )


def _side_panel() -> Exhibit:
    def shown(*texts: str) -> QWidget:
        panel = SidePanel(EmptyState(Icon.INBOX, "Nothing selected", "Select an asset to see all about it."))
        panel.setFixedHeight(2 * Size.PICTURE)
        panel.fill(Text("Flexible solar cell", TextSize.LEAD), *(Text(text, wrap=True) for text in texts))
        panel.buttons.addWidget(PrimaryButton("Mint"), 1)
        panel.buttons.addWidget(SecondaryButton("Edit"))
        panel.show_filled(bool(texts))
        return panel

    return Exhibit(
        "side-panel",
        "Panel beside a list",
        (
            State("normal", lambda: shown("A patent of 2019.")),
            State("nothing is chosen", shown),
            State("focus", lambda: shown("A patent of 2019."), Forced.FOCUS),
            State("scrolls", lambda: shown(*(samples.LONG,) * 3)),
            State("Chinese", lambda: shown(samples.CHINESE)),
            State("right to left", lambda: shown(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: shown(samples.HOSTILE)),
        ),
        width_px=DialogWidth.M,
    )


def _facts() -> Exhibit:
    usual = (
        Fact("Owner", shorten(samples.ADDRESS), copy=samples.ADDRESS, lead="Helios vault"),
        Fact("Transaction", shorten(samples.HASH), copy=samples.HASH),
        Fact("Block", "1,024", note="12 confirmations"),
        Fact("Gas used", "76,324", copy="76324", note="of 80,000"),
    )

    def shown(*facts: Fact) -> QWidget:
        panel = KeyValuePanel()
        panel.set_facts(facts)
        return panel

    return Exhibit(
        "key-value-panel",
        "Key-value panel",
        (
            State("normal", lambda: shown(*usual)),
            State("hover", lambda: shown(*usual), Forced.HOVER),
            State("focus", lambda: shown(*usual), Forced.FOCUS),
            State("disabled", lambda: shown(*usual), Forced.DISABLED),
            State(
                "long", lambda: shown(Fact("Licence", samples.LONG), Fact("A name that is longer", samples.ONE_WORD))
            ),
            State("Chinese", lambda: shown(Fact("许可条款", samples.CHINESE), Fact("所有者", samples.CHINESE))),
            State("right to left", lambda: shown(*usual), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: shown(Fact("Name", samples.HOSTILE), Fact(samples.HOSTILE, "x", note="y"))),
        ),
    )


def _stages() -> Exhibit:
    usual = (
        StageItem("a", "Preflight", "Versions, disk, ports", StageState.DONE, "0.04 s"),
        StageItem("b", "Start the node", "Hardhat, chain 31337", StageState.RUNNING, "1.2 s"),
        StageItem("c", "Contract", "is deployed", StageState.WAITING),
    )

    def shown(*items: StageItem) -> QWidget:
        stages = StageList()
        stages.set_stages(items)
        return stages

    def explained() -> QWidget:
        stages = StageList()
        stages.set_stages((StageItem("a", "Start the node", "ended", StageState.FAILED, "3.0 s"),))
        stages.attach("a", Text("The port 8545 is taken by another program.", wrap=True))
        return stages

    return Exhibit(
        "stage-list",
        "Stage list",
        (
            State("normal", lambda: shown(*usual)),
            State("failed, explained", explained),
            State("long", lambda: shown(StageItem("a", samples.LONG, samples.LONG, StageState.DONE, "1,203.45 s"))),
            State("Chinese", lambda: shown(StageItem("a", "启动节点", samples.CHINESE, StageState.RUNNING))),
            State("right to left", lambda: shown(*usual), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: shown(StageItem("a", samples.HOSTILE, samples.HOSTILE))),
        ),
    )


def _progress() -> Exhibit:
    def at(percent: int, tone: Tone = Tone.ACCENT) -> QWidget:
        bar = ProgressBar("Progress")
        bar.setValue(percent)
        bar.set_tone(tone)
        return bar

    return Exhibit(
        "progress-bar",
        "Progress bar",
        (
            State("nothing yet", lambda: at(0)),
            State("begun", lambda: at(1)),
            State("on the way", lambda: at(_HALF_WAY)),
            State("done", lambda: at(_DONE, Tone.OK)),
            State("failed", lambda: at(_HALF_WAY, Tone.ERROR)),
            State("waits", lambda: at(_HALF_WAY, Tone.WARN)),
            State("right to left", lambda: at(_HALF_WAY), Forced.RIGHT_TO_LEFT),
        ),
    )


def _work() -> Exhibit:
    def shown(what: str, share: float) -> QWidget:
        panel = ProgressPanel()
        panel.begin(what)
        panel.show_share(share)
        return panel

    return Exhibit(
        "progress-panel",
        "Progress of long work",
        (
            State("begun", lambda: shown("Copying…", 0.0)),
            State("on the way", lambda: shown("Copying…", _HALF_WAY / _DONE)),
            State("long", lambda: shown(samples.LONG, _HALF_WAY / _DONE)),
            State("Chinese", lambda: shown(samples.CHINESE, _HALF_WAY / _DONE)),
        ),
    )


def _differences() -> Exhibit:
    def shown(*names: str) -> QWidget:
        listed = DifferenceList()
        listed.add_difference("Assets", Difference(disappearing=len(names) + 1, first_disappearing=names))
        listed.add_lines("Mints", ("3 mints are undone.",))
        return listed

    return Exhibit(
        "difference-list",
        "What would change",
        (
            State("normal", lambda: shown("Rotor", "Stator")),
            State("empty", DifferenceList),
            State("long", lambda: shown(samples.LONG, samples.LONG)),
            State("Chinese", lambda: shown(samples.CHINESE)),
            State("hostile", lambda: shown(samples.HOSTILE)),
        ),
    )


def _qr_code() -> Exhibit:
    def shown(text: str) -> QWidget:
        code = QrCode("Address as a QR code")
        code.show_text(text)
        return code

    return Exhibit(
        "qr-code",
        "QR code",
        (
            State("address", lambda: shown(samples.ADDRESS)),
            State("long", lambda: shown(samples.HASH * 4)),
            State("empty", lambda: shown("")),
        ),
    )


def _picture() -> Exhibit:
    def shown(size: QSize, cid: str | None) -> QWidget:
        box = PictureBox(size)
        box.use_store(samples.SamplePictures())
        box.set_picture(cid, "A sunset")
        return box

    return Exhibit(
        "picture-box",
        "Picture box",
        (
            State("picture", lambda: shown(QSize(0, Size.PICTURE), samples.CID)),
            State("none", lambda: shown(QSize(0, Size.PICTURE), None)),
            State("thumbnail", lambda: shown(QSize(Size.RAIL, Size.THUMBNAIL), samples.CID)),
            State("thumbnail, none", lambda: shown(QSize(Size.RAIL, Size.THUMBNAIL), None)),
        ),
    )


def _attachments() -> Exhibit:
    usual = (
        samples.attachment(1, "specification.pdf", 1_240_000),
        samples.attachment(2, "recipe.docx", 88_000, confidential=True),
    )
    odd = (
        samples.attachment(3, samples.ONE_WORD + ".pdf", 12),
        samples.attachment(4, "许可协议（最终版）.pdf", 2_400_000_000),
        samples.attachment(5, samples.HOSTILE, 1),
    )

    def shown(*files: object, can_preview: bool = True) -> QWidget:
        listed = AttachmentList(can_preview=can_preview)
        listed.show_attachments(tuple(file for file in (*usual, *odd) if file in files))
        return listed

    return Exhibit(
        "attachment-list",
        "Attachment list",
        (
            State("normal", lambda: shown(*usual)),
            State("hover", lambda: shown(*usual), Forced.HOVER),
            State("focus", lambda: shown(*usual), Forced.FOCUS),
            State("without a look", lambda: shown(*usual, can_preview=False)),
            State("long, Chinese, hostile", lambda: shown(*odd)),
            State("right to left", lambda: shown(*usual), Forced.RIGHT_TO_LEFT),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Wallet:
    label: str
    address: str
    tokens: int
    tone: Tone


_WALLETS = (
    _Wallet("Helios vault", samples.ADDRESS, 1_024, Tone.OK),
    _Wallet("海山行知识产权有限公司", samples.OTHER_ADDRESS, 0, Tone.NEUTRAL),
    _Wallet(samples.LONG, samples.ADDRESS, 12, Tone.WARN),
    _Wallet(samples.HOSTILE, samples.OTHER_ADDRESS, 7, Tone.ERROR),
)


def _columns() -> tuple[RecordColumn[_Wallet], ...]:
    return (
        RecordColumn("Label", lambda wallet: wallet.label),
        RecordColumn("Address", lambda wallet: shorten(wallet.address), ColumnWidth.L, is_mono=True),
        RecordColumn(
            "Tokens", lambda wallet: f"{wallet.tokens:,}", ColumnWidth.M, lambda wallet: wallet.tokens, is_number=True
        ),
        RecordColumn("State", lambda wallet: wallet.tone.name, ColumnWidth.L, tone=lambda wallet: wallet.tone),
    )


def _table() -> Exhibit:
    def shown(wallets: Sequence[_Wallet], *, marked: bool = False) -> QWidget:
        table = RecordTable("Wallets", _columns(), lambda wallet: wallet.label, lambda wallet: wallet.label)
        table.show_records(wallets)
        table.setCurrentIndex(table.records.index(1, 0) if marked else QModelIndex())
        table.setFixedHeight(Size.TABLE_HEADER + _SHOWN_ROWS * Size.TABLE_ROW)
        card = Card(flush=True)
        card.body.addWidget(table)
        card.setFocusProxy(table)
        return card

    return Exhibit(
        "record-table",
        "Record table",
        (
            State("normal", lambda: shown(_WALLETS)),
            State("a row in focus", lambda: shown(_WALLETS, marked=True), Forced.FOCUS),
            State("empty", lambda: shown(())),
            State("disabled", lambda: shown(_WALLETS), Forced.DISABLED),
            State("two lists", lambda: column(shown(_WALLETS[:1]), shown(_WALLETS[1:2]))),
        ),
        width_px=DialogWidth.XL,
    )
