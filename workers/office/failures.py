"""The ways in which LibreOffice fails to make a PDF."""

from workers.children import Finished
from workers.errors import DocumentFailed
from workers.proof.soundness import is_whole


class OfficeMissing(DocumentFailed):
    """LibreOffice is not where it should be."""

    code = "office_missing"
    retry = True

    def __init__(self, sought: object) -> None:
        super().__init__(
            for_person="服务器没有安装 LibreOffice，暂时无法生成 PDF。请与管理员联系。",
            for_operator=f"no soffice.bin at {sought}; install libreoffice-writer-nogui or set NIANBAO_SOFFICE",
        )


class OfficeTimedOut(DocumentFailed):
    """LibreOffice did not finish in its time and was killed."""

    code = "office_timed_out"
    retry = True

    def __init__(self, seconds: float, finished: Finished) -> None:
        super().__init__(
            for_person="转换 PDF 超时。",
            for_operator=f"LibreOffice was killed after {seconds:g} s: it {finished}",
        )


class OfficeCrashed(DocumentFailed):
    """LibreOffice ended badly and left no PDF."""

    code = "office_crashed"
    retry = True

    def __init__(self, finished: Finished) -> None:
        super().__init__(
            for_person="转换 PDF 的程序意外退出。",
            for_operator=f"LibreOffice {finished}; repeated for one document, keep its Word file and look at it",
        )


class OfficeWroteNothing(DocumentFailed):
    """LibreOffice said that all is well, and there is no PDF or an empty one."""

    code = "office_wrote_nothing"
    retry = True

    def __init__(self, finished: Finished) -> None:
        super().__init__(
            for_person="转换没有产生 PDF。",
            for_operator=f"LibreOffice {finished}, and left no PDF; is the disk full, the profile damaged?",
        )


class OfficeWroteRubbish(DocumentFailed):
    """What LibreOffice left is not a whole PDF."""

    code = "office_wrote_rubbish"
    retry = True

    def __init__(self, finished: Finished, size: int) -> None:
        super().__init__(
            for_person="转换产生的 PDF 不完整。",
            for_operator=f"{size} bytes that do not begin with %PDF- and end with %%EOF; LibreOffice {finished}",
        )


def refuse_unless_whole(pdf: bytes, finished: Finished) -> None:
    """Look at what is there. Exit codes are not believed: 0 has come with no file, 81 with nothing wrong."""
    if not pdf:
        raise OfficeWroteNothing(finished) if finished.code == 0 else OfficeCrashed(finished)
    if not is_whole(pdf):
        raise OfficeWroteRubbish(finished, len(pdf))
