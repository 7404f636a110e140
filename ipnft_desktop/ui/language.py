"""The language of the window: which there are, which is in force, and the catalogues Qt takes its sentences from."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from ipnft_desktop import paths

_CATALOGUES = paths.RESOURCES / "translations"


class Language(StrEnum):
    """A language of the window; the value is the one of the setting `language`."""

    EN = "en"
    ZH = "zh"

    @property
    def own_name(self) -> str:
        """Its name in itself, which those who need it can read."""
        return _OWN_NAMES[self]

    @property
    def locale(self) -> QLocale:
        """How it writes numbers."""
        return QLocale(_LOCALES[self])


_OWN_NAMES = {Language.EN: "English", Language.ZH: "中文"}
_LOCALES = {Language.EN: "en_GB", Language.ZH: "zh_CN"}
# Buttons of Qt's own dialogs and the menus of text fields; English is built in.
_QT_CATALOGUES = {Language.ZH: "qtbase_zh_CN"}


class CatalogueMissing(RuntimeError):
    """A catalogue that the program ships is absent or unreadable: the installation is damaged."""


class WindowLanguage(QObject):
    """The language in force.

    What is built after a change speaks the new language, because `tr` asks the catalogue in force; what stays is told
    by `changed`, which carries the new `Language`.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._current = Language.EN
        self._translators: list[QTranslator] = []

    @property
    def current(self) -> Language:
        """The language in force."""
        return self._current

    def install(self, app: QApplication, language: Language) -> None:
        """Take the first language; call it before the first window.

        Raises:
            CatalogueMissing: a catalogue of it is absent or Qt cannot read it.
        """
        self._speak(app, language)

    def set(self, language: Language) -> None:
        """Switch to another language. Raises CatalogueMissing and changes nothing where its catalogue is damaged."""
        app = QApplication.instance()
        if language is not self._current and isinstance(app, QApplication):
            self._speak(app, language)
            self.changed.emit(language)

    def _speak(self, app: QApplication, language: Language) -> None:
        fresh = catalogues_of(language)
        # Qt tells every widget of each catalogue that comes or goes: 60 ms for a thousand of them. None listens,
        # for what speaks is made anew.
        app.installEventFilter(self)
        for translator in self._translators:
            app.removeTranslator(translator)
        self._translators = fresh
        self._current = language
        QLocale.setDefault(language.locale)
        for translator in fresh:
            app.installTranslator(translator)
        app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep from the widgets that the language changes, while it does."""
        return event.type() is QEvent.Type.LanguageChange or super().eventFilter(watched, event)


@cache
def language() -> WindowLanguage:
    """The one language of the process, like its theme."""
    return WindowLanguage()


def system_language() -> Language:
    """The first language of this computer's user that the window has; English if it has none."""
    for name in QLocale.system().uiLanguages():
        for known in Language:
            if name.lower().startswith(known):
                return known
    return Language.EN


def language_of(setting: str) -> Language:
    """The language that the setting `language` names; empty is the system's."""
    return Language(setting) if setting else system_language()


def catalogues_of(language: Language) -> list[QTranslator]:
    """Ours and Qt's. Raises CatalogueMissing where one is absent or Qt cannot read it."""
    found = [_catalogue(f"ipnft_{language}", str(_CATALOGUES))]
    if language in _QT_CATALOGUES:
        shipped = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        found.append(_catalogue(_QT_CATALOGUES[language], shipped))
    return found


def _catalogue(name: str, folder: str) -> QTranslator:
    translator = QTranslator()
    if not translator.load(name, folder):
        raise CatalogueMissing(f"{name}.qm")
    return translator
