"""What every test of the domain may ask for: the annual report's definition."""

import pytest
from hypothesis import HealthCheck, settings

from reports.definition import Definition
from tests.people import annual

# A busy machine makes slow examples, not wrong ones.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def definition() -> Definition:
    """The annual report, edition 2021."""
    return annual()
