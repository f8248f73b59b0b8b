"""Whether trying again may help is decided by the error."""

import errno

import pytest
from billiard.exceptions import SoftTimeLimitExceeded

from reports.reading import AnswersRefused
from workers.errors import DocumentFailed, classify


class TemplateMissing(DocumentFailed):
    code = "template_missing"
    retry = False


@pytest.mark.parametrize(
    ("error", "code", "retry"),
    [
        (TemplateMissing("没有模板。", "no report.docx"), "template_missing", False),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full", True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full", True),
        (FileNotFoundError(errno.ENOENT, "No such file"), "unexpected", True),
        (SoftTimeLimitExceeded(), "took_too_long", True),
        (AnswersRefused([]), "answers_unreadable", False),
        (ZeroDivisionError("division by zero"), "unexpected", True),
        (MemoryError(), "unexpected", True),
    ],
)
def test_an_error_has_a_code_and_says_whether_to_try_again(error: Exception, code: str, retry: bool) -> None:
    failure = classify(error).failure
    assert (failure.code, failure.retry) == (code, retry)
    assert failure.for_person
    assert failure.for_operator


def test_an_unforeseen_error_is_named_to_the_operator_and_not_to_the_person() -> None:
    failure = classify(ZeroDivisionError("division by zero")).failure
    assert "ZeroDivisionError: division by zero" in failure.for_operator
    assert "ZeroDivisionError" not in failure.for_person
