"""One document from answers to checked files: the only place where the middle of a report's journey stands."""

from dataclasses import dataclass
from pathlib import Path

from reports.answers import Answers
from reports.definition import Definition
from reports.faces.word import context, printed
from reports.loading import Definitions
from storage.making.recipes import template_of
from storage.settings import Settings
from storage.tables import Lane, Stage
from workers.libreoffice import Offices
from workers.stages import Begins
from workers.verify import Proof, check_pdf, check_word
from workers.word import Properties, word_template


@dataclass(frozen=True, slots=True)
class Made:
    """A report's documents in the folder they were made in, and what was found out about the PDF."""

    docx: Path
    pdf: Path
    proof: Proof

    @property
    def pages(self) -> int:
        """How many pages the PDF has."""
        return self.proof.pages


@dataclass(frozen=True, slots=True)
class Press:
    """What documents are made with: templates, and offices with their fonts."""

    definitions: Definitions
    offices: Offices
    # What a worker tells of itself.
    about: str = ""

    @classmethod
    def from_settings(cls, settings: Settings, definitions: Definitions, lane: Lane = Lane.BATCH) -> "Press":
        """The press of this machine; OfficeMissing when it has no LibreOffice."""
        seconds = settings.preview_seconds if lane is Lane.PREVIEW else settings.batch_seconds
        offices = Offices.from_settings(settings, seconds=seconds)
        return cls(definitions, offices, offices.about())

    def template_of(self, definition: Definition) -> Path:
        """The Word template of a definition."""
        return template_of(self.definitions, definition)

    def make(
        self, answers: Answers, folder: Path, begins: Begins = lambda stage: None, template: Path | None = None
    ) -> "Made":
        """The documents of these answers; see `make_documents`."""
        return make_documents(answers, folder, self, begins, template)

    def close(self) -> None:
        """Nothing more is to be made in this process."""
        self.offices.close()


def make_documents(
    answers: Answers, folder: Path, press: Press, begins: Begins = lambda stage: None, template: Path | None = None
) -> Made:
    """Word file and PDF of these answers in `folder`, both proven; DocumentFailed when there is none to be had.

    By the template given, else by the one that came with the definition.
    """
    begins(Stage.FILL)
    expected = printed(answers)
    press.offices.fonts.refuse_undrawable("".join(expected))

    docx = folder / "report.docx"
    word_file = word_template(template or press.template_of(answers.definition))
    docx.write_bytes(word_file.fill(context(answers), properties_of(answers)))
    begins(Stage.PROVE_WORD)
    word = check_word(docx, expected)

    begins(Stage.CONVERT)
    pdf = press.offices.to_pdf(docx, folder)
    begins(Stage.PROVE_PDF)
    proof = check_pdf(pdf, word, press.offices.fonts)
    return Made(docx, pdf, proof)


def properties_of(answers: Answers) -> Properties:
    """What the document says of itself."""
    unit, year = answers.unit.name, f"{answers.year}年"
    subject = answers.definition.heading("", answers.year)
    kind = subject.removeprefix(year)
    return Properties(title=answers.title, author=unit, subject=subject, keywords="，".join((unit, year, kind)))
