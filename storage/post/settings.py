"""Settings of mail: what each has to look like, and the sentence for one that does not."""

from email.utils import parseaddr
from typing import Annotated

from pydantic import AfterValidator

from storage.addresses import refuse
from storage.post.quiet_hours import quiet_hours
from storage.roster.facts import is_address


def _sender(text: str) -> str:
    name, address = parseaddr(text)
    if text and not (is_address(address) and name.isprintable() and text.isprintable()):
        raise refuse("应当是一个邮箱，前面可以有名称，例如 云溪区政务公开办 <zwgk@yunxi.gov.cn>")
    return text


def _quiet(text: str) -> str:
    try:
        quiet_hours(text)
    except ValueError:
        raise refuse("应当写成“起-止”，例如 20:00-08:00；不要安静时段的，留空") from None
    return text


MailSender = Annotated[str, AfterValidator(_sender)]
QuietText = Annotated[str, AfterValidator(_quiet)]
