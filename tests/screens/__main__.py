"""script/screenshots: every screen of the demonstration, wide and narrow, as pictures to look at."""

import shutil
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from storage.settings import Settings
from tests.browser.conftest import ARGUMENTS
from tests.screens.district import Demonstration, demonstration
from tests.screens.scenes import SCENES, Scene

SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1440, "height": 960},
    "narrow": {"width": 390, "height": 844},
    # At 200 %, a wide screen has half of its room.
    "zoomed": {"width": 720, "height": 480},
}
# Until all documents of the demonstration are made, in seconds; afterwards pictures are taken all the same.
PATIENCE = 180


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("scenes", nargs=-1, type=click.Choice([scene.name for scene in SCENES]))
@click.option("--out", default="docs/screens", show_default=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--language", default="zh", type=click.Choice(["zh", "en"]), help="Of the pages.")
@click.option("--size", "sizes", multiple=True, type=click.Choice(list(SIZES)), default=["wide", "narrow"])
def main(scenes: tuple[str, ...], out: Path, language: str, sizes: tuple[str, ...]) -> None:
    """Take pictures of the scenes named, or of all."""
    out.mkdir(parents=True, exist_ok=True)
    chosen = [scene for scene in SCENES if not scenes or scene.name in scenes]
    with tempfile.TemporaryDirectory(prefix="screens-") as folder, sync_playwright() as playwright:
        if (fonts := Settings().data_dir / "fonts").is_dir():
            shutil.copytree(fonts, Path(folder) / "fonts")
        with demonstration(Path(folder)) as shown:
            _wait_for_documents(shown)
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for scene in chosen:
                for size in sizes:
                    _picture(browser, shown, scene, size, language, out)
            browser.close()


def _wait_for_documents(shown: Demonstration) -> None:
    patience = time.monotonic() + PATIENCE
    while not shown.is_idle() and time.monotonic() < patience:
        time.sleep(1)


def _picture(browser: Browser, shown: Demonstration, scene: Scene, size: str, language: str, out: Path) -> None:
    context = browser.new_context(base_url=shown.address, locale="zh-CN", viewport=SIZES[size])
    context.add_cookies([{"name": "language", "value": language, "url": shown.address}])
    page = context.new_page()
    try:
        if scene.login:
            _sign_in(page, scene.login, shown.passwords[scene.login])
        scene.play(page, shown)
        page.wait_for_load_state("networkidle")
        file = out / f"{scene.name}-{size}{'' if language == 'zh' else '-' + language}.png"
        _keep(page.screenshot(full_page=scene.whole), file)
        print(file, flush=True)
    except Exception as error:
        print(f"{scene.name} {size}: {error}", file=sys.stderr, flush=True)
    finally:
        context.close()


def _keep(picture: bytes, file: Path) -> None:
    """A quarter of the bytes, and no difference to the eye: our screens have few colours."""
    with Image.open(BytesIO(picture)) as whole:
        few = whole.convert("RGB").quantize(96, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def _sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


if __name__ == "__main__":
    main()
