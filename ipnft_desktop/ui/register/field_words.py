"""What the fields of an asset are called, and how their values read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.asset_changes import FieldValue
from ipnft_desktop.domain.assets import AgreementType, AssetType, Attachment, LegalStatus
from ipnft_desktop.ui.widgets.amounts import share_text
from ipnft_desktop.ui.widgets.asset_words import legal_status_name, type_name

_ABSENT = "–"


def agreement_name(agreement: AgreementType) -> str:
    """The kind of agreement."""
    translate = QCoreApplication.translate
    return {
        AgreementType.LICENCE: translate("AgreementType", "Licence agreement"),
        AgreementType.ASSIGNMENT: translate("AgreementType", "Assignment"),
        AgreementType.CONFIDENTIALITY: translate("AgreementType", "Confidentiality agreement"),
        AgreementType.COLLABORATION: translate("AgreementType", "Collaboration agreement"),
        AgreementType.OTHER: translate("AgreementType", "Other agreement"),
    }[agreement]


def field_name(field: str, *values: FieldValue) -> str:
    """A field by the name that `domain.asset_changes` gives it; of a file, whose name is in its values."""
    translate = QCoreApplication.translate
    if field.startswith("custom_fields."):
        return translate("AssetField", "Further field “{0}”").format(field.removeprefix("custom_fields."))
    if field.startswith("attachments."):
        file = next((value for value in values if isinstance(value, Attachment)), None)
        return translate("AssetField", "File “{0}”").format(file.file_name if file else "")
    return {
        "name": translate("AssetField", "Name"),
        "asset_type": translate("AssetField", "Type"),
        "description": translate("AssetField", "Description"),
        "creator_name": translate("AssetField", "Creator"),
        "creation_date": translate("AssetField", "Created on"),
        "legal_status": translate("AssetField", "Legal status"),
        "enterprise_id": translate("AssetField", "Enterprise"),
        "application_number": translate("AssetField", "Application or registration number"),
        "external_url": translate("AssetField", "Web page"),
        "licence.transferable": translate("AssetField", "May be passed on"),
        "licence.commercial_use": translate("AssetField", "Commercial use"),
        "licence.derivatives": translate("AssetField", "May be adapted"),
        "licence.attribution": translate("AssetField", "Name the creator"),
        "licence.revenue_share_bp": translate("AssetField", "Revenue share"),
        "licence.expires_on": translate("AssetField", "Licence ends on"),
        "image": translate("AssetField", "Picture"),
    }[field]


def value_text(field: str, value: FieldValue, enterprises: Mapping[UUID, str]) -> str:
    """A value as a person reads it; a dash where there is nothing."""
    translate = QCoreApplication.translate
    match value:
        case None | "":
            return _ABSENT
        case bool():
            return translate("AssetField", "yes") if value else translate("AssetField", "no")
        case int() if field == "licence.revenue_share_bp":
            return share_text(value)
        case AssetType():
            return type_name(value)
        case LegalStatus():
            return legal_status_name(value)
        case UUID():
            return enterprises.get(value, str(value))
        case date():
            return value.isoformat()
        case Attachment():
            return _file_text(value)
        case _:
            return str(value)


def _file_text(file: Attachment) -> str:
    parts = [file.file_name]
    if file.agreement:
        parts.append(agreement_name(file.agreement))
    if file.confidential:
        parts.append(QCoreApplication.translate("AssetField", "confidential"))
    return " · ".join(parts)
