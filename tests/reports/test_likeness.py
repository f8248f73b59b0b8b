"""Whose words a report is made of: names and numbers replaced do not hide it."""

from reports.answers import Answers
from reports.likeness import bands, matches, overlap, plain
from tests.people import MARKET, but, nil_return, read

EDUCATION, HOUSING = "云溪区教育局", "云溪区住房和城乡建设局"
TOLD = (
    "2025年，{unit}围绕群众关心的事项主动公开政府信息{n}条。本局把公开要求写进发文流程，由起草科室提出意见，"
    "办公室复核，分管负责人签发；对涉及个人的名单和公示，期满即下线并留存备查。全年召开{n}次说明会，"
    "现场解答了社区和企业代表的提问。"
)
OTHER = (
    "我单位继续清理目录之外的零散栏目，方便群众从一个入口查到历年的文件。新出台的政策由专人讲清楚给谁、给什么、"
    "找谁办，并在窗口的查询机上同步更新；对内容不清楚的申请，先打电话了解需要再决定是否请申请人补正。"
)


def report(unit: str, text: str = TOLD, n: int = 14) -> Answers:
    texts = dict.fromkeys(nil_return()["texts"], "无。")
    return read(but(nil_return(unit, 2025), texts={**texts, "overview.proactive": text.format(unit=unit, n=n)}))


class TestAlike:
    def test_another_units_report_with_the_name_and_the_numbers_replaced_is_altogether_its_own(self) -> None:
        copied, own = report(HOUSING, n=365), report(EDUCATION)
        assert overlap(copied, own) == 100
        assert bands(copied, "room") & bands(own, "room")

    def test_another_text_has_next_to_nothing_in_common(self) -> None:
        assert overlap(report(HOUSING, OTHER), report(EDUCATION)) < 10
        assert not bands(report(HOUSING, OTHER), "room") & bands(report(EDUCATION), "room")

    def test_what_was_copied_and_lengthened_stands_in_it_as_much_as_it_stands(self) -> None:
        longer, own = report(HOUSING, TOLD + OTHER), report(EDUCATION)
        assert overlap(own, longer) == 100
        assert 40 < overlap(longer, own) < 75

    def test_a_text_with_a_few_words_changed_is_still_found(self) -> None:
        touched = report(HOUSING, TOLD.replace("办公室复核", "法制科室复核"))
        assert bands(touched, "room") & bands(report(EDUCATION), "room")
        assert 80 < overlap(touched, report(EDUCATION)) < 100

    def test_texts_that_everybody_writes_in_a_few_words_are_no_sign(self) -> None:
        assert not bands(report(EDUCATION, "本年未收费。"), "room")
        assert overlap(report(EDUCATION, ""), report(HOUSING, "")) == 0

    def test_texts_of_another_campaign_share_nothing(self) -> None:
        assert not bands(report(EDUCATION), "2024") & bands(report(EDUCATION), "2025")

    def test_what_is_stored_is_the_same_tomorrow(self) -> None:
        # A hash that differs from process to process would find nothing after a restart.
        assert min(bands(report(EDUCATION), "room")) == -8068840615810833689


class TestPlain:
    def test_names_numbers_and_punctuation_are_left_out(self) -> None:
        assert plain("2025年，云溪区教育局（本局）公开3件、二十条。", EDUCATION) == "年公开件条"

    def test_numerals_that_number_nothing_stay(self) -> None:
        assert plain("一是统一口径。", EDUCATION) == "一是统一口径"


class TestMatches:
    def test_each_sentence_is_shown_beside_the_one_it_is_like(self) -> None:
        found = matches(report(HOUSING, TOLD + OTHER), report(EDUCATION))
        first = found[0]
        assert (first.name, first.own[:5], EDUCATION in first.other) == ("overview.proactive", "2025年", True)
        assert not [one for one in found if one.own in OTHER]

    def test_nothing_is_beside_a_report_of_its_own(self) -> None:
        assert matches(report(HOUSING, OTHER), report(MARKET)) == ()
