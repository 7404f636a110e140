"""The form of an asset: new, changed or made after another one. Nothing typed is lost without being asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ipnft_desktop.domain.asset_changes import AssetContents, contents_of
from ipnft_desktop.domain.assets import Asset, AssetDraft, AssetType, Attachment, Enterprise, LegalStatus, check_draft
from ipnft_desktop.domain.errors import FieldProblem, IpnftError
from ipnft_desktop.services.asset_files import FileToAttach
from ipnft_desktop.ui.register.custom_fields_editor import CustomFieldsEditor
from ipnft_desktop.ui.register.files_editor import FileEntry, FilesEditor
from ipnft_desktop.ui.register.image_picker import ImagePicker
from ipnft_desktop.ui.register.licence_editor import LicenceEditor
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.asset_words import legal_status_name, type_name
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_CHOICE_CHARS = 12
_NOBODY = UUID(int=0)


class AssetForm(Dialog):
    """`save_requested` asks to store what `draft`, `kept` and `files` say, `save_as_new_requested` to store it as
    another asset because this one cannot be changed any more; `stop_requested` to give a saving up;
    `preview_wanted` asks for the preview of the chosen picture."""

    save_requested = Signal()
    save_as_new_requested = Signal()
    stop_requested = Signal()
    preview_wanted = Signal()

    def __init__(self, title: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.XXL, DialogHeight.XL)
        self._today = today
        self._is_busy = False
        self._touched: set[str] = set()
        self.fields: dict[str, FormField] = {}
        self.notice = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self.error_panel = ErrorPanel()
        self.question = QuestionBar(self.tr("Discard"), self.tr("Keep editing"))
        self.rescue = QuestionBar(self.tr("Save as a new asset"), self.tr("Keep editing"))
        self._progress = ProgressBar(self.tr("Storing files"))
        self._progress_text = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.save_button = PrimaryButton(self.tr("Save"))
        self._lay_out_head(title)

    def build(self) -> Iterator[None]:
        """Make what can be filled in, in pieces: between two the loop can breathe. Nothing of it is used before the
        end, nor is the form shown."""
        yield
        self._make_facts()
        yield
        self._make_texts()
        self._lay_out_left()
        yield
        self._make_files_and_licence()
        self._lay_out_right()
        self._lay_out_foot()
        self._connect()
        self._saved_values = self._values()
        yield
        self._box.activate()  # what is measured now is not measured when it is shown
        yield

    @property
    def is_dirty(self) -> bool:
        """Whether something would be lost."""
        return self._values() != self._saved_values

    @property
    def is_busy(self) -> bool:
        """Whether a saving is under way."""
        return self._is_busy

    def draft(self) -> AssetDraft:
        """What was typed."""
        return AssetDraft(
            name=self.name.text(),
            asset_type=AssetType(self.asset_type.currentData()),
            description=self.description.toPlainText(),
            creator_name=self.creator_name.text(),
            creation_date=self.creation_date.text(),
            legal_status=LegalStatus(self.legal_status.currentData()),
            enterprise_id=self.enterprise.currentData() or _NOBODY,
            application_number=self.application_number.text(),
            external_url=self.external_url.text(),
            licence=self.licence.terms(),
            custom_fields=dict(self.custom_fields.pairs),
        )

    @property
    def kept(self) -> tuple[Attachment, ...]:
        """Stored files that stay."""
        picture = (self.image.stored,) if self.image.stored else ()
        return (*picture, *self.attachments.kept)

    @property
    def files(self) -> tuple[FileToAttach, ...]:
        """Files to store."""
        picture = (FileToAttach(self.image.path, is_image=True),) if self.image.path else ()
        return (*picture, *self.attachments.new_files)

    def set_enterprises(self, enterprises: Sequence[Enterprise]) -> None:
        """Offer these; none is chosen unless there is only one."""
        self.enterprise.clear()
        for enterprise in enterprises:
            self.enterprise.addItem(enterprise.name, enterprise.enterprise_id)
        self.enterprise.setCurrentIndex(0 if len(enterprises) == 1 else -1)
        self._saved_values = self._values()

    def set_asset(self, asset: Asset, *, with_files: bool) -> None:
        """Begin with what an asset says."""
        contents = contents_of(asset)
        self._show_draft(contents.draft)
        if with_files:
            self._show_files(contents)
        self._touched.clear()
        self._saved_values = self._values()

    @property
    def contents(self) -> AssetContents:
        """Everything in the form that two versions of an asset can differ in."""
        return AssetContents(self.draft(), self.kept, self.image.path.name if self.image.path else "")

    def take_over(self, contents: AssetContents) -> None:
        """Show what came of two versions; files that are chosen and not stored yet stay chosen."""
        self._show_draft(contents.draft)
        self._show_files(contents)

    def _show_draft(self, draft: AssetDraft) -> None:
        self.name.setText(draft.name)
        self.asset_type.choose(draft.asset_type)
        self.enterprise.choose(draft.enterprise_id)
        self.creator_name.setText(draft.creator_name)
        self.creation_date.setText(draft.creation_date)
        self.legal_status.choose(draft.legal_status)
        self.application_number.setText(draft.application_number)
        self.external_url.setText(draft.external_url)
        for field in (self.name, self.creator_name, self.application_number, self.external_url):
            field.setCursorPosition(0)  # a long one is read from its beginning
        self.description.setPlainText(draft.description)
        self.custom_fields.set_fields(draft.custom_fields)
        self.licence.set_terms(draft.licence)

    def _show_files(self, contents: AssetContents) -> None:
        picture = next((file for file in contents.files if file.is_image), None)
        self.image.set_choice(picture, self.image.path if contents.new_image else None)
        stored = [FileEntry(file, file.confidential, file.agreement) for file in contents.files if not file.is_image]
        new = [entry for entry in self.attachments.entries if isinstance(entry.source, Path)]
        self.attachments.set_entries([*stored, *new])

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Say beside each field what is wrong with it, and go to the first."""
        told: dict[str, list[str]] = {}
        for problem in problems:
            told.setdefault(problem.field, []).append(say_problem(problem))
        self._touched.update(told)
        for name, field in self.fields.items():
            field.set_error("\n".join(dict.fromkeys(told.get(name, ()))))
        for name, message in self._own_problems().items():
            self.fields[name].set_error(message)
        self._focus_first_problem()

    def show_error(self, error: IpnftError) -> None:
        """The saving failed; everything typed is still here, and the next press tries again."""
        self.error_panel.show_error(error)
        self.save_button.setFocus()

    def offer_new_asset(self, error: IpnftError) -> None:
        """The asset was deleted or minted meanwhile: what is typed here can still become an asset of its own."""
        self.error_panel.show_error(error)
        self.rescue.ask(self.tr("What you typed can be saved as a new asset."))

    def set_busy(self, busy: bool, *, can_stop: bool = True) -> None:
        """While it is saved, nothing can be changed."""
        self._is_busy = busy
        self._scroll.setEnabled(not busy)
        self.save_button.setEnabled(not busy)
        self.save_button.setText(self.tr("Saving…") if busy else self.tr("Save"))
        self.cancel_button.setText(self.tr("Stop") if busy else self.tr("Cancel"))
        self.cancel_button.setEnabled(not busy or can_stop)
        self._progress.setVisible(busy and can_stop)
        self._progress_text.setVisible(busy and can_stop)
        if busy:
            self.error_panel.clear()
            self._progress.setValue(0)
            self._progress_text.setText("")

    def show_progress(self, file_name: str, percent: int) -> None:
        """How much of all files is stored, and which one is at it."""
        self._progress.setValue(percent)
        self._progress_text.setText(self.tr("Storing {0} · {1} %").format(file_name, percent))

    def leave(self) -> None:
        """Close without asking: it is saved, or given up."""
        self.question.hide()
        super().reject()

    def reject(self) -> None:
        """Escape, Cancel and the window's cross: ask before anything is lost."""
        if self._is_busy:
            return
        if self.question.isVisible():
            self.question.decline()
        elif self.is_dirty:
            self.question.ask(self.tr("Discard what you changed?"))
        else:
            self.leave()

    def _make_facts(self) -> None:
        self.name = QLineEdit()
        self.asset_type = Select(self.tr("Type"))
        self.enterprise = Select(self.tr("Enterprise"))
        self.creator_name = QLineEdit()
        self.creation_date = QLineEdit()
        self.legal_status = Select(self.tr("Legal status"))
        for choice in (self.asset_type, self.enterprise, self.legal_status):
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(_CHOICE_CHARS)
        self.enterprise.setPlaceholderText(self.tr("Choose…"))
        self.creation_date.setPlaceholderText("YYYY-MM-DD")
        self._fill_choices()
        self.fields |= {
            "name": FormField(self.tr("Name *"), self.name),
            "asset_type": FormField(self.tr("Type *"), self.asset_type),
            "enterprise_id": FormField(self.tr("Enterprise *"), self.enterprise),
            "creator_name": FormField(self.tr("Creator *"), self.creator_name),
            "creation_date": FormField(self.tr("Created on *"), self.creation_date),
            "legal_status": FormField(self.tr("Legal status *"), self.legal_status),
        }

    def _make_texts(self) -> None:
        self.application_number = QLineEdit()
        self.external_url = QLineEdit()
        self.description = QPlainTextEdit()
        self.custom_fields = CustomFieldsEditor()
        self.external_url.setPlaceholderText("https://")
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(3 * Size.CONTROL)
        self.fields |= {
            "application_number": FormField(self.tr("Application or registration number"), self.application_number),
            "external_url": FormField(self.tr("Web page"), self.external_url),
            "description": FormField(self.tr("Description"), self.description),
            "custom_fields": FormField(self.tr("Further fields"), self.custom_fields),
        }

    def _make_files_and_licence(self) -> None:
        self.image = ImagePicker()
        self.attachments = FilesEditor()
        self.licence = LicenceEditor()
        secrecy = self.tr("Of confidential files only the hash is published.")
        self.fields |= {
            "image": FormField(self.tr("Picture"), self.image),
            "attachments": FormField(self.tr("Attachments"), self.attachments, secrecy),
            "revenue_share_bp": self.licence.share_field,
            "expires_on": self.licence.expiry_field,
        }

    def _fill_choices(self) -> None:
        for asset_type in AssetType:
            self.asset_type.addItem(type_name(asset_type), asset_type)
        for status in LegalStatus:
            self.legal_status.addItem(legal_status_name(status), status)

    def _lay_out_head(self, title: str) -> None:
        # From the outside in: what gets its parents one by one is dressed again for each of them.
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(title, TextSize.TITLE, Weight.BOLD))
        box.addWidget(self.notice)
        self.notice.hide()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.addWidget(self._scroll, 1)
        inner = QWidget()
        inner.setProperty("transparent", True)
        self._scroll.setWidget(inner)
        inner_box = QVBoxLayout(inner)
        inner_box.setContentsMargins(0, 0, Space.S, 0)
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        inner_box.addLayout(columns)
        inner_box.addStretch(1)
        self._left, self._right = QGridLayout(), QVBoxLayout()
        columns.addLayout(self._left, 3)
        columns.addLayout(self._right, 2)

    def _lay_out_foot(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        working = QVBoxLayout()
        working.setSpacing(Space.XS)
        working.addWidget(self._progress_text)
        working.addWidget(self._progress)
        foot.addLayout(working, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        for part in (self.error_panel, self.rescue, self.question, Rule()):
            self._box.addWidget(part)
        self._box.addLayout(foot)
        self.set_busy(False)

    def _lay_out_left(self) -> None:
        grid = self._left
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["name"], 0, 0, 1, 2, top)
        pairs = (
            ("asset_type", "enterprise_id"),
            ("creator_name", "creation_date"),
            ("legal_status", "application_number"),
        )
        for line, names in enumerate(pairs, start=1):
            for column, name in enumerate(names):
                grid.addWidget(self.fields[name], line, column, top)
        for line, name in enumerate(("external_url", "description", "custom_fields"), start=4):
            grid.addWidget(self.fields[name], line, 0, 1, 2, top)
        grid.setRowStretch(7, 1)

    def _lay_out_right(self) -> None:
        column = self._right
        column.setSpacing(Space.M)
        column.addWidget(self.fields["image"])
        column.addWidget(self.fields["attachments"])
        column.addWidget(Rule())
        column.addWidget(Text(self.tr("Licence"), TextSize.BODY, Weight.SEMIBOLD))
        column.addWidget(self.licence)
        column.addStretch(1)

    def _connect(self) -> None:
        for name, edit in (
            ("name", self.name),
            ("creator_name", self.creator_name),
            ("creation_date", self.creation_date),
            ("application_number", self.application_number),
            ("external_url", self.external_url),
        ):
            edit.textEdited.connect(partial(self._on_edited, name))
            edit.editingFinished.connect(self._check_touched)
        self.description.textChanged.connect(lambda: self._on_edited("description"))
        self.custom_fields.changed.connect(lambda: self._on_edited("custom_fields"))
        self.enterprise.currentIndexChanged.connect(lambda: self.fields["enterprise_id"].set_error(""))
        self.image.changed.connect(lambda: self.fields["image"].set_error(""))
        self.image.changed.connect(self.preview_wanted)
        self.attachments.changed.connect(lambda: self.fields["attachments"].set_error(""))
        self.question.confirmed.connect(self.leave)
        self.question.declined.connect(self.name.setFocus)
        self.rescue.confirmed.connect(self.save_as_new_requested)
        self.rescue.declined.connect(self.name.setFocus)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.save_button.clicked.connect(self._on_save)
        for keys in ("Ctrl+Return", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save_button.click)
        self.save_button.setToolTip(self.tr("Ctrl+Enter"))

    def _own_problems(self) -> dict[str, str]:
        """What the form itself cannot read, before any service is asked."""
        found = {
            name: message
            for field, message in self.licence.problems().items()
            for name, known in self.fields.items()
            if known is field
        }
        if repeated := self.custom_fields.repeated_name:
            found["custom_fields"] = self.tr("“{0}” is used twice.").format(repeated)
        if self.enterprise.currentIndex() < 0:
            found["enterprise_id"] = self.tr("Choose an enterprise.")
        return found

    def _values(self) -> tuple[object, ...]:
        lists: tuple[QComboBox, ...] = (self.asset_type, self.enterprise, self.legal_status)
        edits = (self.name, self.creator_name, self.creation_date, self.application_number, self.external_url)
        return (
            *(edit.text() for edit in edits),
            *(choice.currentIndex() for choice in lists),
            self.description.toPlainText(),
            self.custom_fields.pairs,
            self.licence.values,
            (self.image.stored, self.image.path),
            self.attachments.entries,
        )

    def _focus_first_problem(self) -> None:
        first = next((field for field in self.fields.values() if field.error), None)
        if first is not None:
            self._scroll.ensureWidgetVisible(first)
            first.editor.setFocus()

    def _on_edited(self, field: str, *_: object) -> None:
        self._touched.add(field)
        self._check_touched()

    def _check_touched(self) -> None:
        """Live: only what was touched is spoken of, so that an empty form does not complain."""
        found = {problem.field: say_problem(problem) for problem in reversed(check_draft(self.draft(), self._today))}
        found |= self._own_problems()
        for name in self._touched & set(self.fields):
            if name not in ("image", "attachments"):
                self.fields[name].set_error(found.get(name, ""))

    def _on_cancel(self) -> None:
        if self._is_busy:
            self.stop_requested.emit()
        else:
            self.reject()

    def _on_save(self) -> None:
        problems = check_draft(self.draft(), self._today)
        if problems or self._own_problems():
            self.show_problems(problems)
        else:
            self.save_requested.emit()
