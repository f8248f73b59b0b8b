"""The API described by itself: every operation declares what it takes and answers, and OpenAPI comes from that."""

import functools
import importlib.metadata
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from reports.reading import Problem
from service.api.shapes import TroubleShape
from service.errors import QueryRefused

View = TypeVar("View", bound=Callable[..., Any])

PROBLEM: Final = "application/problem+json"
_ORDER: Final = ("报告", "任务", "文件", "报告的种类")
_INTRODUCTION: Final = (
    "报送填报数据，取回 Word 和 PDF。请求须带 `Authorization: Bearer 密钥`；密钥由管理员用 "
    "`nianbao key create 名称` 建立。"
)


def _refuse(_request: Any, _response: Any, error: Any, *_others: Any) -> None:
    if error is not None:
        raise QueryRefused(tuple(_problem(one) for one in error.errors()))


def _problem(error: dict[str, Any]) -> Problem:
    name = ".".join(str(part) for part in error["loc"])
    return Problem(name, f"“{str(error['input'])[:40]}”不能用", "请对照接口文档改正，或不写这一项")


spec: Final = SpecTree(
    "flask",
    mode="strict",
    title="年报接口",
    version=importlib.metadata.version("nianbao"),
    description=_INTRODUCTION,
    before=_refuse,
    validation_error_model=TroubleShape,
    security_schemes=[SecurityScheme(name="key", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))],
    security={"key": []},
    naming_strategy=lambda model: model.__name__.removesuffix("Shape"),
    nested_naming_strategy=lambda _parent, child: child.removesuffix("Shape"),
    page_templates={},
)


def described(**said: Any) -> Callable[[View], View]:
    """As `spec.validate`, for a view whose answer is a file: what it does is written down, what it sends left alone."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def alone(*given: Any, **named: Any) -> Any:
            return view(*given, **named)

        # SpecTree finds what was said by following this; its own wrapper would read the whole file.
        alone.__wrapped__ = spec.validate(**said)(view)
        return cast(View, alone)

    return decorate


def answers(*refusals: int, **shapes: Any) -> Response:
    """What an operation answers: `HTTP_200=Shape`; and the statuses of its refusals."""
    return Response(**shapes, **{f"HTTP_{status}": TroubleShape for status in (401, *refusals)})


def openapi() -> dict[str, Any]:
    """The description, with refusals told in their own media type."""
    described: dict[str, Any] = spec.spec
    described["tags"].sort(key=lambda tag: _ORDER.index(tag["name"]))
    for operations in described["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if status >= "400" and "application/json" in content:
                    content[PROBLEM] = content.pop("application/json")
    return described
