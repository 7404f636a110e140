"""The one style sheet, filled from a token table.

Fonts are set with `QFont` and not here: a style sheet cannot set the weight axis the Chinese face needs.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from ipnft_desktop.ui.theme.tokens import COPY_INSET, Ink, Radius, Size, Space, Tokens

_INKS = "\n".join(f'QLabel[ink="{ink.value}"] {{ color: ${{{ink.value}}}; }}' for ink in Ink)

_TEMPLATE = Template(
    _INKS
    + """
QMainWindow, QDialog, #pageStack { background: ${bg}; }
QDialog { background: ${surface}; }
QLabel { background: transparent; }
QLabel:disabled { color: ${muted}; }
QToolTip { background: ${surface}; color: ${fg}; border: 1px solid ${line}; padding: ${xs}px ${s}px; }

QFrame[card="true"] { background: ${surface}; border: 1px solid ${line}; border-radius: ${radius_card}px; }
QFrame[card="true"][selected="true"] { border: 2px solid ${accent}; }
QWidget[curtain="true"] { background: black; }
QFrame[tile="true"] { background: transparent; border: 1px solid ${line}; border-radius: ${radius_card}px; }
QFrame[banner="error"] { background: ${error_soft}; border: none; border-radius: ${radius_control}px; }
QFrame[banner="warn"] { background: ${warn_soft}; border: none; border-radius: ${radius_control}px; }
QFrame[banner="accent"] { background: ${accent_soft}; border: none; border-radius: ${radius_control}px; }
QFrame[banner="ok"] { background: ${ok_soft}; border: none; border-radius: ${radius_control}px; }
QFrame[rule="true"] { background: ${line}; border: none; max-height: 1px; min-height: 1px; }
QFrame[toast="true"] { background: ${surface}; border: 1px solid ${control_line}; border-radius: ${radius_card}px; }

QPushButton { background: ${surface}; color: ${fg}; border: 1px solid ${line}; border-radius: ${radius_control}px;
  padding: 0 13px; min-height: ${control_inner}px; }
QPushButton:hover { background: ${alt}; border-color: ${control_line}; }
QPushButton:pressed { background: ${accent_soft}; }
QPushButton:focus { border: 2px solid ${accent}; padding: 0 12px; min-height: ${control_focus}px; }
QPushButton:disabled { background: ${bg}; color: ${muted}; border-color: ${line}; }
QPushButton[kind="primary"] { background: ${accent}; color: ${on_accent}; border-color: ${accent}; }
QPushButton[kind="primary"]:hover { background: ${accent_hover}; border-color: ${accent_hover}; }
QPushButton[kind="primary"]:pressed { background: ${accent_pressed}; }
QPushButton[kind="primary"]:focus { border: 2px solid ${fg}; }
QPushButton[kind="primary"]:disabled { background: ${neutral_soft}; color: ${muted}; border-color: ${line}; }
QPushButton[kind="danger"] { color: ${error}; }
QPushButton[kind="danger"]:disabled { color: ${muted}; }
QPushButton[large="true"] { min-height: ${large_inner}px; padding: 0 19px; }
QPushButton[large="true"]:focus { min-height: ${large_focus}px; padding: 0 18px; }
QPushButton[kind="link"] { background: transparent; color: ${accent}; border: none; padding: 0 2px; min-height: 20px; }
QPushButton[kind="link"]:hover { color: ${accent_hover}; text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid ${accent}; border-radius: ${radius_mark}px; padding: 0 1px; }
QPushButton[kind="link"]:disabled { color: ${muted}; }
QPushButton[kind="title"] { background: transparent; color: ${fg}; border: 1px solid transparent; padding: 0;
  min-height: 22px; text-align: left; }
QPushButton[kind="title"]:focus { border: 1px solid ${accent}; border-radius: ${radius_mark}px; }
QPushButton[kind="copy"] { background: transparent; color: ${fg}; border: 1px solid transparent;
  border-radius: ${radius_mark}px; padding: 0 ${copy_padding}px; min-height: 18px; text-align: left; }
QPushButton[kind="copy"][quiet="true"] { color: ${muted}; }
QPushButton[kind="copy"]:hover { background: ${accent_soft}; color: ${accent}; }
QPushButton[kind="copy"]:focus { border: 1px solid ${accent}; }
QPushButton[kind="copy"]:disabled { color: ${muted}; }
QPushButton[kind="segment"] { background: transparent; color: ${fg}; border: 1px solid transparent; border-radius: 4px;
  padding: 0 5px; min-height: 18px; }
QPushButton[kind="segment"]:hover { background: ${accent_soft}; }
QPushButton[kind="segment"]:focus { border: 1px solid ${accent}; }
QPushButton[kind="chip"] { background: ${accent_soft}; color: ${fg}; border: 1px solid transparent; border-radius: 12px;
    padding: 0 10px; min-height: 22px; }
QPushButton[kind="chip"]:hover { border: 1px solid ${accent}; }
QPushButton[kind="chip"]:focus { border: 1px solid ${accent}; }
QPushButton[kind="chip"]:disabled { background: ${neutral_soft}; color: ${muted}; }
QPushButton[kind="icon"] { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0 4px;
  min-height: 20px; }
QPushButton[kind="icon"]:hover { background: ${accent_soft}; }
QPushButton[kind="icon"]:focus { border: 1px solid ${accent}; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QSpinBox { background: ${surface}; color: ${fg};
  border: 1px solid ${edge}; border-radius: ${radius_control}px; padding: 0 ${s}px;
  selection-background-color: ${accent}; selection-color: ${on_accent}; placeholder-text-color: ${muted}; }
QLineEdit, QComboBox, QDateEdit, QSpinBox { min-height: ${control_inner}px; }
QPlainTextEdit, QTextEdit { padding: ${xs}px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QDateEdit:hover, QSpinBox:hover {
  border-color: ${muted}; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {
  border: 1px solid ${accent}; background: ${surface}; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"], QDateEdit[invalid="true"] {
  border: 1px solid ${error}; }
QLineEdit[locked="true"], QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
  background: ${bg}; color: ${muted}; }
QPlainTextEdit[log="true"] { background: transparent; color: ${muted}; border: 1px solid transparent; padding: 0; }
QPlainTextEdit[log="true"]:focus { border: 1px solid ${accent}; }
QComboBox { padding-right: ${xs}px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: ${surface}; color: ${fg}; border: 1px solid ${control_line};
  selection-background-color: ${accent_soft}; selection-color: ${fg}; outline: none; padding: ${xs}px; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 ${s}px; }

QMenu { background: ${surface}; color: ${fg}; border: 1px solid ${control_line}; padding: ${xs}px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: ${accent_soft}; color: ${fg}; }
QMenu::item:disabled { color: ${muted}; }
QMenu::separator { height: 1px; background: ${line}; margin: ${xs}px 0; }

QAbstractItemView { background: transparent; color: ${fg}; border: none; outline: none;
  selection-background-color: ${accent_soft}; selection-color: ${fg}; }
QListView[navigation="true"]::item { min-height: ${control_inner}px; padding: 0 ${m}px;
  border: 1px solid transparent; border-radius: ${radius_control}px; }
QListView[navigation="true"]::item:hover { background: ${alt}; }
QListView[navigation="true"]::item:selected { background: ${accent_soft}; color: ${accent}; }
QListView[navigation="true"]::item:selected:focus { border: 1px solid ${accent}; }
QAbstractItemView:disabled { color: ${muted}; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView { gridline-color: transparent; }
QGraphicsView { background: transparent; }
QTableView, QListView, QGraphicsView, QScrollArea[ring="true"] { border: 2px solid transparent;
  border-radius: ${radius_card}px; }
QTableView:focus, QListView:focus, QGraphicsView:focus, QScrollArea[ring="true"]:focus { border: 2px solid ${accent}; }
QTableView::item { border: none; border-bottom: 1px solid ${line}; padding: 0 ${m}px; }
QTableView::item:hover { background: ${alt}; }
QTableView::item:selected { background: ${accent_soft}; color: ${fg}; }
QHeaderView { background: ${alt}; border: none; border-top-left-radius: 11px; border-top-right-radius: 11px; }
QHeaderView::section { background: ${alt}; color: ${muted}; border: none; border-bottom: 1px solid ${line};
  padding: 0 ${cell}px; }
QHeaderView::section:first { border-top-left-radius: 11px; }
QHeaderView::section:last { border-top-right-radius: 11px; }
QHeaderView::section:only-one { border-top-left-radius: 11px; border-top-right-radius: 11px; }
QHeaderView::section:hover { color: ${fg}; }
QTableCornerButton::section { background: ${alt}; border: none; }

QScrollArea, QScrollArea > QWidget > QWidget[transparent="true"] { background: transparent; border: none; }
QScrollArea[choices="true"] { border: 1px solid ${edge}; border-radius: ${radius_control}px; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 2px 2px 2px 6px; }
QScrollBar:horizontal { background: transparent; height: 14px; margin: 6px 2px 2px 2px; }
QScrollBar::handle { background: ${edge}; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: ${muted}; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  background: transparent; width: 0; height: 0; }

QTabBar::tab { background: transparent; color: ${muted}; border: none; border-bottom: 2px solid ${line};
  padding: ${xs}px ${l}px ${s}px ${l}px; }
QTabBar::tab:hover { color: ${fg}; }
QTabBar::tab:selected { color: ${accent}; border-bottom: 2px solid ${accent}; }
QTabBar:focus { outline: none; }
QTabBar::tab:selected:focus { background: ${accent_soft}; }

QSplitter::handle { background: transparent; }

#rail { background: ${surface}; border: none; border-right: 1px solid ${line}; }
#rail QToolButton { background: transparent; color: ${muted}; border: 2px solid transparent;
  border-radius: ${radius_control}px; padding: 6px 0 5px 0; }
#rail QToolButton:hover { background: ${alt}; color: ${fg}; }
#rail QToolButton:checked { background: ${accent_soft}; color: ${accent}; }
#rail QToolButton:focus { border: 2px solid ${accent}; }
#statusStrip { background: ${surface}; border: none; border-top: 1px solid ${line}; }
"""
)


def stylesheet(tokens: Tokens) -> str:
    """The style sheet of a theme."""
    return _TEMPLATE.substitute(
        asdict(tokens),
        xs=int(Space.XS),
        s=int(Space.S),
        m=int(Space.M),
        l=int(Space.L),
        # Fusion insets the text of a cell by three more pixels than the text of a header.
        cell=Space.M + 3,
        radius_mark=int(Radius.MARK),
        # The border takes one pixel of it.
        copy_padding=COPY_INSET - 1,
        radius_control=int(Radius.CONTROL),
        radius_card=int(Radius.CARD),
        # A style sheet's min-height excludes the border: 1 px a side at rest, 2 px with the focus ring.
        control_inner=Size.CONTROL - 2,
        control_focus=Size.CONTROL - 4,
        large_inner=Size.CONTROL_LARGE - 2,
        large_focus=Size.CONTROL_LARGE - 4,
    )
