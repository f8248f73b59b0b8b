"""Passwords are kept so that nobody can read them, refused when they would be guessed, and not used twice."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import Engine, func, select, update

from storage.clock import seconds_ago
from storage.people import passwords
from storage.people.accounts import create_account
from storage.people.passwords import PasswordRefused, Profile, check, fits, hashed, is_due, is_outdated, set_password
from storage.people.sessions import open_session
from storage.session import session_scope
from storage.tables import Account, LoginSession, PastPassword
from tests.units import ADMINISTRATOR

GOOD = "Lin xi 2024 chun tian lai le"
ABOUT = ["wangfang", "王芳", "13800001111", "临溪县档案局"]


def reasons(password: str, profile: Profile = "djbh") -> str:
    try:
        check(password, profile, ABOUT)
    except PasswordRefused as error:
        return error.for_person
    return ""


def test_a_password_fits_its_hash_and_no_other_does() -> None:
    kept = hashed(GOOD)
    assert fits(GOOD, kept)
    assert not fits(GOOD + " ", kept)
    assert not fits(GOOD, None)
    assert not fits(GOOD, "no hash at all")
    assert GOOD not in kept


def test_the_hash_is_as_strong_as_it_has_to_be() -> None:
    parameters = extract_parameters(hashed(GOOD))
    assert (parameters.type.name, parameters.memory_cost >= 19 * 1024, parameters.time_cost >= 2) == ("ID", True, True)
    assert not is_outdated(hashed(GOOD))
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD))


def test_the_same_characters_fit_however_the_keyboard_composes_them() -> None:
    assert fits("Zweite Stra\u00dfe \u00e9t\u00e9 12", hashed("Zweite Stra\u00dfe e\u0301te\u0301 12"))
    assert fits("ＡＢcd 1234 efgh", hashed("ABcd 1234 efgh"))


def test_for_nobody_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    class Watched:
        def hash(self, password: str) -> str:
            return passwords_hasher.hash(password)

        def verify(self, kept: str, password: str) -> bool:
            verified.append(extract_parameters(kept))
            return bool(passwords_hasher.verify(kept, password))

    passwords_hasher = passwords._HASHER
    known = hashed(GOOD)
    monkeypatch.setattr(passwords, "_HASHER", Watched())
    assert fits(GOOD, known)
    assert not fits(GOOD, None)
    assert len(verified) == 2
    assert verified[0] == verified[1]


@pytest.mark.parametrize(
    "password", [GOOD, "correct Horse 7 battery", "临溪 spring 2024 的春天 Aa", "x" * 3 + "Yq7!" * 8]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert reasons(password) == reasons(password, "asvs") == ""


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Short 1!", "至少要 12 个字符，现在是 8 个"),
        ("x1 Y" * 40, "最多 128 个字符，现在是 160 个"),
        ("Tian wangfang qi 7", "不能包含账号、姓名"),
        ("Tian WangFang qi 7", "不能包含账号、姓名"),
        ("Abc 临溪县档案局 12", "不能包含账号、姓名、电话或单位名称"),
        ("Password@123456", "常见的密码"),
        ("P@ssw0rd2024!!", "常见的密码"),
        ("Qwertyuiop123!", "常见的密码"),
        ("1qaz@WSX3edc$RFV", "常见的密码"),
        ("Admin@123456789", "常见的密码"),
        ("Zhengfu@2024001", "常见的密码"),
        ("Xinxigongkai@2024", "常见的密码"),
        ("2024-01-31 12:00", "常见的密码"),
        ("Aa1!Aa1!Aa1!Aa1!", "常见的密码"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(password: str, said: str) -> None:
    for profile in ("djbh", "asvs"):
        assert said in reasons(password, profile)


def test_kinds_of_characters_are_asked_for_by_one_profile_only() -> None:
    plain = "chunmianbujuexiao"
    assert "要有 3 种，现在有 1 种" in reasons(plain)
    assert reasons(plain, "asvs") == ""


def test_all_reasons_are_told_at_once() -> None:
    assert all(said in reasons("wangfang") for said in ("至少要 12", "要有 3 种", "不能包含"))


@pytest.fixture
def account(engine: Engine) -> Account:
    with session_scope(engine) as session:
        return create_account(session, "wangfang", "王芳", ADMINISTRATOR)


def choose(engine: Engine, account: Account, password: str) -> None:
    with session_scope(engine) as session:
        set_password(session, session.get_one(Account, account.id), hashed(password), "account:wangfang")


def test_the_last_five_are_not_chosen_again_but_the_sixth_is(engine: Engine, account: Account) -> None:
    chosen = [f"{GOOD} no. {number}" for number in range(7)]
    for password in chosen:
        choose(engine, account, password)
    with session_scope(engine) as session:
        earlier = passwords.earlier_hashes(session, session.get_one(Account, account.id))
        assert session.scalars(select(func.count()).select_from(PastPassword)).one() == 5
    for password in chosen[-5:]:
        with pytest.raises(PasswordRefused, match="与最近 5 次用过的密码相同"):
            check(password, "djbh", (), earlier)
        check(password, "asvs", (), earlier)
    for password in chosen[:-5]:
        check(password, "djbh", (), earlier)


def test_a_new_password_signs_out_every_browser(engine: Engine, account: Account) -> None:
    with session_scope(engine) as session:
        for _ in range(2):
            open_session(session, session.get_one(Account, account.id), "10.0.0.1", "Chrome")
    choose(engine, account, GOOD)
    with session_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(LoginSession)).one() == 0


@pytest.mark.parametrize(("profile", "days", "due"), [("djbh", 89, False), ("djbh", 91, True), ("asvs", 900, False)])
def test_an_old_password_has_to_be_changed_where_the_profile_says_so(
    engine: Engine, account: Account, profile: Profile, days: int, due: bool
) -> None:
    choose(engine, account, GOOD)
    with session_scope(engine) as session:
        session.execute(update(Account).values(password_set_at=seconds_ago(days * 86400)))
    with session_scope(engine) as session:
        assert is_due(session, session.get_one(Account, account.id), profile) is due
