"""What a message leads to: a doorway into the pipeline."""

from workers.desk import Desk
from workers.errors import classify
from workers.folders import job_folder


def make_documents(desk: Desk, job_id: int) -> None:
    """Make the documents of a job, if nobody else does."""
    claim = desk.claim(job_id)
    if claim is None:
        return
    try:
        with job_folder(desk.work_dir, claim) as folder:
            desk.hand_in(claim, desk.make(claim, desk.answers(claim), folder))
    except Exception as error:
        desk.give_up(claim, classify(error))
    finally:
        desk.rest()


def examine_template(desk: Desk, template_id: int) -> None:
    """Examine a template that was handed in, if nobody has."""
    try:
        desk.examine(template_id)
    finally:
        desk.rest()
