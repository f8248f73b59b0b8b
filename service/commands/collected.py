"""Which campaign a command means: by its year, and by its office where there are several."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.inputs import Unreadable
from storage.tables import Campaign, Unit


def campaign_of(session: Session, year: int, office: str | None) -> Campaign:
    """The campaign of that year, or the end of the command in words."""
    wanted = select(Campaign, Unit.name).join(Unit, Unit.id == Campaign.supervisor_id).where(Campaign.year == year)
    found = session.execute(wanted.where(Unit.name == office) if office else wanted).all()
    if not found:
        whose = f"“{office}”" if office else "任何单位"
        raise Unreadable(f"{whose}没有{year}年度的填报。查看全部：nianbao campaign list")
    if len(found) > 1:
        names = "、".join(sorted({name for _, name in found}))
        raise Unreadable(f"{year}年度有 {len(found)} 个填报，请用 --office 指定主管单位：{names}")
    return found[0][0]
