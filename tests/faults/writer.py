"""Somebody who writes into the database again and again, each time reading first; told how it went.

python -m tests.faults.writer NAME SECONDS MOST [GUARD]

stops after so many seconds, or so many times.
"""

import json
import os
import sys
import time

from sqlalchemy.exc import OperationalError

from storage import session
from storage.filing.submissions import submit
from storage.session import make_engine, session_scope
from storage.settings import load_settings
from storage.tables import Lane
from tests.faults.guards import replace, take_away
from tests.orders import CLERK, RECIPE, answers_of

LOCK_SECONDS = "FAULTS_LOCK_SECONDS"

if __name__ == "__main__":
    name, seconds, most, *guards = sys.argv[1:]
    for guard in guards:
        take_away(guard)
    # A machine that runs other tests beside may be slow; refused at once is who is refused for another reason.
    replace(session, "WAIT_FOR_LOCK_SECONDS", float(os.environ.get(LOCK_SECONDS, session.WAIT_FOR_LOCK_SECONDS)))
    engine = make_engine(load_settings())
    took, refused, accepted = [], 0, []
    ends = time.monotonic() + float(seconds)
    while time.monotonic() < ends and len(took) < int(most):
        # Nobody writes without a breath; SQLite gives its lock to whoever happens to look when it is free.
        time.sleep(0.02)
        begun = time.monotonic()
        try:
            with session_scope(engine) as writing:
                taken = submit(writing, answers_of(f"{name}{len(took) + refused}局"), CLERK, RECIPE, Lane.BATCH)
        except OperationalError:
            refused += 1
        else:
            took.append(time.monotonic() - begun)
            accepted.append(taken.job.public_id)
    print(json.dumps({"took": took, "refused": refused, "accepted": accepted}))
