"""The reusable parts: what they say, what they let through, and what they never do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.ui.theme.icons import Icon, bind_icon, icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import DARK, LIGHT, Ink, Size, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton, PrimaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox, paint_check
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.inputs import FormField, SearchField, Select
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten, visible
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageList, StageState
from ipnft_desktop.ui.widgets.status_tag import StatusTag, paint_tag, tag_width
from ipnft_desktop.ui.widgets.table import style_table
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text
from ipnft_desktop.ui.widgets.toast import ToastStack

ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
RIGHT_TO_LEFT_OVERRIDE = "\u202e"


# --- text from outside -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ascii", "plain ascii"),
        ("《山海行》原创配乐", "《山海行》原创配乐"),
        (f"pdf{RIGHT_TO_LEFT_OVERRIDE}exe", "pdf⟨U+202E⟩exe"),
        ("nul\x00byte", "nul⟨U+0000⟩byte"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("two\nlines", "two\nlines"),
        ("family 👨\u200d👩", "family 👨\u200d👩"),
    ],
)
def test_what_could_mislead_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_tooltip_shows_markup_literally() -> None:
    assert plain_tooltip('<img src="file:///etc/passwd">') == "<qt>&lt;img src=&quot;file:///etc/passwd&quot;&gt;</qt>"
    assert plain_tooltip("") == ""
    assert plain_tooltip("two\nlines") == "<qt>two<br>lines</qt>"


@pytest.mark.parametrize(("text", "short"), [(ADDRESS, "0x7099…79C8"), ("0x12345678", "0x12345678"), ("", "")])
def test_shorten_keeps_head_and_tail(text: str, short: str) -> None:
    assert shorten(text) == short


def test_text_is_never_rich(qtbot: QtBot) -> None:
    label = Text("<b>bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    label.setText(f"a{RIGHT_TO_LEFT_OVERRIDE}b")
    assert label.text() == "a⟨U+202E⟩b"


def test_every_label_of_every_part_is_plain_text(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    parts: list[QWidget] = [
        Figure("<i>label</i>", "<b>1</b>"),
        EmptyState(Icon.INBOX, "<b>title</b>", "<i>x</i>"),
        ErrorPanel(),
        FormField("<b>Name</b>", QLineEdit()),
        Page("<b>Title</b>"),
    ]
    for part in parts:
        part.setParent(host)
    labels = host.findChildren(QLabel)
    assert len(labels) > len(parts)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_elided_label_tells_on_hover_what_is_cut_off(qtbot: QtBot) -> None:
    label = ElidedLabel("A rather long name of an asset & its <b>mark-up</b>")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert "&lt;b&gt;" in label.toolTip()
    label.resize(900, 20)
    assert label.toolTip() == ""


def test_phrase_is_said_with_its_values() -> None:
    assert say(phrase("{count} assets", count=24)) == "24 assets"


# --- tags, figures, progress -------------------------------------------------------------------------------------


def test_tag_is_as_wide_as_its_word_and_named(qtbot: QtBot) -> None:
    tag = StatusTag("DRAFT")
    qtbot.addWidget(tag)
    narrow = tag.sizeHint().width()
    tag.set_state("MINT_CANCELLED", Tone.WARN)
    assert tag.sizeHint().width() > narrow
    assert tag.accessibleName() == "MINT_CANCELLED"


def test_painted_tag_stays_in_its_bounds_and_wears_its_tone(qapp: QApplication) -> None:
    image = QImage(60, 30, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    taken = paint_tag(painter, QRectF(0, 0, 40, 30), "MINT_FAILED", Tone.ERROR)
    painter.end()
    assert taken.width() == 40 < tag_width("MINT_FAILED")
    assert image.pixelColor(5, 15).name() == LIGHT.error_soft
    assert image.pixelColor(50, 15).name() == "#000000"


def test_progress_fills_its_share(qtbot: QtBot) -> None:
    bar = ProgressBar("Mint")
    qtbot.addWidget(bar)
    bar.resize(200, 6)
    bar.setValue(50)
    bar.set_tone(Tone.OK)
    image = bar.grab().toImage()
    assert image.pixelColor(60, 3).name() == LIGHT.ok
    assert image.pixelColor(140, 3).name() == LIGHT.line


def test_figure_tells_its_value_to_screen_readers(qtbot: QtBot) -> None:
    figure = Figure("Gas limit")
    qtbot.addWidget(figure)
    figure.set_value("76,324", "per token", Ink.OK)
    assert figure.value == "76,324"
    assert figure.accessibleName() == "Gas limit: 76,324 per token"


def test_check_is_drawn_in_accent_when_set(qapp: QApplication) -> None:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_check(painter, QPointF(0, 0), checked=True)
    painter.end()
    assert image.pixelColor(4, 4).name() == LIGHT.accent


def test_check_box_answers_a_click_on_its_text(qtbot: QtBot) -> None:
    box = CheckBox("Start with the program")
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    box.show()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 4, box.height() // 2))
    assert box.isChecked()


# --- copying -----------------------------------------------------------------------------------------------------


def test_copyable_text_shows_short_and_copies_full(qtbot: QtBot) -> None:
    text = CopyableText(ADDRESS, "Owner")
    qtbot.addWidget(text)
    assert text.text() == "0x7099…79C8"
    assert ADDRESS in text.toolTip()
    assert text.accessibleName() == f"Owner: {ADDRESS}"
    with qtbot.waitSignal(text.copied) as copied:
        qtbot.keyClick(text, Qt.Key.Key_Space)
    assert copied.args == [ADDRESS]
    assert QGuiApplication.clipboard().text() == ADDRESS


def test_copyable_text_keeps_an_ampersand(qtbot: QtBot) -> None:
    text = CopyableText("a&b")
    qtbot.addWidget(text)
    assert text.text() == "a&&b"
    assert text.value == "a&b"


def test_facts_are_rebuilt_only_when_they_differ(qtbot: QtBot) -> None:
    panel = KeyValuePanel()
    qtbot.addWidget(panel)
    facts = (Fact("Block", "#149"), Fact("Owner", "0x7099…79C8", copy=ADDRESS, note="Helios"))
    panel.set_facts(facts)
    before = panel.findChildren(QLabel)
    panel.set_facts(facts)
    assert panel.findChildren(QLabel) == before
    with qtbot.waitSignal(panel.copied) as copied:
        panel.findChildren(CopyableText)[0].click()
    assert copied.args == [ADDRESS]
    panel.set_facts(())
    assert panel.facts == ()


def test_facts_of_one_kind_share_their_widgets_and_tab_goes_from_the_top(qtbot: QtBot) -> None:
    panel = KeyValuePanel()
    qtbot.addWidget(panel)
    panel.show()

    def shown() -> list[CopyableText]:
        return sorted((one for one in panel.findChildren(CopyableText) if one.isVisible()), key=lambda one: one.y())

    owner, page = Fact("Owner", "0x7099…79C8", copy=ADDRESS), Fact("Page", "here", copy="https://example.org/1")
    panel.set_facts((owner, Fact("Token", "–"), page))
    qtbot.waitUntil(lambda: len(shown()) == 2)
    first, last = shown()

    panel.set_facts((owner, Fact("Token", "1", copy="12"), replace(page, value="there", copy="https://example.org/2")))
    qtbot.waitUntil(lambda: len(shown()) == 3)  # Qt shows what is new a turn later
    top, token, bottom = shown()
    assert (top, bottom) == (first, last)
    assert [(one.value, one.text()) for one in (token, last)] == [("12", "1"), ("https://example.org/2", "there")]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert panel.focusWidget() is token

    panel.set_facts((owner, Fact("Token", "–")))
    assert shown() == [first]
    panel.set_facts((owner, Fact("Token", "2", copy="22")))
    assert [one.value for one in shown()] == [ADDRESS, "22"]


# --- stages and errors -------------------------------------------------------------------------------------------


def test_stages_keep_their_rows_and_tell_their_state(qtbot: QtBot) -> None:
    stages = StageList()
    qtbot.addWidget(stages)
    stages.set_stages((StageItem("a", "Preparing"), StageItem("b", "Submitting")))
    rows = [row for row in stages.children() if isinstance(row, QWidget)]
    stages.set_stage(StageItem("a", "Preparing", "stored", StageState.DONE, "0.04 s"))
    assert [row for row in stages.children() if isinstance(row, QWidget)] == rows
    assert rows[0].accessibleName() == "Preparing, done, stored, 0.04 s"
    assert stages.items[0].state is StageState.DONE
    with pytest.raises(KeyError):
        stages.set_stage(StageItem("c", "Unknown"))


@pytest.mark.parametrize("state", list(StageState))
def test_each_state_has_its_own_mark(qtbot: QtBot, state: StageState) -> None:
    def picture(shown: StageState) -> QImage:
        stages = StageList()
        qtbot.addWidget(stages)
        stages.set_stages((StageItem("a", "", "", shown),))
        stages.resize(200, 60)
        return stages.grab().toImage()

    assert all(picture(state) != picture(other) for other in StageState if other is not state)


def test_error_panel_says_what_happened_and_what_to_do(qtbot: QtBot) -> None:
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    retry = panel.add_button("Retry")
    assert panel.isHidden()
    error = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no answer at 127.0.0.1")
    panel.show_error(error)
    words = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert panel.code == "NODE_UNREACHABLE"
    assert error.entry.message_en in words
    assert "no answer at 127.0.0.1" in words
    assert all(solution in words for solution in error.entry.solutions_en)
    assert retry.isVisible()
    panel.clear()
    assert panel.isHidden()


# --- inputs ------------------------------------------------------------------------------------------------------


def test_form_field_stands_beside_its_error(qtbot: QtBot) -> None:
    field = FormField("Recipient", QLineEdit(), "An address or a label")
    qtbot.addWidget(field)
    field.set_error("At most 42 characters.")
    assert field.error == "At most 42 characters."
    assert field.editor.accessibleDescription() == "At most 42 characters."
    field.set_error("")
    assert field.error == ""
    assert field.editor.property("invalid") is False


def test_search_is_asked_once_for_quick_typing_and_at_once_by_enter(qtbot: QtBot) -> None:
    field = SearchField("Search")
    qtbot.addWidget(field)
    asked: list[str] = []
    field.search_requested.connect(asked.append)
    with qtbot.waitSignal(field.search_requested):
        qtbot.keyClicks(field, "chip")
    assert asked == ["chip"]
    qtbot.keyClicks(field, "s")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == ["chip", "chips"]


def test_select_is_named_and_draws_its_arrow(qtbot: QtBot) -> None:
    select = Select("Status")
    qtbot.addWidget(select)
    select.addItems(["All", "DRAFT"])
    select.resize(140, Size.CONTROL)
    image = select.grab().toImage()
    drawn = {image.pixelColor(x, y).name() for x in range(115, 132) for y in range(8, 26)}
    assert select.accessibleName() == "Status"
    assert LIGHT.muted in drawn


def test_buttons_are_as_high_as_inputs(qtbot: QtBot) -> None:
    button, field = PrimaryButton("Mint"), QLineEdit()
    for widget in (button, field):
        qtbot.addWidget(widget)
        theme().dress(widget)
        widget.ensurePolished()
    assert button.sizeHint().height() == field.sizeHint().height() == Size.CONTROL


def test_icon_button_has_a_name(qtbot: QtBot) -> None:
    button = IconButton(Icon.COPY, "Copy the log")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Copy the log"


def test_replaced_icon_does_not_come_back_with_the_theme(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    # Told of the switch before the first icon is, as the owner of a button always is.
    theme().changed.connect(lambda: bind_icon(button, Icon.SUN), Qt.ConnectionType.SingleShotConnection)
    bind_icon(button, Icon.MOON)
    theme().set_dark(True)
    theme().finish()
    assert button.icon().pixmap(16, 16).toImage() == icon_pixmap(Icon.SUN).toImage()


def test_empty_state_offers_its_action(qtbot: QtBot) -> None:
    empty = EmptyState(Icon.INBOX, "No assets yet", "Register one.", "New asset")
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.action_requested):
        empty.button.click()
    silent = EmptyState(Icon.INBOX, "Nothing")
    qtbot.addWidget(silent)
    assert silent.button.isHidden()


def test_table_has_the_house_look(qtbot: QtBot) -> None:
    card = Card(flush=True)
    qtbot.addWidget(card)
    view = QTableView()
    style_table(view)
    card.body.addWidget(view)
    assert view.verticalHeader().defaultSectionSize() == Size.TABLE_ROW
    assert view.horizontalHeader().height() == Size.TABLE_HEADER
    assert not view.showGrid()


# --- notices -----------------------------------------------------------------------------------------------------


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 600)
    widget.show()
    yield widget
    for stack in widget.findChildren(ToastStack):
        stack.clear()


def test_notice_takes_no_focus_and_stays_in_the_corner(qtbot: QtBot, host: QWidget) -> None:
    field = QLineEdit(host)
    field.show()
    field.setFocus()
    toasts = ToastStack(host)
    toasts.show_toast("Minted", Tone.OK)
    assert host.focusWidget() is field
    assert all(button.focusPolicy() is Qt.FocusPolicy.NoFocus for button in toasts.findChildren(QPushButton))
    host.resize(1000, 700)
    right, bottom = host.width() - toasts.geometry().right(), host.height() - toasts.geometry().bottom()
    assert (right, bottom) == (17, 17)


def test_notices_keep_over_their_ground_wherever_it_moves(qtbot: QtBot, host: QWidget) -> None:
    ground = QWidget(host)
    ground.setGeometry(0, 0, 500, 400)
    ground.show()
    toasts = ToastStack(host)
    toasts.show_toast("Minted", Tone.OK)
    toasts.stand_over(ground)
    assert toasts.geometry().bottomRight() == QPoint(483, 383)
    ground.setGeometry(10, 20, 400, 300)
    assert toasts.geometry().bottomRight() == QPoint(393, 303)
    other = QWidget(host)
    toasts.stand_over(other)
    here = toasts.pos()
    ground.setGeometry(0, 0, 500, 400)
    assert toasts.pos() == here


def test_notice_runs_its_action_once_and_goes(qtbot: QtBot, host: QWidget) -> None:
    toasts = ToastStack(host)
    done: list[str] = []
    toasts.show_toast("Minted", Tone.OK, "Open", lambda: done.append("opened"))
    next(button for button in toasts.findChildren(QPushButton) if button.text() == "Open").click()
    assert done == ["opened"]
    assert toasts.texts == ()
    assert toasts.isHidden()


def test_only_the_latest_notices_are_kept(qtbot: QtBot, host: QWidget) -> None:
    toasts = ToastStack(host)
    for number in range(6):
        toasts.show_toast(f"notice {number}", Tone.ERROR)
    assert toasts.texts == ("notice 2", "notice 3", "notice 4", "notice 5")


def test_text_sizes_reach_the_font(qtbot: QtBot) -> None:
    title = Text("Register", TextSize.TITLE, Weight.BOLD)
    qtbot.addWidget(title)
    assert title.font().pixelSize() == 19
    assert title.font().weight() == 700


def test_ink_follows_the_theme(qtbot: QtBot) -> None:
    label = Text("██", ink=Ink.ERROR)
    qtbot.addWidget(label)
    theme().dress(label)

    def colours() -> set[str]:
        image = label.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    assert LIGHT.error in colours()
    theme().set_dark(True)
    theme().finish()
    assert DARK.error in colours()
