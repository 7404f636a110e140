"""Exhibits: what surrounds the pages, and the table all are painted from."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.error_codes import ErrorCode
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.playground import samples
from ipnft_desktop.ui.playground.exhibit import Exhibit, Forced, State
from ipnft_desktop.ui.playground.together import column, row
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Radius, Size, TextSize, Tone, WindowSize
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.list_faces import Face, ListFaces
from ipnft_desktop.ui.widgets.list_page import ListPage
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.page import Page, PageHeader
from ipnft_desktop.ui.widgets.page_stack import PageStack
from ipnft_desktop.ui.widgets.rail import Rail
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.status_strip import StatusBarState, StatusSegment, StatusStrip
from ipnft_desktop.ui.widgets.tabbed_page import TabbedPage
from ipnft_desktop.ui.widgets.text import Text

_GROUNDS = ("bg", "surface", "alt", "line", "control_line", "accent_soft", "neutral_soft")
_ONE_GWEI = 10**9


def exhibits() -> tuple[Exhibit, ...]:
    """In the order of the rail."""
    return (_palette(), _header(), _page(), _list_page(), _tabbed_page(), _rail(), _strip())


class Swatch(QWidget):
    """A colour of the theme in force by its name, or a series of a chart by its number."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(QSize(Size.RAIL, Size.CONTROL))
        self.setToolTip(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        tokens = theme().tokens
        inks = chart_inks(tokens)
        colour = inks.of_series(int(self._name)) if self._name.isdigit() else str(getattr(tokens, self._name))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.control_line))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), Radius.CONTROL, Radius.CONTROL)
        painter.end()


def _palette() -> Exhibit:
    def swatches(*names: str) -> QWidget:
        return row(*(column(Swatch(name), Text(name, TextSize.MICRO, ink=Ink.MUTED)) for name in names))

    tones = tuple(tone.value for tone in Tone if tone is not Tone.NEUTRAL)
    series = tuple(str(number) for number in range(len(theme().tokens.series)))
    return Exhibit(
        "palette",
        "Colours",
        (
            State("grounds and lines", lambda: swatches(*_GROUNDS)),
            State("text", lambda: swatches("fg", "muted", "on_accent")),
            State("tones", lambda: swatches(*tones)),
            State("their grounds", lambda: swatches(*(f"{tone}_soft" for tone in tones))),
            State("the accent pressed", lambda: swatches("accent", "accent_hover", "accent_pressed")),
            State("series of charts", lambda: swatches(*series)),
        ),
        width_px=DialogWidth.XL,
    )


def _header() -> Exhibit:
    def shown(title: str, subtitle: str) -> QWidget:
        header = PageHeader(title, subtitle)
        header.add_action(SecondaryButton("Import", Icon.UPLOAD))
        header.add_action(PrimaryButton("New asset", Icon.PLUS))
        return header

    return Exhibit(
        "page-header",
        "Head of a page",
        (
            State("normal", lambda: shown("Register", "30 assets, 12 minted")),
            State("long", lambda: shown("Register", samples.LONG)),
            State("Chinese", lambda: shown("登记册", samples.CHINESE)),
            State("right to left", lambda: shown(samples.RIGHT_TO_LEFT, samples.RIGHT_TO_LEFT), Forced.RIGHT_TO_LEFT),
            State("hostile", lambda: shown("Register", samples.HOSTILE)),
        ),
        width_px=DialogWidth.XL,
    )


def _page() -> Exhibit:
    def page() -> Page:
        made = Page("Gallery", "12 cards")
        for _ in range(2):
            card = Card()
            card.body.addWidget(Text(samples.LONG, wrap=True))
            made.body.addWidget(card)
        return made

    def stack() -> QWidget:
        pages = PageStack()
        pages.addWidget(page())
        pages.setFixedHeight(2 * Size.PICTURE)
        return pages

    return Exhibit("page", "Page", (State("in its place", stack),), width_px=DialogWidth.XL)


def _list_page() -> Exhibit:
    def shown(face: Face, *, has_error: bool = False, on_cards: bool = False) -> QWidget:
        faces = ListFaces(
            NoEnvironment("Start it to open the register."),
            EmptyState(Icon.INBOX, "The register is empty", "Assets stand here.", "New asset"),
            EmptyState(Icon.SEARCH, "No asset matches", "Look for less.", "Show all"),
            SignedOut("The register shows its assets after that."),
            on_cards=on_cards,
        )
        page = ListPage(faces)
        page.header.set_title("Register")
        if has_error:
            page.error_panel.show_error(IpnftError(ErrorCode.NODE_UNREACHABLE))
        count = Text("12 assets", TextSize.CAPTION, ink=Ink.MUTED)
        card = ListCard(faces, (page.error_panel,), (count,), "↑↓ browse · F5 reload", Text("All states"))
        card.show_lines(face.is_listing)
        page.body.addWidget(card)
        faces.hold(column(*(Text(title) for title in ("Flexible solar cell", samples.CHINESE, samples.HOSTILE))))
        faces.show_face(face)
        page.setFixedHeight(DialogHeight.M)
        return page

    return Exhibit(
        "list-page",
        "Page with a list",
        (
            State("normal", lambda: shown(Face.LIST)),
            State("could not be read", lambda: shown(Face.LIST, has_error=True)),
            *(
                State(face.name.lower().replace("_", " "), partial(shown, face))
                for face in Face
                if face is not Face.LIST
            ),
            State("sentences on cards", lambda: shown(Face.EMPTY, on_cards=True)),
        ),
        width_px=DialogWidth.XL,
    )


def _tabbed_page() -> Exhibit:
    def shown(*, signed_out: bool = False) -> QWidget:
        page = TabbedPage()
        page.header.set_title("Gas", "What mints cost")
        page.begin("Parts of the page", SignedOut("Measurements are shown to people who are signed in."))
        for title in ("Laboratory", samples.CHINESE, samples.LONG):
            page.add_tab(title, Text(f"What {title} holds"))
        page.show_signed_out(signed_out)
        page.setFixedHeight(DialogHeight.M)
        return page

    return Exhibit(
        "tabbed-page",
        "Page of several parts",
        (
            State("normal", shown),
            State("focus", shown, Forced.FOCUS),
            State("signed out", lambda: shown(signed_out=True)),
        ),
        width_px=DialogWidth.XL,
    )


def _rail() -> Exhibit:
    def shown(*titles: str) -> QWidget:
        rail = Rail()
        for number, (title, icon) in enumerate(zip(titles, (Icon.LIST_TREE, Icon.IMAGE, Icon.SHIELD), strict=True), 1):
            rail.add_button(title, title, icon, f"Ctrl+{number}")
        rail.add_button("bottom", "Environment", Icon.POWER, "Ctrl+4", bottom=True)
        rail.set_current(titles[0])
        rail.setFixedHeight(6 * Size.RAIL_BUTTON)
        return row(rail)

    usual = ("Register", "Gallery", "Admin")
    return Exhibit(
        "rail",
        "Rail",
        (
            State("normal", lambda: shown(*usual)),
            State("hover", lambda: shown(*usual), Forced.HOVER),
            State("focus", lambda: shown(*usual), Forced.FOCUS),
            State("Chinese", lambda: shown("登记册", "图库", "管理")),
        ),
    )


def _strip() -> Exhibit:
    def shown(state: StatusBarState) -> QWidget:
        strip = StatusStrip()
        for segment in StatusSegment:
            strip.enable_segment(segment)
        strip.set_state(state)
        return strip

    usual = StatusBarState(
        badge="LOCAL CHAIN",
        connection=Tone.OK,
        node_name="Hardhat",
        chain_id=31_337,
        instance="5f2c9be1",
        block=1_024,
        gas_price_wei=_ONE_GWEI,
        queue_depth=3,
        content_store="local",
        database="SQLite",
        open_alerts=2,
        user="ada",
        role="Administrator",
    )
    foreign = StatusBarState(
        badge="WRONG CHAIN", badge_tone=Tone.ERROR, connection=Tone.ERROR, node_name="devnet", chain_id=1
    )
    return Exhibit(
        "status-strip",
        "Status bar",
        (
            State("normal", lambda: shown(usual)),
            State("hover", lambda: shown(usual), Forced.HOVER),
            State("focus", lambda: shown(usual), Forced.FOCUS),
            State("another chain", lambda: shown(foreign)),
            State("nothing known", lambda: shown(StatusBarState())),
            State(
                "Chinese",
                lambda: shown(StatusBarState(badge="本地链", connection=Tone.OK, node_name="节点", role="管理员")),
            ),
            State("right to left", lambda: shown(usual), Forced.RIGHT_TO_LEFT),
        ),
        width_px=WindowSize.LEAST_WIDTH,
    )
