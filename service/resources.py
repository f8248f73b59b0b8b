"""What every request draws on: settings, database, definitions, files, the queue, pictures of pages."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Engine

from reports.loading import Definitions
from service.page_images import PageImages
from storage.files import DocumentFiles
from storage.session import make_engine
from storage.settings import Settings
from workers.queue import JobQueue

_NAME = "nianbao"


@dataclass(frozen=True, slots=True)
class Resources:
    """One of each for the whole process."""

    settings: Settings
    engine: Engine
    definitions: Definitions
    files: DocumentFiles
    queue: JobQueue
    pages: PageImages


def provide(app: Flask, settings: Settings) -> None:
    """Make the resources of an application; called once, in the process that serves it."""
    app.extensions[_NAME] = Resources(
        settings,
        make_engine(settings),
        Definitions(settings.template_dir),
        DocumentFiles(settings),
        JobQueue(settings),
        PageImages(),
    )


def resources() -> Resources:
    """The resources of the application that is answering."""
    return cast(Resources, current_app.extensions[_NAME])
