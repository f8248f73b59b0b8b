"""What draws documents: the box, the fonts, LibreOffice, and the bridge to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from docx import Document

from service.doctor.check import BOOTSTRAP, Check, broken, doubtful
from storage.settings import Settings
from workers import children
from workers.errors import DocumentFailed
from workers.fonts.chosen import Fonts
from workers.fonts.roles import ROLES, SERIF
from workers.office import bubblewrap
from workers.office.alone import to_pdf
from workers.office.failures import OfficeMissing
from workers.office.installed import Office, find_program, find_python

# In a container or a chroot there is no remedy, and none is needed: it is a box itself.
ALLOW_BOXES = "sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0"
# The first conversion of an installation prepares a profile.
OFFICE_SECONDS = 90
ASK_SECONDS = 20
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def box(_settings: Settings) -> Iterator[Check]:
    part = "bubblewrap"
    with TemporaryDirectory(prefix="nianbao-") as folder:
        works = bubblewrap.works(Path(folder))
    if works:
        yield Check(part, "可用：LibreOffice 关在沙箱里运行")
    elif shutil.which("bwrap") is None:
        yield doubtful(part, "未安装：LibreOffice 没有沙箱保护", BOOTSTRAP)
    else:
        why = _run("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true").err.strip()
        yield doubtful(part, f"系统不许建立沙箱：LibreOffice 没有沙箱保护（{why}）", ALLOW_BOXES)


def fonts(settings: Settings) -> Iterator[Check]:
    fonts = Fonts(settings.data_dir, settings.operator_fonts_dir)
    for role in ROLES:
        part = f"字体：{role.name}"
        try:
            drawn = fonts.drawn_with([role.declared[0]])[0]
        except DocumentFailed as error:
            yield broken(part, error.for_person, BOOTSTRAP)
            return
        found = f"{drawn.declared} → {drawn.family}" if drawn.stand_in else drawn.family
        if drawn.family == SERIF and role.stand_ins[0] != SERIF:
            yield doubtful(part, f"{found}（字形不同，只是代用）", f"{BOOTSTRAP} --fonts")
        else:
            yield Check(part, found)


def libreoffice(settings: Settings) -> Iterator[Check]:
    """Not only whether it is there: it makes a PDF of one line, as it would of a report."""
    part = "LibreOffice"
    try:
        office = Office.from_settings(settings, seconds=OFFICE_SECONDS)
        _convert_one_line(office)
    except DocumentFailed as error:
        yield broken(part, f"{error.for_person}（{error.for_operator}）", BOOTSTRAP)
    else:
        version = _ask(office.program, "--version").removeprefix("LibreOffice ")
        yield Check(part, f"{version}（{office.program}），试转 PDF 成功")


def _convert_one_line(office: Office) -> None:
    with TemporaryDirectory(prefix="doctor-", dir=office.data_dir) as folder:
        docx = Path(folder) / "line.docx"
        document = Document()
        document.add_paragraph("政府信息公开工作年度报告")
        document.save(str(docx))
        to_pdf(docx, Path(folder), office=office)


def uno(settings: Settings) -> Iterator[Check]:
    """Which Python can drive a LibreOffice that stays warm; a build of its own brings one along."""
    try:
        program = find_program(settings.soffice)
    except OfficeMissing:
        return
    with TemporaryDirectory(prefix="nianbao-") as folder:
        python = find_python(program, Path(folder))
    if python is None:
        slow = "没有能载入 uno 的 Python：每份文件都要重新启动 LibreOffice，较慢"
        yield doubtful("UNO", slow, "apt-get install python3-uno")
    else:
        yield Check("UNO", str(python))


def _ask(program: Path, *arguments: str) -> str:
    """What a program answers; nothing when it is not there or fails."""
    told = _run(program, *arguments)
    return told.out.strip() if told.code == 0 else ""


def _run(*argv: str | Path) -> children.Finished:
    with TemporaryDirectory(prefix="nianbao-") as folder:
        limits = children.Limits(seconds=ASK_SECONDS)
        return children.run(argv, cwd=Path(folder), env=ENVIRONMENT, limits=limits)
