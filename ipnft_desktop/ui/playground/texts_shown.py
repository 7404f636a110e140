"""Exhibits: text, tags, marks, figures."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.playground import samples
from ipnft_desktop.ui.playground.exhibit import Exhibit, Forced, State
from ipnft_desktop.ui.playground.together import row
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.address_label import AddressLabel
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, IconLabel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.marked_text import MarkedText
from ipnft_desktop.ui.widgets.stage_list import StageMark, StageState
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


def exhibits() -> tuple[Exhibit, ...]:
    """In the order of the rail."""
    return (_text(), _elided(), _marked(), _tag(), _copyable(), _address(), _icon(), _figure(), _head())


def _text() -> Exhibit:
    sizes = tuple(
        State(f"{size.name.lower()}, {size.value} px", lambda size=size: Text("Register 0123456789", size))
        for size in TextSize
    )
    return Exhibit(
        "text",
        "Text",
        (
            *sizes,
            *(
                State(weight.name.lower(), lambda weight=weight: Text("海山行 Seamount 1,024", weight=weight))
                for weight in Weight
            ),
            State("inks", lambda: row(*(Text(ink.value, ink=ink) for ink in Ink if ink not in _UNREADABLE))),
            State("monospaced", lambda: Text(samples.ADDRESS, TextSize.CAPTION, mono=True)),
            State("long word, wrapped", lambda: Text(samples.ONE_WORD, wrap=True)),
            State("long, wrapped", lambda: Text(samples.LONG, wrap=True)),
            State("Chinese, wrapped", lambda: Text(samples.CHINESE * 2, wrap=True)),
            State("right to left", lambda: Text(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: Text(samples.HOSTILE, wrap=True)),
            State("disabled", lambda: Text("Not now"), Forced.DISABLED),
        ),
    )


def _marked() -> Exhibit:
    return Exhibit(
        "marked-text",
        "Marked text",
        (
            State("nothing marked", lambda: MarkedText("Port of the node")),
            State("a word", lambda: _with_marks("Port of the node", "node")),
            State("within words, wrapped", lambda: _with_marks(samples.LONG, "a", "er")),
            State("Chinese", lambda: _with_marks(samples.CHINESE, samples.CHINESE[1:3])),
            State("hostile", lambda: _with_marks(samples.HOSTILE, "b")),
        ),
    )


def _with_marks(text: str, *words: str) -> MarkedText:
    made = MarkedText(text, wrap=True)
    made.mark(words)
    return made


def _elided() -> Exhibit:
    return Exhibit(
        "elided-label",
        "Elided label",
        (
            State("fits", lambda: ElidedLabel("Flexible solar cell")),
            State("long", lambda: ElidedLabel(samples.LONG)),
            State("one word", lambda: ElidedLabel(samples.ONE_WORD, weight=Weight.SEMIBOLD)),
            State("Chinese", lambda: ElidedLabel(samples.CHINESE * 2)),
            State("right to left", lambda: ElidedLabel(samples.RIGHT_TO_LEFT * 4), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: ElidedLabel(samples.HOSTILE)),
            State("disabled", lambda: ElidedLabel(samples.LONG), Forced.DISABLED),
        ),
    )


def _tag() -> Exhibit:
    return Exhibit(
        "status-tag",
        "Status tag",
        (
            *(State(tone.value, lambda tone=tone: row(StatusTag(tone.name, tone))) for tone in Tone),
            State("states of assets", lambda: row(StatusTag("MINTED", Tone.OK), StatusTag("MINT_FAILED", Tone.ERROR))),
            State("Chinese", lambda: row(StatusTag("已铸造", Tone.OK), StatusTag("等待确认", Tone.ACCENT))),
            State("long", lambda: row(StatusTag("WAITING FOR CONFIRMATIONS 3/6", Tone.WARN))),
            State("hostile", lambda: row(StatusTag("OK\u202eKO", Tone.ERROR))),
            State("disabled", lambda: row(StatusTag("DRAFT")), Forced.DISABLED),
        ),
    )


def _copyable() -> Exhibit:
    def shown() -> QWidget:
        return row(CopyableText(samples.HASH, "Transaction hash"))

    return Exhibit(
        "copyable-text",
        "Copyable hash",
        (
            State("normal", shown),
            State("hover", shown, Forced.HOVER),
            State("focus", shown, Forced.FOCUS),
            State("disabled", shown, Forced.DISABLED),
            State("quiet", lambda: row(CopyableText(samples.CID, "CID", quiet=True))),
            State("in full", lambda: row(CopyableText(samples.ADDRESS, "Address", short=samples.ADDRESS))),
            State("short text", lambda: row(CopyableText("31337", "Chain id"))),
            State("empty", lambda: row(CopyableText("", "Nothing"))),
            State("body size", lambda: row(CopyableText(samples.HASH, "Hash", size=TextSize.BODY))),
            State("hostile", lambda: row(CopyableText("a&b\u202e<i>", "Hostile"))),
        ),
    )


def _address() -> Exhibit:
    def shown(label: str = "Helios vault") -> QWidget:
        return AddressLabel(samples.ADDRESS, label, name="Owner")

    return Exhibit(
        "address-label",
        "Address with label",
        (
            State("normal", shown),
            State("hover", shown, Forced.HOVER),
            State("focus", shown, Forced.FOCUS),
            State("disabled", shown, Forced.DISABLED),
            State("a stranger", lambda: shown("")),
            State("long label", lambda: shown(samples.LONG)),
            State("Chinese", lambda: shown("海山行知识产权有限公司的保险库钱包，备用")),
            State("right to left", lambda: shown(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: shown(samples.HOSTILE)),
        ),
    )


def _icon() -> Exhibit:
    def marks() -> QWidget:
        shown = [StageMark() for _ in StageState]
        for mark, state in zip(shown, StageState, strict=True):
            mark.set_state(state)
        return row(*shown)

    icons = tuple(Icon)
    lines = tuple(icons[at : at + 10] for at in range(0, len(icons), 10))
    return Exhibit(
        "icons",
        "Icons and marks",
        (
            *(
                State(f"icons {at}", lambda line=line: row(*(IconLabel(icon) for icon in line)))
                for at, line in enumerate(lines, 1)
            ),
            State("inks", lambda: row(*(IconLabel(Icon.INFO, ink) for ink in Ink if ink not in _UNREADABLE))),
            State("sizes", lambda: row(*(IconLabel(Icon.KEY, size_px=size) for size in _ICON_SIZES))),
            State("marks of stages", marks),
        ),
    )


_UNREADABLE = (Ink.ON_ACCENT, Ink.FAINT)
_ICON_SIZES = (Size.ICON_SMALL, Size.ICON, Size.ICON_RAIL, Size.ICON_PLACEHOLDER, Size.ICON_EMPTY)


def _figure() -> Exhibit:
    def toned() -> QWidget:
        figure = Figure("Success rate")
        figure.set_value("82 %", "last hour", Ink.ERROR)
        return figure

    return Exhibit(
        "figure",
        "Figure",
        (
            State("normal", lambda: Figure("Gas limit", "76,324")),
            State("with detail", lambda: Figure("Fee at most", "0.000076 ETH", "1.00 gwei a gas")),
            State("large", lambda: Figure("Elapsed", "12.4 s", large=True)),
            State("nothing yet", lambda: Figure("Block")),
            State("in an ink", toned),
            State("long", lambda: Figure("Licence", samples.LONG, samples.LONG)),
            State("Chinese", lambda: Figure("燃料上限", "76,324", samples.CHINESE)),
            State("hostile", lambda: Figure("Name", samples.HOSTILE)),
        ),
    )


def _head() -> Exhibit:
    return Exhibit(
        "dialog-head",
        "Head of a dialog",
        (
            State(
                "normal",
                lambda: DialogHead(Icon.LOCK_OPEN, "Unlock the key", "Minting needs the key until it is idle."),
            ),
            State("long", lambda: DialogHead(Icon.BOX, samples.LONG, samples.LONG)),
            State("Chinese", lambda: DialogHead(Icon.KEY, "解锁密钥", samples.CHINESE)),
            State(
                "right to left",
                lambda: DialogHead(Icon.KEY, samples.RIGHT_TO_LEFT, samples.RIGHT_TO_LEFT),
                Forced.RIGHT_TO_LEFT,
            ),
            State("hostile", lambda: DialogHead(Icon.KEY, samples.HOSTILE, samples.HOSTILE)),
        ),
    )
