"""As many different reports as are asked for: other units, other figures, texts from a line to several pages."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.people import nil_return, ordinary_report

PROJECT = Path(__file__).parents[2]
PUBLISHED = (
    PROJECT / "tests" / "answers" / "suqian-2023.json",
    PROJECT / "tests" / "answers" / "suqian-2024.json",
    PROJECT / "templates" / "open-government-annual" / "2021" / "example.json",
)
PLACES = ("临溪县", "澜江市", "青岚区", "白石镇", "柳林街道")
WORK = ("发展和改革局", "教育体育局", "卫生健康局", "住房和城乡建设局", "交通运输局", "水利局", "统计局")
SENTENCES = (
    "按季度核对公开栏目，更新{n}条，撤下过期信息{m}条，链接失效的当日修复。",
    "收到来信来电{m}件，逐件登记编号，承办科室在{n}个工作日内答复，无一超期。",
    "举办开放活动{m}场，邀请居民、企业代表{n}人次到办事大厅、水厂和学校实地查看。",
    "对{n}份文件重新审定公开属性，其中由依申请公开转为主动公开的{m}份。",
    "业务培训{m}次，参加{n}人次，内容包括保密审查、个人信息去标识化和答复文书的写法。",
)


def varied(number: int) -> dict[str, Any]:
    """A complete report that adds up, different from every other number's."""
    document = json.loads(_bases()[number % len(_bases())])
    times = 1 + number % 6
    document["unit"] = {"name": f"{PLACES[number % 5]}第{number}{WORK[number % 7]}"}
    # The rules are sums and differences: all figures times the same still add up.
    document["cells"] = {name: _times(figure, times) for name, figure in document["cells"].items()}
    length = number % 8
    document["texts"] = {
        name: "\n".join([text, *(_paragraph(number, place, line) for line in range(length))])
        for place, (name, text) in enumerate(document["texts"].items())
    }
    return document


@cache
def _bases() -> tuple[str, ...]:
    made = (json.dumps(nil_return()), json.dumps(ordinary_report()))
    return *made, *(path.read_text(encoding="utf-8") for path in PUBLISHED)


def _paragraph(number: int, place: int, line: int) -> str:
    which = number + place + line
    sentence = SENTENCES[which % len(SENTENCES)]
    return sentence.format(n=17 + which * 7 % 380, m=3 + which % 46)


def _times(figure: object, times: int) -> object:
    if isinstance(figure, int):
        return figure * times
    # Money and the like are written with their decimals.
    return str(Decimal(figure) * times) if isinstance(figure, str) else figure
