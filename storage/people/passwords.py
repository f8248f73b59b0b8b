"""Passwords: kept as argon2id hashes, refused when weak, replaced when the profile says so."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from reports.wording import _
from storage import audit
from storage.clock import now, seconds_ago
from storage.people import sessions
from storage.tables import Account, PastPassword

Profile = Literal["djbh", "asvs"]

SHORTEST: Final = 12
LONGEST: Final = 128
CLASSES: Final = 3
REMEMBERED: Final = 5
DAYS: Final = 90

# 19 MiB, two passes: what OWASP asks for at least, and little enough for eight sign-ins at once on a small machine.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_KINDS: Final = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d]")
_DISGUISES: Final = str.maketrans("@40135$7!", "aaoiessti")
_A_RUN: Final = 4


class PasswordRefused(ValueError):
    """A password that may not be chosen, with every reason."""

    code = "password_refused"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        self.for_person = "".join(reasons)
        super().__init__(self.for_person)


def hashed(password: str) -> str:
    """What is kept of a password. It takes its time: never call it while a transaction is open."""
    return _HASHER.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password; without one to compare with, it takes just as long to say no."""
    try:
        return bool(_HASHER.verify(kept or _nobody(), _plain(password))) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def check(password: str, profile: Profile, about: Sequence[str], earlier: Sequence[str] = ()) -> None:
    """PasswordRefused unless this may be chosen by somebody `about` whom these words are known."""
    if reasons := [*_reasons(_plain(password), profile, about)]:
        raise PasswordRefused(reasons)
    if profile == "djbh" and any(fits(password, one) for one in earlier):
        raise PasswordRefused([_("与最近 {n} 次用过的密码相同，请换一个。").format(n=REMEMBERED)])


def earlier_hashes(session: Session, account: Account) -> list[str]:
    """The hashes of the passwords that may not be chosen again, today's first."""
    past = select(PastPassword.password_hash).where(PastPassword.account_id == account.id)
    kept = session.scalars(past.order_by(PastPassword.id.desc()).limit(REMEMBERED - 1)).all()
    return [account.password_hash, *kept] if account.password_hash else [*kept]


def set_password(session: Session, account: Account, new_hash: str, actor: str) -> None:
    """Put a new password in force; every browser that is signed in with the old one is signed out."""
    if account.password_hash:
        session.add(PastPassword(account_id=account.id, password_hash=account.password_hash))
    values = {"password_hash": new_hash, "password_set_at": now(), "must_change": False}
    session.execute(update(Account).where(Account.id == account.id).values(values))
    session.flush()
    keep = select(PastPassword.id).where(PastPassword.account_id == account.id)
    newest = keep.order_by(PastPassword.id.desc()).limit(REMEMBERED).subquery()
    session.execute(
        delete(PastPassword).where(PastPassword.account_id == account.id, PastPassword.id.not_in(select(newest.c.id)))
    )
    sessions.close_all(session, account.id)
    audit.record(session, actor, "account.password_set", f"account:{account.login}")


def is_due(session: Session, account: Account, profile: Profile) -> bool:
    """Whether the account has to choose a new password before anything else."""
    if account.must_change or profile != "djbh":
        return account.must_change
    old = select(Account.id).where(Account.id == account.id, Account.password_set_at < seconds_ago(DAYS * 86400))
    return session.scalar(old) is not None


def _reasons(password: str, profile: Profile, about: Sequence[str]) -> Iterator[str]:
    if len(password) < SHORTEST:
        yield _("至少要 {least} 个字符，现在是 {n} 个。").format(least=SHORTEST, n=len(password))
    if len(password) > LONGEST:
        yield _("最多 {most} 个字符，现在是 {n} 个。").format(most=LONGEST, n=len(password))
    kinds = sum(bool(re.search(kind, password)) for kind in _KINDS)
    if profile == "djbh" and kinds < CLASSES:
        yield _("大写字母、小写字母、数字、符号要有 {least} 种，现在有 {n} 种。").format(least=CLASSES, n=kinds)
    lowered = password.casefold()
    if any(len(word) > 2 and word.casefold() in lowered for word in about):
        yield _("不能包含账号、姓名、电话或单位名称。")
    if _is_common(lowered):
        yield _("这是常见的密码，容易被猜到，请换一个。")


def _is_common(lowered: str) -> bool:
    """Nothing but common words, runs and repetitions, dressed up with digits and signs."""
    if len(set(lowered)) <= _A_RUN:
        return True
    dressed = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", lowered)
    return any(_is_only_words(re.sub(r"[\W\d_]", "", word)) for word in (lowered, dressed.translate(_DISGUISES)))


def _is_only_words(letters: str) -> bool:
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in _common_words() for start in reached):
            reached.add(end)
    # Two letters beside the words make no difference to those who guess.
    return len(letters) - max(reached) <= 2


@cache
def _common_words() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text().splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _plain(password: str) -> str:
    # The same characters, however the keyboard composes them.
    return unicodedata.normalize("NFKC", password)
