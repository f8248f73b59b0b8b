"""Who declares that a report is right: names and telephone numbers, and the tick that stands for a signature."""

from collections.abc import Mapping

from reports.characters import clean
from service.language import _
from storage.people.policy import Person
from storage.tables import Account

# In the order of a signature: who filled in, who checked.
DECLARED = ("filler", "filler_phone", "checker", "checker_phone")
_LONGEST = 60
_LONGEST_REMARK = 500


def suggested(filler: Person | Account | None, checker: Person | Account | None) -> dict[str, str]:
    """What the accounts say of both; nothing is signed before somebody looked at it."""
    return {
        "filler": filler.person if filler else "",
        "filler_phone": filler.phone if filler else "",
        "checker": checker.person if checker else "",
        "checker_phone": checker.phone if checker else "",
        "declared": "",
        "remark": "",
    }


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, trimmed, without what cannot be printed; names and numbers in one line."""
    said = {name: " ".join(clean(form.get(name, ""))[0].split()) for name in (*DECLARED, "declared")}
    return said | {"remark": clean(form.get("remark", ""))[0].strip()}


def declaration(said: Mapping[str, str]) -> dict[str, str]:
    """What is kept with the submission."""
    return {name: said[name] for name in DECLARED}


def wrong_with(said: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each thing that is missing, by the name of its field."""
    wanted = {
        "filler": _("请写填报人的姓名"),
        "filler_phone": _("请写填报人的电话"),
        "checker": _("请写审核人的姓名"),
        "checker_phone": _("请写审核人的电话"),
    }
    wrong = {name: sentence for name, sentence in wanted.items() if not said[name]}
    too_long = {name: _("姓名和电话最多 60 个字") for name in DECLARED if len(said[name]) > _LONGEST}
    return wrong | too_long | not_ticked(said)


def remark_too_long(said: Mapping[str, str]) -> dict[str, str]:
    """The sentence for a word to the other that has grown into a letter."""
    long = len(said["remark"]) > _LONGEST_REMARK
    return {"remark": _("给对方的话最多 {n} 个字，请删减").format(n=_LONGEST_REMARK)} if long else {}


def not_ticked(said: Mapping[str, str]) -> dict[str, str]:
    """The sentence for a declaration that nobody made."""
    return {} if said["declared"] else {"declared": _("请核对后勾选“我已逐项核对”")}
