"""Which kinds of report there are, and what the answers of each look like."""

from typing import Any

from flask import url_for
from werkzeug.exceptions import NotFound

from reports.definition import Definition
from reports.faces.json_schema import json_schema
from reports.loading import UnknownDefinition
from service import access
from service.api import v1
from service.api.description import answers, described, spec
from service.api.shapes import DefinitionShape, DefinitionsShape
from service.resources import resources


@v1.get("/definitions")
@spec.validate(resp=answers(HTTP_200=DefinitionsShape), tags=["报告的种类"])
@access.program
def definitions() -> DefinitionsShape:
    """列出各种报告"""
    known = resources().definitions
    return DefinitionsShape(definitions=[_told(known[reference]) for reference in known.references()])


@v1.get("/definitions/<id>/<edition>/schema")
@described(resp=answers(404, HTTP_200=None), tags=["报告的种类"])
@access.program
def schema(id: str, edition: str) -> dict[str, Any]:
    """填报数据的 JSON Schema

    与 `nianbao schema` 输出的相同。
    """
    try:
        return json_schema(resources().definitions[f"{id}/{edition}"])
    except UnknownDefinition as error:
        raise NotFound from error


def _told(definition: Definition) -> DefinitionShape:
    title = definition.title.replace("{unit}", "").replace("{year}年", "")
    return DefinitionShape(
        reference=definition.reference,
        title=title,
        first_year=definition.first_year,
        figures=len(definition.cells),
        texts=len(definition.texts),
        schema_url=url_for("api.schema", id=definition.id, edition=definition.edition),
    )
