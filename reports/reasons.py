"""Reasons: what a clerk writes where a figure is right although a rule says otherwise; the reviewer reads it."""

from collections.abc import Iterable, Mapping

from reports import characters
from reports.definition import Severity
from reports.findings import Finding, blocks


def reason_name(finding: Finding) -> str:
    """The field that the reason for a finding stands in: `X2@article_20_1.regulations.in_force`."""
    return f"{finding.rule}@{finding.cells[0]}"


def wanted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that pass only with a reason."""
    return tuple(finding for finding in findings if finding.severity is Severity.EXPLAIN)


def missing(findings: Iterable[Finding], reasons: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings that still wait for their reason."""
    return tuple(one for one in wanted(findings) if characters.blank(reasons.get(reason_name(one), "")))


def given(findings: Iterable[Finding], reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that belong to a finding there is; what was written for one that is mended stays behind."""
    names = [reason_name(one) for one in wanted(findings)]
    written = {name: reasons.get(name, "").strip() for name in names}
    return {name: reason for name, reason in written.items() if not characters.blank(reason)}


def ready(findings: Iterable[Finding], reasons: Mapping[str, str]) -> bool:
    """Whether a report with these findings can be sent: no errors, and a reason wherever one is wanted."""
    findings = tuple(findings)
    return not blocks(findings) and not missing(findings, reasons)
