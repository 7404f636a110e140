"""Write the documents of the demonstration register: `python demo_data/make_documents.py`.

Every asset gets a registration extract; the confidential attachments take their text from `confidential.json`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fonts import cjk_font
from PySide6.QtCore import QMarginsF, QRect, QRectF, Qt, QUuid
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter, QPen

HERE = Path(__file__).parent
RESOLUTION_DPI = 144
MARGIN, TEXT_WIDTH = 110, 970
INK, MUTED, RULE, ACCENT, STAMP = "#1b2430", "#5b6675", "#d5dbe3", "#2b4fd8", "#b3262b"
WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "extract": "Registration extract", "type": "Type", "legal_status": "Legal status", "number": "Number",
        "creator": "Creator", "date": "Date", "holder": "Holder (demonstration)", "licence": "Licence",
        "source": "Source", "none": "none", "yes": "yes", "no": "no", "transferable": "transferable",
        "commercial_use": "commercial use", "derivatives": "derivatives", "attribution": "attribution required",
        "share": "revenue share", "expires": "until", "colon": ": ", "stamp": "INVENTED",
        "confidential": "CONFIDENTIAL",
        "note": "Demonstration document of IPNFT Desktop. It was issued by no authority and grants no rights.",
    },
    "zh": {
        "extract": "登记摘要", "type": "类型", "legal_status": "法律状态", "number": "编号", "creator": "创作者",
        "date": "日期", "holder": "持有者（演示）", "licence": "许可条款", "source": "来源", "none": "无", "yes": "是",
        "no": "否", "transferable": "可转让", "commercial_use": "可商用", "derivatives": "可演绎",
        "attribution": "须署名", "share": "收入分成", "expires": "有效期至", "colon": "：", "stamp": "虚 构",
        "confidential": "保 密",
        "note": "IPNFT Desktop 演示文件。非任何机构出具，不产生任何权利。",
    },
}  # fmt: skip
KINDS = {
    "PATENT": "专利", "TRADEMARK": "商标", "COPYRIGHT": "著作权", "DESIGN": "外观设计", "TRADE_SECRET": "商业秘密",
    "SOFTWARE": "软件", "OTHER": "其他", "UNREGISTERED": "未登记", "PENDING": "审查中", "REGISTERED": "已登记",
    "EXPIRED": "已届满", "DISPUTED": "有争议",
}  # fmt: skip


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


class Page:
    """An A4 page filled from top to bottom."""

    def __init__(self, path: Path, title: str) -> None:
        self._path = path
        self._writer = QPdfWriter(str(path))
        self._writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        self._writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        self._writer.setResolution(RESOLUTION_DPI)
        self._writer.setTitle(title)
        self._writer.setCreator("IPNFT Desktop demonstration data")
        self._writer.setDocumentId(QUuid.createUuidV5(QUuid(), path.name.encode()))
        self.painter = QPainter(self._writer)
        self.y: int = 96

    def text(self, text: str, size_px: int, colour: str = INK, *, bold: bool = False, left: int = 0) -> None:
        """Write wrapped text at the current height and move below it."""
        self.painter.setFont(cjk_font(size_px, bold=bold))
        self.painter.setPen(QColor(colour))
        area = QRect(MARGIN + left, self.y, TEXT_WIDTH - left, 2000)
        used: QRect = self.painter.drawText(area, WRAP, text)
        self.y += used.height()

    def rule(self, colour: str = RULE, width: int = 2) -> None:
        self.painter.fillRect(MARGIN, self.y, TEXT_WIDTH, width, QColor(colour))
        self.y += width

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        for label, value in rows:
            self.y += 11
            top = self.y
            self.text(label, 21, MUTED)
            below = self.y
            self.y = top
            self.text(value, 21, left=290)
            self.y = max(self.y, below) + 10
            self.rule(width=1)

    def picture(self, path: Path, height: int) -> None:
        image = QImage(str(path))
        width = round(height * image.width() / image.height())
        small = image.scaledToHeight(height * 2 // 3, Qt.TransformationMode.SmoothTransformation)
        self.painter.drawImage(QRectF(MARGIN, self.y, width, height), small)
        self.y += height

    def stamp(self, word: str, x: int, y: int) -> None:
        self.painter.save()
        self.painter.translate(x, y)
        self.painter.rotate(-11)
        self.painter.setPen(QPen(QColor(STAMP), 5))
        self.painter.setFont(cjk_font(42, bold=True))
        width = self.painter.fontMetrics().horizontalAdvance(word) + 90
        frame = QRect(-width // 2, -46, width, 92)
        self.painter.drawRoundedRect(frame, 12, 12)
        self.painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), word)
        self.painter.restore()

    def close(self, note: str) -> None:
        self.y = 1600
        self.rule()
        self.y += 12
        self.text(note, 17, MUTED)
        self.painter.end()
        # The same register gives the same bytes, so the time of writing is set to a fixed one of the same length.
        data = self._path.read_bytes()
        data = re.sub(rb"(?<=D:)\d{14}", b"20260101000000", data)
        data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", b"2026-01-01T00:00:00", data)
        self._path.write_bytes(data)


def licence_line(licence: dict[str, Any], words: dict[str, str]) -> str:
    parts = [
        f"{words[name]}{words['colon']}{words['yes' if licence[name] else 'no']}"
        for name in ("transferable", "commercial_use", "derivatives", "attribution")
    ]
    parts.append(f"{words['share']}{words['colon']}{licence['revenue_share_bp'] / 100:g}%")
    if licence["expires_on"]:
        parts.append(f"{words['expires']} {licence['expires_on']}")
    return " · ".join(parts)


def write_extract(asset: dict[str, Any], holder: str, path: Path) -> None:
    chinese = is_chinese(asset["name"])
    words = WORDS["zh" if chinese else "en"]

    def kind(code: str) -> str:
        return KINDS[code] if chinese else code.replace("_", " ").capitalize()

    page = Page(path, asset["name"])
    page.painter.fillRect(0, 0, 1400, 18, QColor(ACCENT))
    page.text(words["extract"], 22, ACCENT, bold=True)
    page.y += 8
    page.text(asset["name"], 40, bold=True)
    page.y += 24
    picture_top = page.y
    page.picture(HERE / asset["image"], 320)
    page.y += 26
    page.text(asset["description"], 23)
    page.y += 22
    page.rule()
    page.facts(
        [
            (words["type"], kind(asset["asset_type"])),
            (words["legal_status"], kind(asset["legal_status"])),
            (words["number"], asset["application_number"] or words["none"]),
            (words["creator"], asset["creator_name"]),
            (words["date"], asset["creation_date"]),
            *((label, value) for label, value in asset["custom_fields"].items()),
            (words["holder"], holder),
            (words["licence"], licence_line(asset["licence"], words)),
            (words["source"], asset["source"]),
        ]
    )
    if asset["invented"]:
        page.stamp(words["stamp"], 880, picture_top + 160)
    page.close(words["note"])


def write_confidential(title: str, paragraphs: Sequence[str], path: Path) -> None:
    words = WORDS["zh" if is_chinese(title) else "en"]
    page = Page(path, title)
    page.painter.fillRect(0, 0, 1400, 18, QColor(STAMP))
    page.text(title, 38, bold=True)
    page.y += 30
    page.rule()
    for paragraph in paragraphs:
        page.y += 26
        page.text(paragraph, 24)
    page.stamp(words["confidential"], 300, page.y + 130)
    page.stamp(words["stamp"], 840, page.y + 150)
    page.close(words["note"])


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(sys.argv[:1])  # fonts need an application; kept until the end
    register = json.loads((HERE / "register.json").read_text(encoding="utf-8"))
    secrets = json.loads((HERE / "confidential.json").read_text(encoding="utf-8"))
    holders = {enterprise["key"]: enterprise["name"] for enterprise in register["enterprises"]}
    (HERE / "documents").mkdir(exist_ok=True)
    for asset in register["assets"]:
        for attachment in asset["attachments"]:
            path = HERE / attachment["file"]
            if attachment["confidential"]:
                write_confidential(**secrets[path.name], path=path)
            else:
                write_extract(asset, holders[asset["enterprise"]], path)
            sys.stdout.write(f"{path.stat().st_size / 1000:7.1f} kB  {path.name}\n")
    application.quit()


if __name__ == "__main__":
    main()
