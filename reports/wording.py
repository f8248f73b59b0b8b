"""Sentences for people: written in Chinese, said in the language of whoever listens.

The Chinese sentence is the key of the catalogue: one that nobody translated is shown in Chinese, never left out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Translate = Callable[[str], str]

_translate: ContextVar[Translate] = ContextVar("translate", default=str)


def _(sentence: str) -> str:
    """The sentence in the language that is spoken now; its {places} are filled afterwards, by `format`."""
    return _translate.get()(sentence)


def N_(sentence: str) -> str:  # noqa: N802
    """Marks a sentence for the catalogue that is said elsewhere, by `_`; the name is gettext's."""
    return sentence


@contextmanager
def spoken(translate: Translate) -> Iterator[None]:
    """Within this block sentences are said as `translate` has them."""
    token = _translate.set(translate)
    try:
        yield
    finally:
        _translate.reset(token)


def speak(translate: Translate) -> None:
    """From now on, in this thread or task, sentences are said as `translate` has them."""
    _translate.set(translate)
