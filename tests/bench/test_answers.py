"""The reports that are measured with are whole, add up, and differ from each other."""

from reports.checks import check
from reports.definition import Severity
from tests.bench.answers import varied
from tests.people import read

MANY = range(60)


def test_every_one_is_complete_and_has_no_errors() -> None:
    for number in MANY:
        found = check(read(varied(number)))
        assert [finding for finding in found if finding.severity is Severity.ERROR] == []


def test_no_two_are_alike() -> None:
    units = {varied(number)["unit"]["name"] for number in MANY}
    answers = {read(varied(number) | {"unit": {"name": "同一单位"}}).digest for number in MANY}
    assert len(units) == len(MANY)
    # A return of noughts stays one, however many times it is taken; its texts differ all the same.
    assert len(answers) > len(MANY) * 0.8


def test_some_are_short_and_some_are_long() -> None:
    lengths = [sum(map(len, varied(number)["texts"].values())) for number in MANY]
    assert min(lengths) < 400
    assert max(lengths) > 2500
