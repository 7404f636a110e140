"""Exhibits: buttons, menus and everything that is typed into or ticked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QWidget

from ipnft_desktop.ui.playground import samples
from ipnft_desktop.ui.playground.exhibit import Exhibit, Forced, State
from ipnft_desktop.ui.playground.together import row
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.address_field import AddressField
from ipnft_desktop.ui.widgets.buttons import (
    Button,
    ChipButton,
    DangerButton,
    IconButton,
    LinkButton,
    PrimaryButton,
    SecondaryButton,
)
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.choice_list import ChoiceList
from ipnft_desktop.ui.widgets.inputs import FormField, SearchField, Select
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.menu_line import add_line
from ipnft_desktop.ui.widgets.password_field import PasswordField
from ipnft_desktop.ui.widgets.reason_form import ReasonForm

_REASON_CHARS = 500


def exhibits() -> tuple[Exhibit, ...]:
    """In the order of the rail."""
    return (
        _button("primary-button", "Primary button", PrimaryButton, "Mint", Icon.STAMP),
        _button("secondary-button", "Secondary button", SecondaryButton, "Columns", Icon.LAYOUT_GRID),
        _button("danger-button", "Danger button", DangerButton, "Delete", Icon.TRASH),
        _button("link-button", "Link button", LinkButton, "Show the transaction", None),
        _small_buttons(),
        _menu(),
        _check_box(),
        _choice_list(),
        _search_field(),
        _select(),
        _form_field(),
        _address_field(),
        _password_field(),
        _reason_form(),
    )


def _touched(make: Callable[[], QWidget]) -> tuple[State, ...]:
    """What mouse, keyboard and page do to every control."""
    return (
        State("normal", make),
        State("hover", make, Forced.HOVER),
        State("focus", make, Forced.FOCUS),
        State("disabled", make, Forced.DISABLED),
    )


def _button(key: str, title: str, kind: type[Button], text: str, icon: Icon | None) -> Exhibit:
    def shown(text: str = text, *, large: bool = False) -> Callable[[], QWidget]:
        return lambda: row(kind(text, icon, large=large))

    def refused() -> QWidget:
        button = kind(text, icon)
        button.refuse("Only an operator of this enterprise can do that.")
        return row(button)

    return Exhibit(
        key,
        title,
        (
            *_touched(shown()),
            State("refused (reason on hover)", refused),
            State("large", shown(large=True)),
            State("long", shown("Export the evidence of every selected asset")),
            State("Chinese", shown("铸造三个资产")),
            State("right to left", shown(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
        ),
    )


def _small_buttons() -> Exhibit:
    def icons() -> QWidget:
        return row(IconButton(Icon.EYE, "Look at it"), IconButton(Icon.DOWNLOAD, "Save"), IconButton(Icon.X, "Dismiss"))

    def chips() -> QWidget:
        return row(ChipButton("Patent"), ChipButton("海山行"), ChipButton("since 2026-01-01"))

    return Exhibit(
        "small-buttons",
        "Icon buttons and chips",
        (
            State("icons", icons),
            State("icons, hover", icons, Forced.HOVER),
            State("icon, focus", icons, Forced.FOCUS),
            State("icons, disabled", icons, Forced.DISABLED),
            State("chips", chips),
            State("chips, hover", chips, Forced.HOVER),
            State("chips, disabled", chips, Forced.DISABLED),
            State("chip, long", lambda: row(ChipButton("Helios Materials Research and Licensing GmbH"))),
            State("chip, hostile", lambda: row(ChipButton("a & b\u202e<b>"))),
        ),
    )


def _menu() -> Exhibit:
    def shown() -> QWidget:
        menu = Menu()
        add_line(menu, "Open", _nothing, "Return")
        add_line(menu, "Copy the token id", _nothing, "Ctrl+C")
        menu.addSeparator()
        add_line(menu, "Mint", _nothing, "M", refusal="The environment is not ready.")
        add_line(menu, "删除", _nothing, "Del")
        menu.setActiveAction(menu.actions()[1])
        return _Still(menu)

    return Exhibit("menu", "Menu", (State("second line chosen, fourth refused", shown),))


class _Still(QWidget):
    """A menu held open inside the page: as a window of its own it would close at the first click."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__()
        size = menu.sizeHint()
        menu.setParent(self)
        menu.setGeometry(0, 0, size.width(), size.height())
        menu.show()
        self.setFixedHeight(size.height())


def _nothing() -> None:
    pass


def _check_box() -> Exhibit:
    def ticked(text: str = "Keep me signed in") -> QWidget:
        box = CheckBox(text)
        box.setChecked(True)
        return box

    return Exhibit(
        "check-box",
        "Check box",
        (
            *_touched(ticked),
            State("open", lambda: CheckBox("Keep me signed in")),
            State("open, disabled", lambda: CheckBox("Keep me signed in"), Forced.DISABLED),
            State("long", lambda: ticked(samples.LONG)),
            State("Chinese", lambda: ticked("保持登录状态")),
            State("right to left", lambda: ticked(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: ticked(samples.HOSTILE)),
        ),
    )


def _choice_list() -> Exhibit:
    def shown(count: int) -> QWidget:
        names = ("Helios Materials", "海山行", samples.LONG, samples.HOSTILE, "Nordlicht", "Seamount", "Terra", "Ulm")
        choices = ChoiceList()
        choices.set_choices(tuple(enumerate(names[:count])), chosen=(0, 2))
        return choices

    return Exhibit(
        "choice-list",
        "Choice list",
        (
            State("few", lambda: shown(4)),
            State("many", lambda: shown(8)),
            State("none", lambda: shown(0)),
            State("disabled", lambda: shown(3), Forced.DISABLED),
        ),
    )


def _search_field() -> Exhibit:
    def filled(text: str) -> QWidget:
        field = SearchField("Name, number, creator…")
        field.setText(text)
        return row(field)

    return Exhibit(
        "search-field",
        "Search field",
        (
            *_touched(lambda: row(SearchField("Name, number, creator…"))),
            State("filled", lambda: filled("solar")),
            State("long", lambda: filled(samples.LONG)),
            State("Chinese", lambda: filled("太阳能")),
            State("right to left", lambda: filled(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
        ),
    )


def _select() -> Exhibit:
    def shown(*texts: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            select = Select("Enterprise")
            select.addItems(texts or ("Helios Materials", "海山行"))
            return select

        return make

    def empty() -> QWidget:
        select = Select("Enterprise")
        select.setPlaceholderText("Choose…")
        return select

    return Exhibit(
        "select",
        "Select",
        (
            *_touched(shown()),
            State("empty", empty),
            State("long", shown(samples.LONG)),
            State("Chinese", shown(samples.CHINESE)),
            State("right to left", shown(samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
        ),
    )


def _form_field() -> Exhibit:
    def line(text: str = "", hint: str = "", error: str = "", label: str = "Name *") -> Callable[[], QWidget]:
        def make() -> QWidget:
            field = FormField(label, QLineEdit(text), hint)
            field.setFocusProxy(field.editor)
            field.set_error(error)
            return field

        return make

    return Exhibit(
        "form-field",
        "Form field",
        (
            *_touched(line("Flexible solar cell", "As it is to stand on the certificate.")),
            State("empty", line()),
            State("refused", line("F", "As it is to stand on the certificate.", "At least three characters.")),
            State("refused, long", line(samples.LONG, error=samples.LONG)),
            State("several lines", lambda: FormField("Description", QPlainTextEdit(samples.LONG))),
            State("Chinese", line("柔性太阳能电池", "将显示在证书上。", label="名称 *")),
            State("right to left", line(samples.RIGHT_TO_LEFT, samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", line("x", samples.HOSTILE, samples.HOSTILE, samples.HOSTILE)),
        ),
    )


def _address_field() -> Exhibit:
    def shown(address: str = "") -> QWidget:
        field = AddressField("Wallet", "Receives the tokens of this enterprise.", address)
        field.setFocusProxy(field.line)
        field.recheck()
        return field

    return Exhibit(
        "address-field",
        "Address field",
        (
            *_touched(lambda: shown(samples.ADDRESS)),
            State("empty", shown),
            State("being typed", lambda: shown(samples.ADDRESS[:20])),
            State("wrong checksum", lambda: shown(samples.ADDRESS.replace("C", "c"))),
        ),
    )


def _password_field() -> Exhibit:
    def shown(*, seen: bool = False) -> QWidget:
        field = PasswordField()
        field.setText("correct horse battery")
        field.set_seen(seen)
        return field

    return Exhibit("password-field", "Password field", (*_touched(shown), State("seen", lambda: shown(seen=True))))


def _reason_form() -> Exhibit:
    def shown(text: str = "", *, refused: bool = False) -> Callable[[], QWidget]:
        def make() -> QWidget:
            form = ReasonForm("Reason", "Goes into the audit log.", "Reset to draft", "Not now", _REASON_CHARS)
            form.setFocusProxy(form.editor)
            form.editor.setPlainText(text)
            if refused:
                form.confirm_button.click()
            return form

        return make

    return Exhibit(
        "reason-form",
        "Reason form",
        (
            *_touched(shown("The file was the wrong one.")),
            State("nothing given", shown(refused=True)),
            State("too long", shown(samples.LONG * 4)),
            State("hidden characters", shown("fine\u202e")),
            State("Chinese", shown(samples.CHINESE)),
        ),
    )
