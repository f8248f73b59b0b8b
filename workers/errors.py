"""Why a document could not be made; whether trying again may help is a property of the error."""

import errno
from typing import ClassVar

from billiard.exceptions import SoftTimeLimitExceeded

from reports.reading import AnswersRefused
from storage.making.jobs import Failure


class DocumentFailed(Exception):
    """A document could not be made; every way in which that happens is a subclass beside the code that raises it."""

    code: ClassVar[str]
    retry: ClassVar[bool]

    def __init__(self, for_person: str, for_operator: str) -> None:
        self.for_person = for_person
        self.for_operator = for_operator
        super().__init__(for_operator)

    @property
    def failure(self) -> Failure:
        """The error as a job remembers it."""
        return Failure(self.code, self.for_person, self.for_operator, self.retry)


class DiskFull(DocumentFailed):
    """There is no room for the document."""

    code = "disk_full"
    retry = True

    def __init__(self, error: OSError) -> None:
        super().__init__(
            for_person="服务器磁盘空间不足，请与管理员联系。",
            for_operator=f"{error}; make room in the data folder, the job is tried again by itself",
        )


class TookTooLong(DocumentFailed):
    """The document was not ready in time, and none of the inner limits noticed."""

    code = "took_too_long"
    retry = True

    def __init__(self) -> None:
        super().__init__(
            for_person="制作文件超时。",
            for_operator="the task's soft time limit fired; an inner limit should have fired before it",
        )


class AnswersUnreadable(DocumentFailed):
    """Kept answers cannot be read with the definitions this worker has."""

    code = "answers_unreadable"
    retry = False

    def __init__(self, error: AnswersRefused) -> None:
        super().__init__(
            for_person="这份报告与当前的报表定义不符，无法制作。请与管理员联系。",
            for_operator=f"{error}; is the definition the answers name in this worker's template folder?",
        )


class TemplateMissing(DocumentFailed):
    """The template that a job was ordered with is nowhere to be found."""

    code = "template_missing"
    retry = False

    def __init__(self, error: LookupError) -> None:
        super().__init__(
            for_person="制作这份文件所用的 Word 模板已经找不到，无法制作。请管理员在“模板”页查看，或重新生成。",
            for_operator=f"{error}; order it anew after the template that is in force now",
        )


class Unexpected(DocumentFailed):
    """Nobody foresaw this."""

    code = "unexpected"
    retry = True

    def __init__(self, error: BaseException) -> None:
        super().__init__(
            for_person="制作文件时出现意外错误，请与管理员联系。",
            for_operator=f"{type(error).__name__}: {error}; the worker's log has the traceback",
        )


def classify(error: Exception) -> DocumentFailed:
    """Any error that ended the making of a document, as one a job can remember."""
    if isinstance(error, DocumentFailed):
        return error
    if isinstance(error, SoftTimeLimitExceeded):
        return TookTooLong()
    if isinstance(error, AnswersRefused):
        return AnswersUnreadable(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(error)
    return Unexpected(error)
