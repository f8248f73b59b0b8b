"""The title stands in lines that break where the unit's name has joints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.titles import title_lines

TITLE = "{unit}{year}年政府信息公开工作年度报告"
LAST = "2024年政府信息公开工作年度报告"

NAMES = [
    "临溪县档案局",
    "遂宁市安居区经济信息化和科学技术局",
    "宿迁市宿城区乡村振兴局信访接待中心办公室",
    "呼和浩特市新城区/市场监督管理局政务服务中心",
    "新疆维吾尔自治区伊犁哈萨克自治州/霍城县人民政府办公室",
    "苏州工业园区（中国—新加坡合作）/管理委员会规划建设和自然资源局",
    "广西壮族自治区南宁市/西乡塘区市场监督管理局",
    "澜江市人力资源和社会保障局/劳动保障监察支队（劳动人事争议仲裁院）",
    "景德镇市珠山区人民政府/新厂街道办事处便民服务中心",
    "临溪县住房和城乡建设局/建设工程质量安全监督站",
    "中华人民共和国国家发展和改革委员会",
    "新疆维吾尔自治区伊犁哈萨克自治州/霍城县住房和城乡建设局/城市建设工程质量安全监督服务中心",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_breaks_at_its_joints_and_the_year_begins_a_line(name):
    assert title_lines(TITLE, name.replace("/", ""), 2024) == (*name.split("/"), LAST)


@given(st.text(alphabet="临溪市场县区镇和局（）、共国呼乡村委员会AB", min_size=1, max_size=200), st.integers(5, 30))
def test_nothing_is_lost_and_no_line_is_too_long(unit, width):
    lines = title_lines(TITLE, unit, 2024, width)
    assert "".join(lines) == unit + LAST
    assert all(0 < len(line) <= width for line in lines)


def test_a_name_without_joints_is_cut_where_the_line_ends():
    assert title_lines("{unit}{year}", "甲" * 45, 2024) == ("甲" * 20, "甲" * 20, "甲" * 5, "2024")


def test_a_title_that_begins_with_something_else_is_broken_as_a_whole():
    assert title_lines("关于{unit}{year}年收成的报告", "东村", 2024) == ("关于东村2024年收成的报告",)


@pytest.mark.parametrize("unit", ["{year}局", "{unit}", "{{ 7*7 }}局", "%s局"])
def test_a_name_that_looks_like_a_template_is_only_a_name(unit):
    assert title_lines(TITLE, unit, 2024)[0] == unit
