"""What tests of several rooms begin with."""

import pytest
from sqlalchemy import Engine

from storage.session import session_scope
from tests.units import County, county


@pytest.fixture
def here(engine: Engine) -> County:
    """临溪县 with its office and two units."""
    with session_scope(engine) as session:
        return county(session)
