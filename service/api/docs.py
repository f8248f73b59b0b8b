"""The description of the API, for programs and as a page; everything the page needs comes from this server."""

from importlib import resources as packages

from flask import Blueprint, Response, jsonify, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from service import access
from service.api.description import openapi

docs = Blueprint("api_docs", __name__, url_prefix="/api")

# As they lie in the package `offapi`, whose own page has them inline, which our headers forbid.
_ASSETS = ("swagger_bundle.js", "swagger_style.css")


@docs.get("/openapi.json")
@access.everybody
def description() -> Response:
    return jsonify(openapi())


@docs.get("/docs")
@access.everybody
def page() -> str:
    return render_template("api_docs.html")


@docs.get("/docs/<asset>")
@access.everybody
def asset(asset: str) -> Response:
    if asset not in _ASSETS:
        raise NotFound
    with packages.as_file(packages.files("offapi")) as folder:
        return send_from_directory(folder, asset)
