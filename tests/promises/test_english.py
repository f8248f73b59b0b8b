"""Whoever asks for English gets English: every sentence has a translation, with the same places in it."""

from pathlib import Path

import pytest

from tests.promises.catalogue import TRANSLATIONS, shortcomings

CATALOGUES = sorted(TRANSLATIONS.glob("*.po"))


def test_there_is_an_english_catalogue() -> None:
    assert [file.stem for file in CATALOGUES] == ["en"]


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_every_sentence_is_translated_and_none_is_left_over(file: Path) -> None:
    assert list(shortcomings(file)) == []


@pytest.mark.parametrize(
    ("entry", "trouble"),
    [
        ('msgid "首页"\nmsgstr ""\n', "not translated: 首页"),
        ('msgid "首页"\nmsgstr "首页"\n', "still Chinese: 首页 → 首页"),
        ('msgid "{n} 页"\nmsgstr "Pages"\n', "other places than the original: {n} 页 → Pages"),
        ('#, fuzzy\nmsgid "首页"\nmsgstr "Home"\n', "only guessed: 首页"),
        ('msgid "从来没有这句话"\nmsgstr "Nobody says this"\n', "nobody says this any more: 从来没有这句话"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_found(tmp_path: Path, entry: str, trouble: str) -> None:
    file = tmp_path / "en.po"
    file.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{entry}')
    assert trouble in list(shortcomings(file))
