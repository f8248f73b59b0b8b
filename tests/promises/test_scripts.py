"""The scripts explain themselves, ask before they install, and are quiet when all is there."""

import os
import shutil
import subprocess
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = sorted((PROJECT / "script").iterdir())
LOCKS = ("requirements.lock", "requirements-dev.lock")
# What runs with documents in an S3-compatible store.
WITH_S3 = "requirements-s3.lock"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
class TestEveryScript:
    def test_is_run_by_bash_and_stops_at_the_first_failure(self, script: Path) -> None:
        lines = script.read_text().splitlines()
        assert lines[0] == "#!/usr/bin/env bash"
        assert "set -euo pipefail" in lines
        assert os.access(script, os.X_OK)

    def test_begins_with_how_it_is_called(self, script: Path) -> None:
        assert script.read_text().splitlines()[1].startswith(f"# script/{script.name}")

    def test_is_sound_bash(self, script: Path) -> None:
        subprocess.run(["bash", "-n", script], check=True)


def test_the_build_server_runs_the_tests() -> None:
    assert "script/test --yes" in (PROJECT / ".ci" / "run").read_text()


def test_the_command_line_says_when_nothing_is_installed_yet(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    script = shutil.copy(PROJECT / "script" / "nianbao", tmp_path / "script")
    told = subprocess.run([script, "doctor"], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr == f"年报服务还没有安装。请先执行：{tmp_path}/script/bootstrap\n"


class Clone:
    """A fresh clone in a folder of its own, where whatever would reach for a network or for root is a recorder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.recorders = folder / "recorders"
        self.calls = folder / "calls"
        shutil.copytree(PROJECT / "script", self.folder / "script")
        for name in ("pyproject.toml", *LOCKS):
            shutil.copy(PROJECT / name, self.folder)
        # Without pip, because that alone takes seconds; `test_a_first_run…` makes the whole of it.
        venv.create(self.folder / ".venv", symlinks=True)
        self.recorders.mkdir()
        for name in ("uv", "apt-get", "systemctl", "sudo"):
            self.record(name)
        self.record("id", then="echo 0")
        self.record("pip", folder=self.folder / ".venv" / "bin")
        # As if it had been fetched before.
        (self.folder / "var" / "fonts").mkdir(parents=True)
        (self.folder / "var" / "fonts" / "FandolFang-Regular.otf").write_bytes(b"a font")

    def record(self, program: str, then: str = "", folder: Path | None = None) -> None:
        recorder = (folder or self.recorders) / program
        recorder.write_text(f'#!/bin/sh\necho "{program} $*" >>"{self.calls}"\n{then}\n')
        recorder.chmod(0o755)

    def bootstrap(self, *options: str, without: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
        path = self.machine_without(*without) if without else os.environ["PATH"]
        return subprocess.run(
            [self.folder / "script" / "bootstrap", *options],
            env={**kept, "PATH": f"{self.recorders}:{path}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def machine_without(self, *programs: str) -> str:
        """A folder with all programs of this machine but some."""
        folder = self.folder.parent / "programs"
        folder.mkdir()
        for program in (one for place in ("/usr/bin", "/bin") for one in Path(place).iterdir()):
            link = folder / program.name
            if program.name not in programs and not link.is_symlink():
                link.symlink_to(program)
        for name in programs:
            (self.recorders / name).unlink(missing_ok=True)
        return str(folder)

    def called(self, program: str) -> list[str]:
        """The calls of a program since the last time somebody asked."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return [line for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.fixture
def bare(clone: Clone) -> Clone:
    """A clone on a machine that has none of the packages."""
    clone.record("dpkg-query")
    return clone


def test_a_first_run_makes_an_environment_of_its_own(clone: Clone) -> None:
    shutil.rmtree(clone.folder / ".venv")
    assert clone.bootstrap().returncode == 0
    python = clone.folder / ".venv" / "bin" / "python"
    told = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, text=True, check=True)
    assert str(clone.folder) in told.stdout


def test_python_packages_are_installed_by_their_hashes_and_nothing_else_is(clone: Clone) -> None:
    assert clone.bootstrap().returncode == 0
    locked, ours = clone.called("uv")
    assert "--require-hashes -r requirements.lock" in locked
    assert "--no-deps --no-build-isolation -e ." in ours


def test_the_tests_get_their_own_lock(clone: Clone) -> None:
    clone.bootstrap("--dev")
    assert "-r requirements-dev.lock" in clone.called("uv")[0]


def test_a_second_run_says_nothing_and_does_nothing(clone: Clone) -> None:
    clone.bootstrap()
    clone.called("uv")
    second = clone.bootstrap()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert not clone.calls.exists()


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed_at_the_next_run(clone: Clone, changed: str) -> None:
    clone.bootstrap()
    clone.called("uv")
    with (clone.folder / changed).open("a") as file:
        file.write("\n# changed\n")
    clone.bootstrap()
    assert clone.called("uv") != []


def test_an_environment_with_what_tests_need_serves_without_them_too(clone: Clone) -> None:
    clone.bootstrap("--dev")
    clone.called("uv")
    clone.bootstrap()
    assert clone.called("uv") == []


def test_uv_that_fails_is_followed_by_pip(clone: Clone) -> None:
    clone.record("uv", then="exit 1")
    assert clone.bootstrap().returncode == 0
    locked, ours = [call for call in clone.called("pip") if "install" in call]
    assert "--require-hashes -r requirements.lock" in locked
    assert "--no-deps --no-build-isolation -e ." in ours


def test_a_mirror_that_is_set_up_for_pip_serves_uv_too(clone: Clone) -> None:
    clone.record("pip", then="echo mirror.example/simple", folder=clone.folder / ".venv" / "bin")
    clone.record("uv", then=f'echo "uv from $UV_DEFAULT_INDEX" >>"{clone.calls}"')
    clone.bootstrap()
    assert "uv from mirror.example/simple" in clone.called("uv")


def test_when_nothing_can_be_installed_the_end_of_the_log_is_shown(clone: Clone) -> None:
    clone.record("uv", then="exit 1")
    clone.record("pip", then="echo no such host; exit 1", folder=clone.folder / ".venv" / "bin")
    told = clone.bootstrap()
    assert told.returncode == 1
    assert told.stderr.startswith("没有成功：pip install -r requirements.lock\n")
    assert "no such host" in told.stderr


def test_without_anybody_to_ask_missing_packages_are_named_and_nothing_is_installed(bare: Clone) -> None:
    told = bare.bootstrap()
    assert told.returncode == 1
    assert "请先安装：apt-get install --no-install-recommends libreoffice-writer-nogui" in told.stderr
    assert not any(" install -y " in call or " update" in call for call in bare.called("apt-get"))


def test_with_yes_missing_packages_are_installed_and_no_others_removed(bare: Clone) -> None:
    assert bare.bootstrap("--yes").returncode == 0
    install = next(call for call in bare.called("apt-get") if " install -y " in call)
    assert "--no-install-recommends --no-remove" in install
    assert "fonts-noto-cjk" in install
    assert "postgresql" not in install


def test_the_tests_need_postgresql(bare: Clone) -> None:
    bare.bootstrap("--yes", "--dev")
    assert any("postgresql" in call for call in bare.called("apt-get"))


def test_a_user_installs_by_sudo(bare: Clone) -> None:
    bare.record("id", then="echo 1000")
    bare.record("sudo", then='exec "$@"')
    bare.bootstrap("--yes")
    assert any("apt-get install -y" in call for call in bare.called("sudo"))


def test_a_desktop_with_its_own_libreoffice_keeps_it(clone: Clone) -> None:
    clone.record("dpkg-query", then="echo libreoffice-core installed; echo libreoffice-writer installed")
    clone.bootstrap("--yes")
    assert not any("libreoffice" in call for call in clone.called("apt-get"))


def test_a_font_that_cannot_be_fetched_is_no_reason_to_stop(clone: Clone) -> None:
    (clone.folder / "var" / "fonts" / "FandolFang-Regular.otf").unlink()
    clone.record("apt-get", then="exit 1")
    told = clone.bootstrap()
    assert told.returncode == 0
    assert "script/bootstrap --fonts" in told.stderr


def test_whoever_declines_the_disputed_font_is_not_offered_it_again(clone: Clone) -> None:
    (clone.folder / "var" / "fonts" / "FandolFang-Regular.otf").unlink()
    clone.bootstrap("--clean-fonts")
    (clone.folder / ".venv" / "stamp").unlink()
    clone.bootstrap()
    assert clone.called("apt-get") == []


def test_it_can_be_fetched_after_all(clone: Clone) -> None:
    clone.bootstrap("--clean-fonts")
    (clone.folder / "var" / "fonts" / "FandolFang-Regular.otf").unlink()
    clone.bootstrap("--fonts")
    assert any("download" in call for call in clone.called("apt-get"))


def test_an_unknown_option_is_answered_with_how_to_call(clone: Clone) -> None:
    told = clone.bootstrap("--jes")
    assert told.returncode == 2
    assert "--clean-fonts  do without FandolFang" in told.stderr


def test_elsewhere_than_on_debian_it_tells_what_is_there_and_goes_on(clone: Clone) -> None:
    told = clone.bootstrap(without=("apt-get",))
    assert told.returncode == 0
    assert "✓ | LibreOffice Writer | " in told.stdout


def test_elsewhere_missing_fonts_are_told_but_do_not_stop(clone: Clone) -> None:
    told = clone.bootstrap(without=("apt-get", "fc-list"))
    assert told.returncode == 0
    assert "! | Noto Serif CJK SC | 未找到 | fonts-noto-cjk | google-noto-serif-cjk-fonts" in told.stdout


@pytest.mark.parametrize(
    ("program", "line"),
    [("soffice", "✗ | LibreOffice Writer | 未找到"), ("redis-server", "✗ | Redis / Valkey | 未找到")],
)
def test_elsewhere_nothing_starts_without_libreoffice_or_redis(clone: Clone, program: str, line: str) -> None:
    told = clone.bootstrap(without=("apt-get", program, "libreoffice"))
    assert told.returncode == 1
    assert line in told.stdout
    assert clone.called("uv") == []


def requirements(lock: str) -> Iterator[tuple[str, list[str]]]:
    """Each requirement of a lock file with its hashes."""
    entries = (PROJECT / lock).read_text().replace("\\\n", " ").splitlines()
    for entry in (entry for entry in entries if entry and not entry.lstrip().startswith("#")):
        requirement, *hashes = entry.split(" --hash=sha256:")
        yield requirement.strip(), hashes


@pytest.mark.parametrize("lock", [*LOCKS, WITH_S3])
class TestALock:
    def test_names_no_address_and_no_folder_of_anybody(self, lock: str) -> None:
        text = (PROJECT / lock).read_text()
        assert [word for word in text.split() if "://" in word or word.startswith(("/", "file:"))] == []
        assert "--index" not in text
        assert "--find-links" not in text

    def test_pins_everything_by_hash(self, lock: str) -> None:
        found = list(requirements(lock))
        assert len(found) > 50
        assert all("==" in requirement and hashes for requirement, hashes in found)

    def test_holds_what_the_project_asks_for(self, lock: str) -> None:
        pinned = {
            canonicalize_name(one.name): next(iter(one.specifier)).version
            for one in (Requirement(requirement) for requirement, _ in requirements(lock))
        }
        for wanted in wanted_in(lock):
            assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def wanted_in(lock: str) -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = ("build", "dev") if "dev" in lock else ("build",)
    wanted = project["project"]["dependencies"] + [
        one for group in groups for one in project["dependency-groups"][group]
    ]
    wanted += project["project"]["optional-dependencies"]["s3"] if lock == WITH_S3 else []
    return [Requirement(one) for one in wanted]


def test_tests_run_with_the_versions_that_are_delivered() -> None:
    delivered, tested = (dict(requirements(lock)) for lock in LOCKS)
    assert delivered.items() <= tested.items()
