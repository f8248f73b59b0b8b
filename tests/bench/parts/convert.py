"""Word to PDF and nothing else, four ways, on the same Word files, taking turns; one process and two."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from tests.bench.converters import Converter, converted, several
from tests.bench.figures import Figures, Row, compared, costs
from tests.bench.spent import Spent
from tests.bench.unoserver import NotToBeHad
from tests.bench.workshop import Workshop

ROWS = (
    Row("convert_vs_limit", "Conversion, against a bare warm loop, two processes", "×"),
    Row("convert_vs_oneshot", "Conversion, against one soffice per document, two processes", "×"),
    Row("convert_vs_unoserver", "Conversion, against unoserver and its command, two processes", "×"),
    Row("convert_vs_unoserver_client", "Conversion, against unoserver and a client that stays, two processes", "×"),
    Row("limit_scaling_2", "Bare loop: two processes against one", "×"),
    *(
        Row(f"convert_{way}_{count}_ms", f"{says}, {processes}, ms a document", "ms")
        for way, says in (
            ("limit", "Bare warm loop"),
            ("ours", "Ours"),
            ("unoserver", "unoserver and its command"),
            ("unoserver_client", "unoserver and a client that stays"),
            ("oneshot", "One soffice per document"),
        )
        for count, processes in ((1, "one process"), (2, "two processes"))
    ),
)
FILES, BLOCKS, ALONE = 40, 5, 6
Blocks = dict[tuple[str, int], list[Spent]]


def measure(workshop: Workshop) -> Figures:
    """Block by block: every way with one process, then with two."""
    files = workshop.word_files(FILES)
    teams = {way: several(make, 2, files[0]) for way, make in ways(workshop).items()}
    for team in teams.values():
        for converter in team:
            workshop.kept(converter, lambda one: one.close())
    blocks: Blocks = defaultdict(list)
    for block in range(BLOCKS):
        workshop.tell(f"convert: block {block + 1} of {BLOCKS}")
        for count in (1, 2):
            for way, team in teams.items():
                some = files[block::BLOCKS][:ALONE] if way == "oneshot" else files
                blocks[way, count].append(converted(team[:count], some, workshop.folder))
    workshop.clear()
    return told(blocks, list(teams))


def ways(workshop: Workshop) -> dict[str, Callable[[], Converter]]:
    """All ways that this machine has."""
    benches = workshop.benches
    found = {
        "limit": benches.bare,
        "ours": benches.ours,
        "unoserver": benches.unoserver,
        "unoserver_client": benches.unoserver_client,
        "oneshot": benches.alone,
    }
    try:
        benches.unoserver().close()
    except NotToBeHad as reason:
        del found["unoserver"], found["unoserver_client"]
        workshop.remarks.append(f"unoserver is not to be had here: {reason}")
    return found


def told(blocks: Blocks, names: Sequence[str]) -> Figures:
    """The figures of all blocks."""
    figures: Figures = {}
    for way in names:
        for count in (1, 2):
            figures |= costs(f"convert_{way}_{count}", blocks[way, count])
        if way != "ours":
            figures |= compared(f"convert_vs_{way}", blocks["ours", 2], blocks[way, 2])
    return figures | compared("limit_scaling_2", blocks["limit", 2], blocks["limit", 1])
