"""Exhibits: what is said to the person, and what is asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.error_codes import ErrorCode
from ipnft_desktop.domain.errors import FieldProblem, IpnftError, ProblemKind, UserError
from ipnft_desktop.ui.playground import samples
from ipnft_desktop.ui.playground.exhibit import Exhibit, Forced, State
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Tone
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.notice_bar import NoticeBar
from ipnft_desktop.ui.widgets.password_field import PasswordField
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.toast import ToastStack


def exhibits() -> tuple[Exhibit, ...]:
    """In the order of the rail."""
    return (_toasts(), _empty(), _error(), _question(), _notice(), _form())


def _toasts() -> Exhibit:
    def several(stack: ToastStack) -> None:
        stack.show_toast("3 mints are on their way.", Tone.ACCENT, "Show", _nothing)
        stack.show_toast("Minted: Flexible solar cell", Tone.OK, "Open the card", _nothing)
        stack.show_toast("The disk is nearly full.", Tone.WARN)
        stack.show_toast("The node ended by itself.", Tone.ERROR, "Start", _nothing)

    def odd(stack: ToastStack) -> None:
        stack.show_toast(samples.LONG, Tone.ERROR)
        stack.show_toast(samples.CHINESE, Tone.ERROR, "打开", _nothing)
        stack.show_toast(samples.HOSTILE, Tone.ERROR)

    return Exhibit(
        "toast",
        "Toast",
        (
            State("every tone", lambda: _Notices(several)),
            State("long, Chinese, hostile", lambda: _Notices(odd)),
            State("right to left", lambda: _Notices(several), Forced.RIGHT_TO_LEFT),
        ),
    )


class _Notices(QWidget):
    """A part of a window with notices over it; they leave as always, and come again at a press."""

    def __init__(self, tell: Callable[[ToastStack], None]) -> None:
        super().__init__()
        again = SecondaryButton("Tell again")
        self._stack = ToastStack(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(again, 0, Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(DialogHeight.M)
        again.clicked.connect(self._stack.clear)
        again.clicked.connect(lambda: tell(self._stack))
        tell(self._stack)


def _nothing() -> None:
    pass


def _empty() -> Exhibit:
    return Exhibit(
        "empty-state",
        "Empty state",
        (
            State("with an action", lambda: EmptyState(Icon.INBOX, "No assets yet", "Register one.", "New asset")),
            State("without", lambda: EmptyState(Icon.SEARCH, "Nothing found", "No asset holds these words.")),
            State("signed out", lambda: SignedOut("The register is shown after that.")),
            State("no environment", lambda: NoEnvironment("The register is opened then.")),
            State("long", lambda: EmptyState(Icon.IMAGE, "No cards", samples.LONG, "Go to the register")),
            State("Chinese", lambda: EmptyState(Icon.IMAGE, "还没有卡片", samples.CHINESE, "前往登记册")),
            State("right to left", lambda: EmptyState(Icon.IMAGE, samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: EmptyState(Icon.IMAGE, "x", samples.HOSTILE)),
        ),
    )


def _error() -> Exhibit:
    def shown(error: IpnftError, *actions: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            panel = ErrorPanel()
            panel.show_error(error)
            for action in actions:
                panel.add_button(action)
            return panel

        return make

    def said(code: str, sentence: str, detail: str = "") -> QWidget:
        panel = ErrorPanel()
        panel.show_message(code, sentence, detail, (sentence,))
        return panel

    return Exhibit(
        "error-panel",
        "Error panel",
        (
            State("with actions", shown(IpnftError(ErrorCode.NODE_UNREACHABLE, "port 8545"), "Try again", "Doctor")),
            State("without", shown(IpnftError(ErrorCode.ASSET_NOT_FOUND))),
            State("long", lambda: said("INTERNAL_ERROR", samples.LONG, samples.ONE_WORD)),
            State("Chinese", lambda: said("VALIDATION_FAILED", samples.CHINESE)),
            State("right to left", lambda: said("X", samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: said("X", samples.HOSTILE, samples.HOSTILE)),
        ),
    )


def _question() -> Exhibit:
    def asked(question: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            bar = QuestionBar("Discard", "Keep editing")
            bar.setFocusProxy(bar.decline_button)
            bar.ask(question)
            return bar

        return make

    usual = asked("Discard what you entered?")
    return Exhibit(
        "question-bar",
        "Question bar",
        (
            State("normal", usual),
            State("focus", usual, Forced.FOCUS),
            State("disabled", usual, Forced.DISABLED),
            State("long", asked(samples.LONG)),
            State("Chinese", asked("放弃已输入的内容吗？")),
            State("right to left", asked(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", asked(samples.HOSTILE)),
        ),
    )


def _notice() -> Exhibit:
    def told(sentence: str, *, can_act: bool = True) -> Callable[[], QWidget]:
        def make() -> QWidget:
            bar = NoticeBar(Tone.ACCENT, "Withdraw")
            bar.setFocusProxy(bar.button)
            bar.tell(sentence, can_act=can_act)
            return bar

        return make

    usual = told("It waits for others since 12:00:20, asked for by Anna.")
    return Exhibit(
        "notice-bar",
        "Notice bar",
        (
            State("normal", usual),
            State("focus", usual, Forced.FOCUS),
            State("disabled", usual, Forced.DISABLED),
            State("without the action", told("Nobody can sign in yet.", can_act=False)),
            State("long", told(samples.LONG)),
            State("Chinese", told(samples.CHINESE)),
            State("right to left", told(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", told(samples.HOSTILE)),
        ),
    )


def _form() -> Exhibit:
    def shown(change: Callable[[FormDialog], object] = _as_it_is) -> Callable[[], QWidget]:
        def make() -> QWidget:
            dialog = FormDialog(Icon.USER, "New person", "Signs in with this name from now on.", "Add")
            dialog.add_field("name", FormField("Name *", QLineEdit("ada"), "Small letters, digits, dots."))
            dialog.add_field("password", FormField("Password *", PasswordField()))
            # Inside the page: as a window of its own it would stand elsewhere.
            dialog.setWindowFlags(Qt.WindowType.Widget)
            change(dialog)
            return dialog

        return make

    problem = FieldProblem("name", ProblemKind.TOO_SHORT, "3")
    return Exhibit(
        "form-dialog",
        "Form dialog",
        (
            State("normal", shown()),
            State("focus", shown(), Forced.FOCUS),
            State("refused beside a field", shown(lambda dialog: dialog.show_problems((problem,)))),
            State("refused", shown(lambda dialog: dialog.show_refusal(UserError(ErrorCode.ASSET_NOT_FOUND)))),
            State("on its way", shown(lambda dialog: dialog.set_busy(True))),
            State("asks before it closes", shown(lambda dialog: dialog.question.ask("Discard what you entered?"))),
        ),
        width_px=DialogWidth.XL,
    )


def _as_it_is(_dialog: FormDialog) -> None:
    pass
