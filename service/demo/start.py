"""`--demo`: the district is built before the service starts, and its logins are told afterwards."""

from datetime import datetime

from reports.loading import Definitions
from service.demo import people
from service.demo.build import build, is_built
from service.demo.people import Login
from service.demo.roster import CHINA, Plan
from storage.making.recipes import recipe_for
from storage.migrations import upgrade
from storage.session import make_engine, session_scope
from storage.settings import Settings

REFERENCE = "open-government-annual/2021"


def prepare(settings: Settings) -> list[Login]:
    """Build the district if it is not there, and give its people new passwords; NotEmpty beside real data."""
    upgrade(settings)
    logins, hashes = people.new_logins()
    definitions = Definitions(settings.template_dir)
    definition = definitions[REFERENCE]
    plan = Plan(definition, recipe_for(definitions, definition), datetime.now(CHINA).date())
    engine = make_engine(settings)
    try:
        with session_scope(engine) as session:
            if not is_built(session):
                build(session, plan)
            people.admit(session, hashes)
    finally:
        engine.dispose()
    return logins


def told(logins: list[Login]) -> str:
    """The logins as a table that can be read off the terminal."""
    width = max(len(one.member.login) for one in logins)
    lines = [f"  {one.member.login:<{width}}  {one.password}  {one.member.does}" for one in logins]
    return "\n".join(["示例账号（密码每次启动都换新的）", *lines])
