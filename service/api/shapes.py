"""What the API answers, in types; from them comes its description."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """What all shapes have in common: readers see their names without the ending."""

    model_config = ConfigDict(model_title_generator=lambda shape: shape.__name__.removesuffix("Shape"))


class FindingShape(Shape):
    """填报数据中不符合规则的一处。error 须改正，explain 须核对并说明，hint 供参考。"""

    rule: str = Field(description="规则编号")
    severity: Literal["error", "explain", "hint"]
    cells: list[str] = Field(description="涉及的数或文字的名称，最该看的在前")
    message: str = Field(description="哪张表、哪一行、哪一列，两边各是多少，相差多少")
    left: int | str | None = None
    right: int | str | None = None


class DocumentShape(Shape):
    """生成好的一份文件。"""

    id: str
    format: Literal["docx", "pdf"]
    sha256: str
    bytes: int
    pages: int
    url: str


class FailureShape(Shape):
    """没有做成的原因。"""

    code: str
    message: str


class JobShape(Shape):
    """生成文件的一项任务。"""

    id: str
    url: str
    report: str = Field(description="所属报告的地址")
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    state_in_words: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    next_attempt_at: datetime | None = Field(description="没有做成、将自动重试的，何时重试")
    error: FailureShape | None
    documents: list[DocumentShape]


class ReportShape(Shape):
    """一个单位一年的一份报告，最近一次报送的。"""

    id: str
    url: str
    title: str
    definition: str
    unit: str
    year: int
    revision: int = Field(description="第几次报送；数据没有变化的不另算")
    submitted_at: datetime
    submitted_by: str
    job: JobShape


class FullReportShape(ReportShape):
    """一份报告，连同填报数据和核对结果。"""

    answers: dict[str, Any] = Field(description="填报数据，可原样再次报送")
    findings: list[FindingShape]


class TakenInShape(Shape):
    """收下了，文件正在生成；到 job.url 查看进展。"""

    report: str = Field(description="报告的地址")
    revision: int
    is_new: bool = Field(description="false：同样的数据以前报送过，没有再存一份")
    job: JobShape
    findings: list[FindingShape] = Field(description="不妨碍报送、但请留意的地方")


class ReportsShape(Shape):
    """若干份报告，最近报送的在前。"""

    reports: list[ReportShape]
    next: str | None = Field(description="下一页的地址；没有了为 null")


class DefinitionShape(Shape):
    """一种报告的一个版本。"""

    reference: str
    title: str
    first_year: int
    figures: int = Field(description="有多少个数")
    texts: int = Field(description="有多少段文字")
    schema_url: str = Field(description="填报数据的 JSON Schema")


class DefinitionsShape(Shape):
    """本系统认识的各种报告。"""

    definitions: list[DefinitionShape]


class UnitShape(Shape):
    """报告是关于哪个单位的。"""

    name: str


class NotedShape(Shape):
    """带说明的数，说明印在数后面的括号里。"""

    value: int | str
    note: str = ""


class AnswersShape(Shape):
    """填报数据，与 `nianbao check` 所读的相同。每个名称都有说明的格式见该种报告的 JSON Schema。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "report": "open-government-annual/2021",
                "unit": {"name": "临溪县档案局"},
                "year": 2024,
                "cells": {"requests.received.natural_person": 0, "article_20_8.fees.charged": "12.365"},
                "texts": {"overview.proactive": "2024年，全年主动公开政府信息14条。"},
            }
        }
    )

    report: str = Field(description="哪种报告的哪个版本")
    unit: UnitShape
    year: int
    cells: dict[str, int | str | NotedShape] = Field(description="各数，按名称")
    texts: dict[str, str] = Field(description="各段文字，按名称；一行一段")


class ProblemShape(Shape):
    """填报数据中读不懂的一处。"""

    name: str
    reason: str
    remedy: str


class TroubleShape(Shape):
    """没有做成（RFC 9457）。code 各值的含义见 docs/errors.md。"""

    type: str
    title: str
    status: int
    detail: str = Field(description="怎么办")
    code: str
    request: str = Field(description="编号，向管理员询问时请报上")
    problems: list[ProblemShape] = []
    findings: list[FindingShape] = []


class Paging(Shape):
    """取哪一段。"""

    limit: int = Field(20, ge=1, le=100, description="最多几份")
    offset: int = Field(0, ge=0, le=1_000_000_000, description="跳过几份")
