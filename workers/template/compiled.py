"""What filling a Word template would really run: its parts as docxtpl hands them to Jinja."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes

UNKNOWN = "?"


def asked_for(template: Path, part: str) -> Iterator[str]:
    """Every name that a part asks for, as often as it does; UNKNOWN for anything that is no plain name or loop."""
    with zipfile.ZipFile(template) as package:
        source = DocxTemplate(template).patch_xml(package.read(part).decode("utf-8"))
    try:
        yield from _names(Environment(autoescape=True).parse(source).body)
    except TemplateSyntaxError:
        yield UNKNOWN


def _names(body: Sequence[nodes.Node]) -> Iterator[str]:
    for node in body:
        if isinstance(node, nodes.Output):
            yield from (_dotted(one) for one in node.nodes if not isinstance(one, nodes.TemplateData))
        elif isinstance(node, nodes.For) and not (node.else_ or node.test or node.recursive):
            yield _dotted(node.iter)
            yield from _names(node.body)
        else:
            yield UNKNOWN


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return UNKNOWN
