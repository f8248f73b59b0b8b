"""Two versions of a text, sentence by sentence."""

from reports.sentences import Fate, Piece, differences, is_same, kept_share, sentences

KEPT, CHANGED, NEW, GONE = Fate.KEPT, Fate.CHANGED, Fate.NEW, Fate.GONE


def fates(before: list[str], now: list[str]) -> list[tuple[Fate, str]]:
    return [(one.fate, one.now or one.before) for one in differences(before, now)]


class TestCutting:
    def test_a_text_is_cut_behind_full_stops_and_semicolons(self) -> None:
        assert sentences("一是公开。二是解读；三是回应！") == ("一是公开。", "二是解读；", "三是回应！")

    def test_a_closing_quote_belongs_to_its_sentence(self) -> None:
        assert sentences("他说：“好。”然后走了。") == ("他说：“好。”", "然后走了。")

    def test_a_text_without_a_full_stop_is_one_sentence(self) -> None:
        assert sentences("全年未收费") == ("全年未收费",)

    def test_nothing_but_white_space_is_lost(self) -> None:
        text = "　　甲。乙；（丙！）丁\n戊…… "
        assert "".join(sentences(text)) == "".join(text.split())

    def test_of_nothing_there_is_none(self) -> None:
        assert sentences(" \n ") == ()


class TestDifferences:
    def test_what_was_kept_is_kept(self) -> None:
        assert fates(["甲事公开。乙事公开。"], ["甲事公开。乙事公开。"]) == [(KEPT, "甲事公开。"), (KEPT, "乙事公开。")]

    def test_a_sentence_in_which_a_figure_differs_is_changed_and_says_where(self) -> None:
        [one] = differences(["2024年，全年主动公开政府信息14条。"], ["2025年，全年主动公开政府信息20条。"])
        assert one.fate is CHANGED
        assert Piece(GONE, "4") in one.pieces
        assert "".join(piece.text for piece in one.pieces if piece.fate is not GONE) == one.now
        assert "".join(piece.text for piece in one.pieces if piece.fate is not NEW) == one.before

    def test_what_is_new_and_what_is_gone_stand_where_they_stand(self) -> None:
        before = ["栏目按月检查。", "设专人负责登记。"]
        now = ["栏目按月检查。今年开通了手机版。", "设专人负责登记。"]
        assert fates(before, now) == [
            (KEPT, "栏目按月检查。"),
            (NEW, "今年开通了手机版。"),
            (KEPT, "设专人负责登记。"),
        ]
        assert fates(now, before)[1] == (GONE, "今年开通了手机版。")

    def test_another_sentence_in_its_place_is_not_called_a_version_of_it(self) -> None:
        assert [fate for fate, _ in fates(["设专人负责登记。"], ["今年开通了手机版。"])] == [NEW, GONE]

    def test_every_sentence_knows_its_paragraph(self) -> None:
        found = differences(["甲。", "乙。"], ["甲。", "新的一句话。乙。"])
        assert [(one.paragraph, one.now) for one in found] == [(0, "甲。"), (1, "新的一句话。"), (1, "乙。")]

    def test_nothing_of_either_text_is_left_out(self) -> None:
        before = ["一是甲事按月公开。二是乙事按季公开；三是丙事随时公开。", "末尾的话。"]
        now = ["二是乙事按月公开；一是甲事按月公开。", "另起一段说丁事。三是丙事随时公开。"]
        found = differences(before, now)
        assert "".join(one.now for one in found) == "".join(now)
        assert sorted(one.before for one in found if one.before) == sorted(
            sentence for paragraph in before for sentence in sentences(paragraph)
        )

    def test_a_text_without_full_stops_as_long_as_a_book_is_compared_as_a_whole(self) -> None:
        before, now = "甲乙丙丁" * 6_000, "丁丙乙甲" * 6_000
        assert [one.fate for one in differences([before], [now])] == [NEW, GONE]


class TestShare:
    def test_the_same_text_stood_there_altogether(self) -> None:
        assert kept_share(differences(["甲事公开。"], ["甲事公开。"])) == 100

    def test_of_another_text_nothing_did(self) -> None:
        assert kept_share(differences(["设专人负责登记。"], ["今年开通了手机版。"])) == 0

    def test_a_changed_sentence_counts_by_its_letters(self) -> None:
        found = differences(["全年主动公开政府信息14条。"], ["全年主动公开政府信息20条。"])
        assert 70 < kept_share(found) < 100
        assert not is_same(found)

    def test_no_text_has_no_share(self) -> None:
        assert kept_share(differences(["甲。"], [])) == 0
