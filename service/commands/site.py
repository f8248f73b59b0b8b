"""`nianbao site`: what is public, as a folder that a portal can take over."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from service.commands.inputs import Unreadable, database_trouble, settings
from storage.files import FileDamaged


@click.group()
def site() -> None:
    """公开目录：导出为静态网站。"""


@site.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="放到哪个文件夹")
@click.option("--address", default="", metavar="网址", help="文件夹将来的网址，用于二维码和 sitemap.xml")
def export(out: Path, address: str) -> None:
    """把公开目录连同全部网页、文件和数据导出到 --out；可以直接打开，也可以放在任何路径下。再次导出会整个替换。"""
    # Only here: every command imports this module's siblings, and few of them need the web.
    from sqlalchemy.exc import SQLAlchemyError

    from service import create_app
    from service.public.export import ExportRefused
    from service.public.export import export as written

    if address and not _is_address(address):
        raise Unreadable(f"“{address}”不是网址，请写成 https://example.gov.cn/nianbao 这样")
    app = create_app(settings())
    try:
        made = written(app, out, address)
    except ExportRefused as error:
        raise Unreadable(error.for_person) from error
    except FileDamaged as error:
        raise click.ClickException(f"{error.for_operator}；没有导出，原来的文件夹没有改动") from error
    except SQLAlchemyError as error:
        raise database_trouble(error) from error
    finally:
        app.extensions["nianbao"].engine.dispose()
    click.echo(f"已导出到 {out}：{made.reports} 份报告，{made.files} 个文件，校验值在 SHA256SUMS。")


def _is_address(said: str) -> bool:
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
