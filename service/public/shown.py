"""A public report as pages and files tell of it: read once, from the revision that was approved and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Final

from reports.answers import Answers
from reports.reading import read_answers
from service.language import _
from service.public.addresses import Addresses
from service.resources import resources
from storage.publishing.catalogue import Published
from storage.tables import Publication

_CHINA: Final = timezone(timedelta(hours=8))


def day(when: datetime) -> str:
    """2026年1月21日, by the clocks of China."""
    return in_words(when.astimezone(_CHINA).date())


def in_words(when: date) -> str:
    return _("{year}年{month}月{day}日").format(year=when.year, month=when.month, day=when.day)


def fingerprint(sha256: str) -> str:
    """The beginning of a fingerprint, in groups that can be compared by eye."""
    return "·".join(sha256[at : at + 4] for at in range(0, 16, 4))


@dataclass(frozen=True)
class Shown:
    """One version of one report."""

    published: Published
    at: Addresses

    @cached_property
    def answers(self) -> Answers:
        """What was approved, read as strictly as when it came in."""
        return read_answers(self.published.revision.answers.encode(), resources().definitions)

    @property
    def publication(self) -> Publication:
        return self.published.publication

    @property
    def public_id(self) -> str:
        return self.published.report.public_id

    @property
    def address(self) -> str:
        """The whole address of the report, which stays whatever is corrected."""
        return self.at.absolute(self.at.report(self.public_id))

    @property
    def own_address(self) -> str:
        """The whole address of this very version."""
        return self.at.absolute(self.at.report(self.public_id, self.publication.number))

    @property
    def earlier(self) -> Sequence[Publication]:
        """The versions before this one, the last first."""
        return [one for one in reversed(self.published.versions) if one.number < self.publication.number]

    @property
    def successor(self) -> Publication | None:
        """The version in force, when this is an older one."""
        return None if self.published.is_newest else self.published.newest

    @property
    def source(self) -> str:
        """Whose report it is, in the words in which it was approved."""
        return self.answers.unit.name

    def about(self) -> Sequence[tuple[str, str]]:
        """What is told of it beside its figures, in files that travel without the page."""
        number, revision = self.publication.number, self.published.revision
        told = [
            (_("报告单位"), self.source),
            (_("年度"), str(self.answers.year)),
            (_("统计期间"), _("{year}年1月1日至12月31日").format(year=self.answers.year)),
            (_("公布日期"), day(self.publication.published_at)),
            (_("公布版本"), _("第 {n} 版").format(n=number)),
            (_("网页地址"), self.own_address),
            (_("内容指纹"), f"SHA-256 {revision.sha256}"),
            (_("使用许可"), licence()),
        ]
        if self.published.office:
            told.insert(1, (_("汇集公布"), self.published.office))
        if self.publication.correction:
            told.append((_("更正说明"), self.publication.correction))
        return told


def licence() -> str:
    """What anybody may do with it."""
    return _("政府依法主动公开的信息，可自由使用，请注明来源；引用数据请写明年度和版本。")
