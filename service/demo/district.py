"""The invented district: its units, how busy each is, and where its report stands this year."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from service.demo.figures import Size

_HERE = Path(__file__).parent


class Stands(StrEnum):
    """Where a unit's report of this year stands."""

    NONE = "none"
    DRAFT = "draft"
    LATE = "late"
    SIGNING = "signing"
    NIL = "nil"
    SUBMITTED = "submitted"
    REVIEWING = "reviewing"
    RETURNED = "returned"
    APPROVED = "approved"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Agency:
    """One unit of the district; `focus` is what people ask it about."""

    name: str
    focus: tuple[str, str, str]
    size: Size
    stands: Stands

    @property
    def we(self) -> str:
        """What it calls itself in its report."""
        if self.name.endswith(("镇人民政府", "乡人民政府")):
            return f"本{self.name[-5]}"
        return {"处": "本街道", "府": "区政府"}.get(self.name[-1], "本局" if self.name.endswith("局") else "本单位")


@dataclass(frozen=True, slots=True)
class District:
    """The office that collects, and everybody who reports to it."""

    office: str
    contact: str
    agencies: tuple[Agency, ...]


@cache
def district() -> District:
    """The district as district.toml tells of it."""
    told = tomllib.loads((_HERE / "district.toml").read_text())
    return District(told["office"], told["contact"], tuple(_agency(one) for one in told["unit"]))


@cache
def narratives() -> Mapping[str, Mapping[str, list[str]]]:
    """What units say, in several wordings, by the name of the text."""
    return tomllib.loads((_HERE / "narratives.toml").read_text())


def _agency(told: Mapping[str, Any]) -> Agency:
    size = Size(
        requests=told["scale"],
        documents=told["documents"],
        licences=told.get("licences", 0),
        penalties=told.get("penalties", 0),
        fees=told.get("fees", "0"),
    )
    first, second, third = told["focus"]
    return Agency(told["name"], (first, second, third), size, Stands(told["stands"]))
