"""How long all rules take over one report."""

import time
from statistics import median

from reports.checks import check
from tests.bench.answers import varied
from tests.bench.figures import Figures, Row
from tests.bench.workshop import Workshop
from tests.people import read

ROWS = (Row("check_ms", "Check one report, all rules", "ms", at_most=2),)
REPORTS, TIMES = 50, 5


def measure(_workshop: Workshop) -> Figures:
    """The median of many reports, the rules being loaded."""
    reports = [read(varied(number)) for number in range(REPORTS)]
    check(reports[0])
    seconds = []
    for answers in reports * TIMES:
        begun = time.perf_counter()
        check(answers)
        seconds.append(time.perf_counter() - begun)
    return {"check_ms": median(seconds) * 1000}
