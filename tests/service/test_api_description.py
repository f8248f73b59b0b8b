"""The API's description tells of the API there is: every operation, every answer, in the shapes that really come."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.people import as_json, ordinary_report
from tests.promises.test_routes import PROGRAMS
from tests.service.conftest import Office
from tests.service.visitors import Browser, Program, told


@pytest.fixture
def description(stranger: Browser) -> dict[str, Any]:
    return told(stranger.client.get("/api/openapi.json"))


def operation(description: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = description["paths"][path][method]
    return found


def validate(description: dict[str, Any], schema: dict[str, Any], answer: Any) -> None:
    Draft202012Validator({**schema, "components": description["components"]}).validate(answer)


def test_every_operation_is_described_and_nothing_else(description: dict[str, Any]) -> None:
    described = {
        f"{method.upper()} {path.replace('{', '<').replace('}', '>')}"
        for path, operations in description["paths"].items()
        for method in operations
    }
    assert described == set(PROGRAMS)


def test_every_operation_says_what_it_does_and_how_it_refuses(description: dict[str, Any]) -> None:
    assert description["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for operations in description["paths"].values():
        for one in operations.values():
            assert one["summary"]
            assert set(one["responses"]["401"]["content"]) == {"application/problem+json"}


def test_every_shape_that_is_referred_to_is_there(description: dict[str, Any]) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    shapes = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert references(description) <= shapes


def test_what_comes_is_what_was_described(office: Office, program: Program, description: dict[str, Any]) -> None:
    taken = program.hand_in(as_json(ordinary_report()))
    job = told(taken)["job"]["id"]
    office.make(job)
    answers = {
        ("post", "/api/v1/reports", "202"): taken,
        ("get", "/api/v1/reports", "200"): program.get("/api/v1/reports"),
        ("get", "/api/v1/reports/{public_id}", "200"): program.get(told(taken)["report"]),
        ("get", "/api/v1/jobs/{public_id}", "200"): program.get(f"/api/v1/jobs/{job}"),
        ("get", "/api/v1/definitions", "200"): program.get("/api/v1/definitions"),
        ("post", "/api/v1/reports", "422"): program.hand_in(b"{}"),
        ("get", "/api/v1/jobs/{public_id}", "404"): program.get("/api/v1/jobs/nothing"),
    }
    for (method, path, status), answer in answers.items():
        described = operation(description, method, path)["responses"][status]["content"]
        assert str(answer.status_code) == status
        validate(description, described[answer.mimetype]["schema"], told(answer))


def test_a_shape_that_does_not_fit_is_noticed(description: dict[str, Any]) -> None:
    schema = operation(description, "get", "/api/v1/reports")["responses"]["200"]["content"]["application/json"]
    with pytest.raises(Exception, match="'next' is a required property"):
        validate(description, schema["schema"], {"reports": []})


def test_the_answers_handed_in_are_described_with_an_example(description: dict[str, Any]) -> None:
    body = operation(description, "post", "/api/v1/reports")["requestBody"]["content"]["application/json"]
    validate(description, body["schema"], ordinary_report())
    example = description["components"]["schemas"]["Answers"]["example"]
    validate(description, body["schema"], example)


@pytest.mark.parametrize("asset", ["scalar.js", "templates.py", "../offapi/url.json", "%2e%2e%2f__init__.py"])
def test_the_page_of_the_description_hands_out_only_its_own_files(stranger: Browser, asset: str) -> None:
    assert stranger.get("/api/docs/swagger_style.css").status == 200
    assert stranger.get(f"/api/docs/{asset}").status == 404
