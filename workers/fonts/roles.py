"""The faces that official documents ask for, by every name they go by, and what may stand in for each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Role:
    """A face such as 仿宋: `declared` are names of the real thing, `stand_ins` resemble it, best first."""

    name: str
    declared: tuple[str, ...]
    stand_ins: tuple[str, ...]
    # The face is heavy in itself; a stand-in is heavy enough only when bold.
    bold_stand_ins: bool = False


SERIF: Final = "Noto Serif CJK SC"

ROLES: Final = (
    Role(
        "小标宋",
        ("方正小标宋简体", "方正小标宋_GBK", "小标宋体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05",
         "CESI小标宋-GB2312", "CESI小标宋-GB18030", "CESI小标宋-GB13000"),
        (SERIF,),
        bold_stand_ins=True,
    ),
    Role(
        "仿宋",
        ("仿宋_GB2312", "仿宋", "FangSong_GB2312", "FangSong", "方正仿宋_GBK", "方正仿宋简体", "华文仿宋", "STFangsong",
         "CESI仿宋-GB2312", "CESI仿宋-GB18030", "CESI仿宋-GB13000"),
        ("Zhuque Fangsong", "朱雀仿宋", "FandolFang", SERIF),
    ),
    Role(
        "楷体",
        ("楷体_GB2312", "楷体", "KaiTi_GB2312", "KaiTi", "方正楷体_GBK", "方正楷体简体", "华文楷体", "STKaiti",
         "CESI楷体-GB2312", "CESI楷体-GB18030", "CESI楷体-GB13000"),
        ("FandolKai", "AR PL KaitiM GB", "AR PL UKai CN"),
    ),
    Role(
        "黑体",
        ("黑体", "SimHei", "方正黑体_GBK", "方正黑体简体", "华文黑体", "STHeiti",
         "CESI黑体-GB2312", "CESI黑体-GB18030", "CESI黑体-GB13000"),
        ("Noto Sans CJK SC",),
    ),
    Role(
        "宋体",
        ("宋体", "SimSun", "方正书宋_GBK", "方正书宋简体", "华文宋体", "STSong",
         "CESI宋体-GB2312", "CESI宋体-GB18030", "CESI宋体-GB13000"),
        (SERIF,),
    ),
    Role("西文", ("Times New Roman",), ("Liberation Serif",)),
)  # fmt: skip

# Tried in this order for characters that a face lacks. BabelStone Han has the rare characters in people's names.
NET: Final = (SERIF, "BabelStone Han", "Noto Sans CJK SC", "DejaVu Sans")
