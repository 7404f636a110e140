"""What the window says in either language: texts, plurals, numbers, states and errors, on every page and dialog."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QCoreApplication, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from ipnft_desktop import paths
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState, MintProgress
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.environment_state import StageKey
from ipnft_desktop.settings import SPECS
from ipnft_desktop.ui import language as language_module
from ipnft_desktop.ui.language import CatalogueMissing, Language, language, language_of, system_language
from ipnft_desktop.ui.register.detail_panel import DetailPanel
from ipnft_desktop.ui.widgets.amounts import eth_text, share_text
from ipnft_desktop.ui.widgets.asset_words import state_name
from ipnft_desktop.ui.widgets.error_words import error_advice, error_line, recorded_line
from ipnft_desktop.ui.widgets.measures import listed, number_text, seconds_text, size_text
from ipnft_desktop.ui.widgets.phrases import say, say_text
from tests.gui.support.nft_examples import a_job, an_asset, confirming
from tests.support.views.dialogs import DIALOGS
from tests.support.views.no_pictures import no_pictures
from tests.support.views.pages import PAGES

_TESTS = Path(__file__).parent.parent
_SAMPLES = (
    *sorted((_TESTS / "support" / "views").glob("*.py")),
    *sorted((_TESTS / "gui" / "support").glob("*.py")),
    _TESTS / "gui" / "register_doubles.py",
)
# Names of things and of keys, units, and what stands in hashes, addresses and files.
_NAMES = frozenset(
    {
        "ABI", "API", "CAR", "CID", "CSV", "CSS", "ERC", "ETH", "Excel", "Gas", "HTTP", "HTTPS", "Hardhat", "IPFS",
        "IPAssetNFT", "IPNFT", "JPEG", "JSON", "Kubo", "NFT", "Node", "Nonce", "PDF", "PID", "PNG",
        "PostgreSQL", "RPC", "SHA", "SQLite", "SVG", "URI", "URL", "UTC", "UTF", "XLSX", "YYYY", "gas", "gwei", "http",
        "https", "ipfs", "json", "multiaddr", "nonce", "tcp", "wei", "English", "Alt", "Ctrl", "Del", "Down", "End",
        "Enter", "Esc", "Home", "URIStorage", "PgDown", "PgUp", "Shift", "Space", "Tab", "Up",
        *(key.capitalize().replace("_", " ").split()[0] for key in StageKey),
        "data", "Foundry", "OpenZeppelin", *SPECS,
    }
)  # fmt: skip
_ADDRESS = re.compile(r"\S+://\S+")
_WORD = re.compile(r"(?<![0-9A-Za-z_.…/])[A-Za-z]{3,}(?![0-9A-Za-z_]|…\w)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def in_chinese(qapp: QApplication) -> None:
    language().set(Language.ZH)


@pytest.mark.usefixtures("qapp")
def test_what_is_built_after_a_switch_speaks_the_new_language() -> None:
    translate, heard = QCoreApplication.translate, []
    language().changed.connect(heard.append)
    assert translate("RegisterView", "New asset") == "New asset"
    language().set(Language.ZH)
    language().set(Language.ZH)
    assert translate("RegisterView", "New asset") == "新建资产"
    assert translate("QPlatformTheme", "Cancel") == "取消", "Qt's own buttons too"
    language().set(Language.EN)
    assert translate("RegisterView", "New asset") == "New asset"
    language().changed.disconnect(heard.append)
    assert heard == [Language.ZH, Language.EN]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("spoken", "count", "said"),
    [
        (Language.EN, 0, "0 matches"),
        (Language.EN, 1, "1 match"),
        (Language.EN, 1_204, "1,204 matches"),
        (Language.ZH, 1, "1 项匹配"),
        (Language.ZH, 1_204, "1,204 项匹配"),
    ],
)
def test_plurals_are_those_of_the_language(spoken: Language, count: int, said: str) -> None:
    language().set(spoken)
    assert QCoreApplication.translate("RegisterView", "%Ln matches", "", count) == said


@pytest.mark.usefixtures("qapp")
def test_measures_are_written_as_the_language_does() -> None:
    def measures() -> tuple[str, ...]:
        names = listed(("a", "b"))
        return number_text(1_234_567), size_text(1_500_000), share_text(250), seconds_text(0.5), eth_text(10**18), names

    assert measures() == ("1,234,567", "1.5 MB", "2.5 %", "0.50 s", "1.000000 ETH", "a, b")
    language().set(Language.ZH)
    assert measures() == ("1,234,567", "1.5 MB", "2.5%", "0.50 秒", "1.000000 ETH", "a、b")
    assert number_text(10**30) == "1" + ",000" * 10, "money is larger than what Qt counts"


@pytest.mark.usefixtures("in_chinese")
def test_phrases_of_the_core_are_translated_with_all_that_stands_in_them() -> None:
    inner = phrase("Open mints taken up: {count}, settled: {settled}", count=1_204, settled=3)
    said = say(phrase("{what} · tokens found on the chain and taken into the register: {adopted}, "
                      "nonce gaps filled: {filled}", what=inner, adopted=0, filled=1))  # fmt: skip
    assert said.startswith("接续未完成铸造：1,204，已了结：3 · ")
    assert say(phrase("the asset is {state}", state=AssetState.MINTED)) == "资产状态为“已铸造”"
    assert state_name(AssetState.DRAFT) == "草稿"
    assert say_text("words of a node that no catalogue has {0}") == "words of a node that no catalogue has {0}"


@pytest.mark.usefixtures("in_chinese")
def test_errors_are_said_in_the_language_of_the_window() -> None:
    error = UserError(ErrorCode.SHEET_INVALID, phrase("row {row} is not right", row=3))
    assert error_line(error).endswith("。第 3 行有误")
    assert _CHINESE.search(error_advice(error)[0])
    assert error.detail == "row 3 is not right", "the log stays in English"
    fault = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the node process ended")
    assert recorded_line(str(fault)) == error_line(fault)
    assert recorded_line("KUBO: says {no}") == "KUBO: says {no}"


@pytest.mark.usefixtures("qapp")
def test_a_damaged_catalogue_is_named_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_module, "_CATALOGUES", tmp_path)
    with pytest.raises(CatalogueMissing, match=r"ipnft_zh\.qm"):
        language().set(Language.ZH)
    assert language().current is Language.EN
    assert QCoreApplication.translate("RegisterView", "%Ln matches", "", 1) == "1 match"


def test_the_setting_names_the_language_and_without_it_the_computer_does() -> None:
    assert language_of("zh") is Language.ZH
    assert language_of("") is system_language()
    assert [known.own_name for known in Language] == ["English", "中文"]


def test_the_catalogues_are_where_the_packed_program_looks() -> None:
    assert all((paths.RESOURCES / "translations" / f"ipnft_{known}.qm").is_file() for known in Language)


@pytest.mark.usefixtures("in_chinese")
def test_a_running_mint_is_told_in_the_language_of_the_window(sample_words: frozenset[str]) -> None:
    panel, asset = DetailPanel(), an_asset(3)
    panel.use_pictures(no_pictures())
    panel.show_asset(asset)
    panel.show_progress(MintProgress.of(confirming(a_job(asset))))
    assert "确认中" in set(_texts(panel))
    assert _english(panel, sample_words) == []
    panel.deleteLater()


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_says_nothing_in_english(name: str, sample_words: frozenset[str]) -> None:
    page = PAGES[name]()
    assert _english(page, sample_words) == []
    page.close()
    page.deleteLater()


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_says_nothing_in_english(name: str, sample_words: frozenset[str]) -> None:
    ground = QWidget()
    dialog = DIALOGS[name](ground)
    assert _english(dialog, sample_words) == []
    QDialog.done(dialog, 0)
    ground.deleteLater()


@pytest.fixture(scope="module")
def sample_words() -> frozenset[str]:
    """The words of the sample data, which is shown as it is."""
    constants = (node.value for file in _SAMPLES for node in ast.walk(ast.parse(file.read_text("utf-8")))
                 if isinstance(node, ast.Constant) and isinstance(node.value, str))  # fmt: skip
    return _NAMES.union(*(_WORD.findall(text) for text in constants))


def _english(view: QWidget, known: frozenset[str]) -> list[str]:
    """Texts of a view in which an English word stands that is none of the known ones."""
    return sorted({text for text in _texts(view) if set(_WORD.findall(_ADDRESS.sub("", text))) - known})


def _texts(view: QWidget) -> Iterator[str]:
    yield view.windowTitle()
    for widget in (view, *view.findChildren(QWidget)):
        if isinstance(widget, QPlainTextEdit) or (
            widget.objectName().startswith("qt_") and not widget.isVisibleTo(view)
        ):
            continue
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        match widget:
            case QLabel() | QAbstractButton():
                yield widget.text()
            case QLineEdit():
                yield widget.placeholderText()
            case QComboBox():
                yield from (widget.itemText(at) for at in range(widget.count()))
            case QTabBar():
                yield from (widget.tabText(at) for at in range(widget.count()))
            case QAbstractItemView() if (model := widget.model()) is not None:
                yield from _shown_by(model)
            case _:
                pass
    yield from (action.text() for action in view.findChildren(QAction))


def _shown_by(model: QAbstractItemModel) -> Iterator[str]:
    across = range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex()))
    shown = [model.headerData(column, Qt.Orientation.Horizontal) for column in across]
    for row in range(model.rowCount(QModelIndex())):
        shown += [model.index(row, column, QModelIndex()).data() for column in across]
    yield from (text for text in shown if isinstance(text, str))
