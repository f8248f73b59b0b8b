"""What an archive's list says: its head, and a line for each expected unit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from reports.definition import Definition
from reports.faces.manifest import (
    BATCH,
    CAMPAIGN,
    COUNTS,
    COVERAGE,
    EDITION,
    FILES,
    FORMAT,
    MADE_AT,
    MADE_BY,
    OFFICE,
    TITLE,
    Line,
)
from reports.wording import spoken
from service.moves import state_in_words
from service.words import moment
from storage.publishing.archives import Holding
from storage.roster.facts import KINDS
from storage.tables import Batch, Campaign, Document, Format

_FILES: Final = {"all": "PDF 和 Word", "pdf": "仅 PDF", "word": "仅 Word"}
_ALL_APPROVED: Final = "全部（审核通过的报告最后一次生成的文件）"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be packed, for whom, and when."""

    campaign: Campaign
    office: str
    definition: Definition
    batch: Batch | None
    scope: str
    made_at: datetime
    made_by: str

    @property
    def title(self) -> str:
        """临溪县人民政府办公室2024年政府信息公开工作年度报告归档."""
        batch = f"第{self.batch.number}批" if self.batch else ""
        return f"{self.title_of(self.office)}归档{batch}"

    def title_of(self, unit: str) -> str:
        """The title of one unit's report."""
        return self.definition.heading(unit, self.campaign.year)


def coverage(holdings: Sequence[Holding], missing: int) -> str:
    """How many units there are, and what became of them."""
    exempt = sum(one.standing.is_exempt for one in holdings)
    expected = len(holdings) - exempt
    return f"应报 {expected}，已收入 {expected - missing}，缺 {missing}；另有免报 {exempt}"


def head(order: Order, holdings: Sequence[Holding], missing: int) -> dict[str, str]:
    """What stands above the list."""
    batch = order.batch
    return {
        TITLE: order.title,
        OFFICE: order.office,
        CAMPAIGN: order.campaign.public_id,
        BATCH: f"第 {batch.number} 批（{batch.public_id}）" if batch else _ALL_APPROVED,
        FILES: _FILES[order.scope],
        COVERAGE: f"不完整，缺 {missing}" if missing else "完整",
        COUNTS: coverage(holdings, missing),
        MADE_AT: moment(order.made_at),
        MADE_BY: order.made_by,
        EDITION: FORMAT,
    }


def line_of(number: int, one: Holding, names: Mapping[Format, str], reason: str) -> Line:
    """One unit; `names` are those of the files that are in the archive."""
    unit, submission = one.standing.unit, one.standing.submission
    with spoken(str):
        state = "免报" if one.standing.is_exempt else state_in_words(one.standing.report).word
    pdf, docx = (one.document(format) if format in names else None for format in (Format.PDF, Format.DOCX))
    shown = pdf or docx
    return Line(
        number=str(number),
        kind=KINDS[unit.kind],
        unit=unit.name,
        code=unit.code or "",
        state=state,
        revision=f"第{one.revision}版" if one.revision else "",
        receipt=submission.receipt if submission else "",
        pages=str(shown.pages) if shown else "",
        pdf=names.get(Format.PDF, ""),
        pdf_bytes=_bytes(pdf),
        pdf_sha256=pdf.sha256 if pdf else "",
        docx=names.get(Format.DOCX, ""),
        docx_bytes=_bytes(docx),
        docx_sha256=docx.sha256 if docx else "",
        fonts=_fonts(pdf),
        reason=reason,
    )


def _bytes(document: Document | None) -> str:
    return str(document.bytes) if document else ""


def _fonts(document: Document | None) -> str:
    """Which typefaces were declared, and which others drew them."""
    if document is None or not document.typefaces:
        return ""
    return "；".join(_font(one) for one in json.loads(document.typefaces))


def _font(one: Mapping[str, Any]) -> str:
    told = str(one["declared"]) + (f"（由 {one['drawn_with']} 代绘）" if one["stand_in"] else "")
    return told + "".join(f"，缺“{letters}”由 {family} 补绘" for family, letters in one["fallback"].items())
