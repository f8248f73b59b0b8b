"""The whole batch: from answers, through Redis and Celery, to documents that are proven and stored.

Beside it, block by block, the same Word files are only converted, by a bare warm loop, by unoserver, by one soffice
for each; so that whatever else the machine does hits all of them.
"""

from tests.bench.answers import varied
from tests.bench.converters import converted, several
from tests.bench.figures import Figures, Row, compared, costs, whole
from tests.bench.parts.convert import ways
from tests.bench.spent import Spent
from tests.bench.workshop import Workshop

ROWS = (
    Row("batch_vs_limit", "Whole batch, against a bare warm loop that only converts", "×", at_least=0.80),
    Row("batch_vs_oneshot", "Whole batch, against one soffice per document", "×", at_least=5),
    Row("batch_vs_unoserver", "Whole batch, against unoserver and its command, which only convert", "×", at_least=1.4),
    Row("batch_vs_unoserver_client", "Whole batch, against unoserver and a client that stays", "×"),
    Row("scaling_2", "Whole batch: two worker processes against one", "×", at_least=1.8),
    Row("batch_ms", "Whole batch, two processes, ms a report", "ms"),
    Row("batch_cpu_ms", "— of processor", "ms"),
    Row("batch_limit_ms", "Bare loop on the same files, two processes, ms a document", "ms"),
    Row("batch_limit_cpu_ms", "— of processor", "ms"),
    Row("batch_reports_an_hour", "Reports an hour, whole batch", ""),
    Row("batch_others", "Processors that others kept busy meanwhile", ""),
)
BLOCK = 60
# Of those that are much slower, a sample of every length will do.
FEWER = {"oneshot": 8, "unoserver": 24, "unoserver_client": 24}


def measure(workshop: Workshop) -> Figures:
    """Blocks of reports, each made by two processes and by one, then converted by the others."""
    two, one = workshop.shop("two", 2), workshop.shop("one", 1)
    two.make([varied(number) for number in range(4)])
    one.make([varied(number) for number in range(2)])
    beside = ways(workshop)
    del beside["ours"]
    warm_up = two.word_files(1)[0]
    into = workshop.folder / "beside"
    into.mkdir()
    copy = into / "warm-up.docx"
    copy.write_bytes(warm_up.read_bytes())
    teams = {way: several(make, 2, copy) for way, make in beside.items()}
    for team in teams.values():
        for converter in team:
            workshop.kept(converter, lambda converter: converter.close())

    spent: dict[str, list[Spent]] = {name: [] for name in ("two", "one", *teams)}
    numbers = range(10, 10 + workshop.reports)
    for begin in range(0, len(numbers), BLOCK):
        reports = [varied(number) for number in numbers[begin : begin + BLOCK]]
        workshop.tell(f"batch: {begin} of {len(numbers)} reports")
        spent["two"].append(two.make(reports))
        files = two.word_files(len(reports))
        for way, team in teams.items():
            some = files[: FEWER.get(way, len(files))]
            spent[way].append(converted(team, some, into))
        spent["one"].append(one.make(reports[: len(reports) // 2]))
    workshop.clear()
    return told(spent)


def told(spent: dict[str, list[Spent]]) -> Figures:
    """The figures of all blocks."""
    figures = costs("batch", spent["two"]) | compared("scaling_2", spent["two"], spent["one"])
    for way in spent.keys() - {"two", "one"}:
        figures |= compared(f"batch_vs_{way}", spent["two"], spent[way]) | costs(f"batch_{way}", spent[way])
    return figures | {
        "batch_reports_an_hour": 3_600_000 / whole(spent["two"]).wall_ms,
        "batch_others": whole(spent["two"]).others,
    }
