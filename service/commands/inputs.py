"""What commands are given: definitions by reference or path, answers by file; refused in words, with exit status 2."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from reports.answers import Answers
from reports.definition import Definition
from reports.loading import FILE, DefinitionError, Definitions, UnknownDefinition, load_definition
from reports.reading import AnswersRefused, read_answers
from storage.session import make_engine
from storage.settings import Settings, SettingsRefused, load_settings


class Unreadable(click.ClickException):
    """What the command was given cannot be read."""

    exit_code = 2


def actor() -> str:
    """Whoever has given this command, as the history calls him."""
    return f"operator:{getpass.getuser()}"


@contextmanager
def open_database(told: Settings) -> Iterator[Engine]:
    """The database of this installation, or the end of the command in words."""
    engine = make_engine(told)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise database_trouble(error) from error
    finally:
        engine.dispose()


def database_trouble(error: SQLAlchemyError) -> click.ClickException:
    """The end of a command that the database does not serve."""
    # What the database itself says; around it SQLAlchemy puts the statement.
    said = str(getattr(error, "orig", None) or error).strip()
    return click.ClickException(f"数据库用不了（{said}）。是否还没有执行 nianbao migrate？")


class DefinitionType(click.ParamType):
    """`open-government-annual/2021`, or the path of a definition.toml or of its folder."""

    name = "definition"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Definition:
        if isinstance(value, Definition):
            return value
        path = Path(value)
        file = path / FILE if path.is_dir() else path
        try:
            return load_definition(file.resolve()) if file.is_file() else definitions()[value]
        except (DefinitionError, UnknownDefinition) as error:
            raise Unreadable(str(error)) from error


definition_argument = click.argument("definition", type=DefinitionType())


def settings() -> Settings:
    """The settings of this installation, or the end of the command with every wrong one named."""
    try:
        return load_settings()
    except SettingsRefused as error:
        raise Unreadable(error.for_person) from error


def definitions() -> Definitions:
    """The definitions that this installation knows."""
    return Definitions(settings().template_dir)


def answers_in(file: Path) -> Answers:
    """The answers in a file; AnswersRefused when there is anything wrong with it."""
    return read_answers(file.read_bytes(), definitions())


def must_read(file: Path) -> Answers:
    """The answers in a file, or the end of the command with every problem named."""
    try:
        return answers_in(file)
    except AnswersRefused as error:
        problems = "\n".join(f"  {problem}" for problem in error.problems)
        raise Unreadable(f"{file} 无法读取：\n{problems}") from error
    except OSError as error:
        raise Unreadable(f"{file} 打不开（{error.strerror}）；请检查文件名和权限") from error
