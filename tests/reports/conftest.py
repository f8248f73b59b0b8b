"""What every test of the domain may ask for: the annual report's definition, and a way to write a small one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from reports.definition import Definition
from reports.loading import load_definition
from tests.people import annual

# A busy machine makes slow examples, not wrong ones.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_HEAD = """
id         = "small"
edition    = "1"
title      = "{unit}{year}年小报告"
first_year = 2021

[laws]
figures = { id = "F", says = "应填数" }
texts   = { id = "T", says = "不能空缺" }
years   = { id = "Y", says = "年度应一致" }
"""


@pytest.fixture(scope="session")
def definition() -> Definition:
    """The annual report, edition 2021."""
    return annual()


@pytest.fixture
def define(tmp_path: Path) -> Callable[[str], Definition]:
    """Write the sections of a definition, get the definition."""

    def written(sections: str) -> Definition:
        file = tmp_path / "small" / "1" / "definition.toml"
        file.parent.mkdir(parents=True)
        file.write_text(_HEAD + sections, encoding="utf-8")
        return load_definition(file)

    return written
