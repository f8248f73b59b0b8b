"""What the page of the archive shows: what will be in it, how large it is, and what is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.archives.naming import FORMATS
from storage.publishing.archives import Holding
from storage.tables import Batch, Campaign, Format

_MOST_REASONS: Final = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to download: which files, how many, how many bytes."""

    scope: str
    files: int
    bytes: int
    missing: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The archive of a campaign, or of one of its batches, as it would be now."""

    campaign: Campaign
    office: str
    batch: Batch | None
    batches: Sequence[Batch]
    campaigns: Sequence[Campaign]
    holdings: Sequence[Holding]
    example: str

    @property
    def missing(self) -> Sequence[Holding]:
        """Of which units something is expected and nothing is there."""
        return [one for one in self.holdings if one.is_missing]

    @property
    def reasons(self) -> Sequence[tuple[str, int]]:
        """The most frequent reasons, and how many units they keep out."""
        return Counter(one.reason.rstrip("。.") for one in self.missing).most_common(_MOST_REASONS)

    @property
    def exempt(self) -> int:
        return sum(one.standing.is_exempt for one in self.holdings)

    @property
    def expected(self) -> int:
        return len(self.holdings) - self.exempt

    @property
    def present(self) -> int:
        return self.expected - len(self.missing)

    @property
    def choices(self) -> Sequence[Choice]:
        return [self._choice(scope, formats) for scope, formats in FORMATS.items()]

    def _choice(self, scope: str, formats: Sequence[Format]) -> Choice:
        found = [[file for file in one.documents if file.format in formats] for one in self.holdings]
        whole = sum(len(files) == len(formats) for files in found)
        sizes = [file.bytes for files in found for file in files]
        return Choice(scope, len(sizes), sum(sizes), self.expected - whole)
