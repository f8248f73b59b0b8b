"""What a Word template may ask for is what one report answers: plain strings and lists under the same names."""

from reports.faces.word import OWN_NAMES, context, placeholders, printed
from tests.people import MARKET, but, ordinary_report, read


def leaves(tree, above=()):
    """The dotted names of a nested context, with their values."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*above, key))
        else:
            yield ".".join((*above, key)), value


def test_the_context_answers_every_placeholder_and_nothing_else(definition):
    named = dict(leaves(context(read(ordinary_report()))))
    assert set(named) == placeholders(definition) | OWN_NAMES


def test_a_cell_is_a_string_and_a_text_a_list_of_paragraphs(definition):
    report = but(
        ordinary_report(),
        cells={"article_20_1.normative_documents.repealed": {"value": 1, "note": "其中修订1件"}},
        texts={"overview.platform": "　　一段\r\n二段"},
    )
    named = dict(leaves(context(read(report))))
    assert named["requests.received.total"] == "16"
    assert named["article_20_8.fees.charged"] == "12.365"
    assert named["article_20_1.normative_documents.repealed"] == "1（其中修订1件）"
    assert named["overview.platform"] == ["一段", "二段"]
    assert (named["title"], named["unit"], named["year"]) == (
        [MARKET, "2024年政府信息公开工作年度报告"],
        MARKET,
        "2024",
    )


def test_a_blank_is_an_empty_string_not_a_zero():
    named = dict(leaves(context(read(but(ordinary_report(), cells={"requests.received.total": None})))))
    assert named["requests.received.total"] == ""


def test_only_plain_data_reaches_a_template():
    def plain(value):
        if type(value) is dict:
            return all(type(key) is str and plain(inner) for key, inner in value.items())
        if type(value) is list:
            return all(type(inner) is str for inner in value)
        return type(value) is str

    assert plain(context(read(ordinary_report())))


def test_what_looks_like_a_template_stays_what_was_typed():
    typed = "{{ 7*7 }} R&D <w:p>"
    named = dict(leaves(context(read(but(ordinary_report(), texts={"other.matters": typed})))))
    assert named["other.matters"] == [typed]


def test_what_is_printed_is_everything_in_the_context_in_reading_order(definition):
    answers = read(but(ordinary_report(), texts={"overview.platform": "一段\n二段"}))
    named = dict(leaves(context(answers)))
    found = printed(answers)
    everything = [line for name in [*definition.cells, *definition.texts, "title"] for line in listed(named[name])]
    assert sorted(found) == sorted(everything)
    in_order = [*named["title"], *named["overview.proactive"], *named["overview.on_request"]]
    assert list(found[: len(in_order)]) == in_order
    assert found[-1] == named["other.matters"][0]
    # Between the overview's five texts and the last two parts' three stand the two hundred figures.
    assert list(found[-203:-3]) == [named[name] for name in definition.cells]


def listed(value):
    return value if isinstance(value, list) else [value]
