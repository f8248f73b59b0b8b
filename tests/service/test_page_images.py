"""Pages become pictures: the right page, in its colours, drawn once however many look, and never too many kept."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from service.page_images import Bookmark, NoSuchPage, PageImages, Size
from storage.tables import Document, Format

A4 = (595.3, 841.9)
RED, GREY = "0.8 0 0 rg", "0.5 g"


class File:
    """A PDF of one coloured square a page, that counts how often it is opened."""

    def __init__(self, path: Path, *colours: str) -> None:
        with pikepdf.new() as pdf:
            for colour in colours:
                page = pdf.add_blank_page(page_size=A4)
                page.Contents = pdf.make_stream(f"{colour} 100 100 200 200 re f".encode())
            with pdf.open_outline() as outline:
                outline.root += [pikepdf.OutlineItem(f"第{n + 1}部分", n) for n in range(len(colours))]
            pdf.save(path)
        self.path, self.opened = path, 0
        self.document = Document(format=Format.PDF, sha256=path.name, pages=len(colours))

    def open(self) -> io.BufferedReader:
        self.opened += 1
        return self.path.open("rb")


@pytest.fixture
def pdf(tmp_path: Path) -> Callable[..., File]:
    return lambda *colours, name="a": File(tmp_path / f"{name}.pdf", *colours)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def test_a_page_is_drawn_for_good_screens_and_small_as_a_thumbnail(pdf: Callable[..., File]) -> None:
    file, images = pdf(GREY), PageImages()
    page = picture(images.png(file.document, 1, Size.PAGE, file.open))
    small = picture(images.png(file.document, 1, Size.SMALL, file.open))
    assert (page.width, page.height) == pytest.approx((1191, 1684), abs=1)
    assert (small.width, small.height) == pytest.approx((199, 281), abs=1)


def test_a_page_without_colours_takes_half_the_bytes_of_one_with_and_red_stays_red(pdf: Callable[..., File]) -> None:
    file, images = pdf(GREY, RED), PageImages()
    grey, red = (picture(images.png(file.document, number, Size.PAGE, file.open)) for number in (1, 2))
    assert (grey.mode, red.mode) == ("P", "RGB")
    middle = (400, 1684 - 400)
    assert grey.convert("RGB").getpixel(middle) == pytest.approx((128, 128, 128), abs=10)
    assert red.getpixel(middle) == (204, 0, 0)


def test_twenty_who_look_at_once_have_it_drawn_once(pdf: Callable[..., File]) -> None:
    file, images = pdf(GREY), PageImages()
    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(lambda _: images.png(file.document, 1, Size.PAGE, file.open), range(20)))
    assert len(set(seen)) == 1
    assert file.opened == 1


def test_the_picture_nobody_looked_at_longest_makes_room_for_another(pdf: Callable[..., File]) -> None:
    files = {name: pdf(GREY, name=name) for name in "abc"}
    one = len(PageImages().png(files["a"].document, 1, Size.PAGE, files["a"].open))
    images = PageImages(room=2 * one)
    for name in "abacb":
        images.png(files[name].document, 1, Size.PAGE, files[name].open)
        assert images.size <= 2 * one
    assert {name: file.opened for name, file in files.items()} == {"a": 2, "b": 2, "c": 1}


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_a_page_that_is_not_there_is_not_looked_for(pdf: Callable[..., File], number: int) -> None:
    file = pdf(GREY, GREY)
    with pytest.raises(NoSuchPage):
        PageImages().png(file.document, number, Size.PAGE, file.open)
    assert file.opened == 0


def test_the_headings_of_a_document_are_known_with_their_pages(pdf: Callable[..., File]) -> None:
    file = pdf(GREY, RED)
    assert PageImages().bookmarks(file.open) == (Bookmark("第1部分", 1), Bookmark("第2部分", 2))
