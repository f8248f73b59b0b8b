"""lint(): what keeps a Word template from being filled, or from showing every figure and text exactly once."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from reports import names
from reports.definition import Definition
from reports.faces.word import OWN_NAMES, placeholders
from workers.template.compiled import asked_for
from workers.template.fields import foreign_fields
from workers.template.tags import Kind, Tag, tags
from workers.wordml import Element, W

_PARTS: Final = {"document": "", "header": "页眉", "footer": "页脚", "footnotes": "脚注"}
_ONLY: Final = "模板里只能写 {{ 名称 }}，以及分成三段的 {%p for paragraph in 名称 %}、{{ paragraph }}、{%p endfor %}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a template: where it is, what it is, what to do."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what}。{self.remedy}"


def lint(definition: Definition, template: Path) -> list[Flaw]:
    """Everything wrong with a template; nothing when it can be filled from any answers to the definition."""
    try:
        parts = _read(template)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        return [Flaw(template.name, f"不是完好的 Word 文件（{error}）", "请用 Word 或 WPS 另存为 .docx 后再试")]
    found = [tag for part, root in parts.items() for tag in tags(root, _PARTS[_kind(part)])]
    malformed = [_malformed(tag) for tag in found if tag.kind is Kind.OTHER]
    # Beside tags that are wrong anyway, those out of sight would only be noise.
    hidden = [] if malformed else _hidden(template, parts, found)
    return [*_constructs(parts), *malformed, *_loops(found), *_names(definition, found), *hidden]


def _read(template: Path) -> dict[str, Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(template) as package:
        package.getinfo("docProps/core.xml")
        package.getinfo("word/document.xml")
        named = (part for part in package.namelist() if part.startswith("word/") and part.endswith(".xml"))
        return {part: etree.fromstring(package.read(part), parser) for part in named if _kind(part) in _PARTS}


def _kind(part: str) -> str:
    return Path(part).stem.rstrip("0123456789")


_CONSTRUCTS: Final = {
    ".//w:sdt": ("内容控件", "请右键点控件，选“删除内容控件”，文字会留下"),
    ".//w:txbxContent": ("文本框", "请把里面的文字移到正文，再删去文本框"),
    ".//w:tbl//w:tbl": ("套在表格里的表格", "请改用合并单元格"),
    ".//w:ins | .//w:del | .//w:moveFrom | .//w:moveTo": ("没有处理的修订", "请在“审阅”里接受或拒绝全部修订"),
    ".//w:altChunk | .//w:object": ("嵌入的文件或对象", "请删去，或改成文字"),
}


def _constructs(parts: Mapping[str, Element]) -> Iterator[Flaw]:
    for part, root in parts.items():
        for path, (what, remedy) in _CONSTRUCTS.items():
            if root.xpath(path, namespaces={"w": W}):
                yield Flaw(_PARTS[_kind(part)] or "正文", f"有{what}，生成时会出错或丢失文字", remedy)
    for part, instruction in foreign_fields(parts):
        what = f"有域“{instruction[:60]}”，会读取别的文件或运行程序"
        yield Flaw(_PARTS[_kind(part)] or "正文", what, "请选中它按 Ctrl+Shift+F9 变成普通文字，或删去")


def _malformed(tag: Tag) -> Flaw:
    marks = {"(": "函数调用", "|": "过滤器", "[": "方括号", "_": "以下划线开头的名称"}
    inside = tag.text.strip("{}%# ")
    if tag.text.startswith(("{%", "{#")) and inside:
        what = "不能用这种语句" if tag.text.startswith("{%") else "不能用注释"
    elif used := next((word for mark, word in marks.items() if mark in inside.replace("._", " _")), None):
        what = f"不能用{used}"
    elif inside and tag.text.startswith("{{") and tag.text.endswith("}}"):
        what = "里面不是一个名称"
    else:
        what = "不是完整的占位符"
    return Flaw(tag.where, f"“{tag.text}”{what}", f"请改正或删去。{_ONLY}")


def _loops(found: Sequence[Tag]) -> Iterator[Flaw]:
    """A loop is three paragraphs of their own, one after the other, and nowhere in a table."""
    ends = 0
    for at, tag in enumerate(found):
        if tag.kind is Kind.END:
            ends += 1
        if tag.kind is not Kind.LOOP:
            continue
        ends -= 1
        three = found[at : at + 3]
        if [one.kind for one in three] != [Kind.LOOP, Kind.VALUE, Kind.END] or three[1].name != tag.variable:
            remedy = f"请在它后面写一段 {{{{ {tag.variable} }}}}，再写一段 {{%p endfor %}}"
            yield Flaw(tag.where, f"“{tag.text}”后面不是一段文字和一个结尾", remedy)
        elif not (three[0].alone and three[2].alone):
            yield Flaw(tag.where, f"“{tag.text}”或它的结尾不是单独一段，同段的文字会丢失", "请各自单独成段")
        elif tag.in_table:
            yield Flaw(tag.where, f"“{tag.text}”写在表格里", "请移到表格外；表格里每格写一个 {{ 名称 }}")
    if ends > 0:
        yield Flaw("正文", f"多出 {ends} 个 {{%p endfor %}}", "请删去，或补上前面的 {%p for … %}")


def _names(definition: Definition, found: Sequence[Tag]) -> Iterator[Flaw]:
    variables = {tag.variable for tag in found}
    seen: dict[str, Tag] = {}
    for tag in found:
        if not tag.name or tag.name in variables:
            continue
        yield from _name(definition, tag)
        if tag.name in seen and tag.name not in OWN_NAMES:
            yield Flaw(tag.where, f"“{tag.name}”已在{seen[tag.name].where}出现过", "每个名称只能写一次，请删去一处")
        seen.setdefault(tag.name, tag)
    for name in (*definition.cells, *definition.texts):
        if name not in seen:
            yield _missing(definition, name)


def _name(definition: Definition, tag: Tag) -> Iterator[Flaw]:
    many = tag.name in definition.texts or tag.name == "title"
    if tag.name not in placeholders(definition) | OWN_NAMES:
        meant = names.closest(tag.name, placeholders(definition))
        remedy = f"是否指 {meant}？" if meant else "请用 nianbao names 查看全部名称"
        yield Flaw(tag.where, f"“{tag.text}”：没有“{tag.name}”这个名称", remedy)
    elif many and tag.kind is Kind.VALUE:
        remedy = f"请改成三段：{{%p for paragraph in {tag.name} %}}、{{{{ paragraph }}}}、{{%p endfor %}}"
        yield Flaw(tag.where, f"“{tag.text}”是几段文字，不能写成一个占位符", remedy)
    elif not many and tag.kind is Kind.LOOP:
        yield Flaw(tag.where, f"“{tag.text}”：“{tag.name}”不是文字，不能循环", f"请改成 {{{{ {tag.name} }}}}")


def _missing(definition: Definition, name: str) -> Flaw:
    if name in definition.cells:
        cell = definition.cells[name]
        return Flaw(f"{cell.table.title} {cell.label}", f"缺少 {name}", f"请在这一格写 {{{{ {name} }}}}")
    remedy = f"请写三段：{{%p for paragraph in {name} %}}、{{{{ paragraph }}}}、{{%p endfor %}}"
    return Flaw(definition.texts[name].label, f"缺少 {name}", remedy)


def _hidden(template: Path, parts: Mapping[str, Element], found: Sequence[Tag]) -> Iterator[Flaw]:
    """What filling would run although nobody sees it on the page: in a picture's description, a field, a property."""
    seen = sorted(tag.name for tag in found if tag.name)
    run = sorted(name for part in parts for name in asked_for(template, part))
    if seen != run:
        more = "、".join(sorted(set(run) - set(seen))) or "写法特殊的语句"
        yield Flaw(
            "看不见的地方",
            f"还有占位符（{more}），例如在图片说明、域代码、表格属性里",
            "请查找“{{”“{%”并删去",
        )
