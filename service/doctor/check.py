"""What the doctor tells of one part."""

from dataclasses import asdict, dataclass
from enum import StrEnum

# The remedy for whatever an installation should have brought along.
BOOTSTRAP = "script/bootstrap"


class Health(StrEnum):
    """How a part is: good, usable with a drawback, or not to be done without."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"


@dataclass(frozen=True)
class Check:
    """What was found of one part, and what to do about it unless it is good."""

    part: str
    found: str
    health: Health = Health.GOOD
    remedy: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def doubtful(part: str, found: str, remedy: str) -> Check:
    return Check(part, found, Health.DOUBTFUL, remedy)


def broken(part: str, found: str, remedy: str) -> Check:
    return Check(part, found, Health.BROKEN, remedy)
