"""The empty roster in the official layout (民发〔2016〕42号), ready to fill in and upload."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from portal.services.registers.workbooks import SafeBook

TITLE = "农村留守儿童基本情况登记表"
ROWS = 1_000
"""Rows below the header that carry the lists to choose from."""
_FIRST = 4
_PARENT = ("姓名", "是否外出务工", "外出时间", "务工地点", "联系电话")
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("序号", ()),
    ("儿童基本情况", ("姓名", "性别", "民族", "出生日期", "公民身份证号码", "是否登记户口", "现居住地",
                "身体情况", "就学情况", "年级班级", "是否寄宿")),
    ("父亲情况", _PARENT),
    ("母亲情况", _PARENT),
    ("监护情况", ("未外出一方有无监护能力", "实际监护人", "与儿童关系", "监护人电话", "监护人出生年份",
              "监护状况")),
    ("家庭及帮扶", ("家庭经济来源", "救助帮扶")),
    ("备注", ()),
)  # fmt: skip
_CHOICES = {
    "性别": ("男", "女"),
    "是否登记户口": ("是", "否"),
    "是否寄宿": ("是", "否"),
    "是否外出务工": ("是", "否"),
    "未外出一方有无监护能力": ("有", "无"),
    "就学情况": ("未入园", "幼儿园", "小学", "初中", "高中", "中职", "特教", "辍学", "不在学"),
    "实际监护人": ("父亲", "母亲", "父母", "爷爷", "奶奶", "外公", "外婆", "亲属", "老师", "其他", "无"),
    "监护状况": ("较好", "一般", "差"),
}
_WIDTHS = {"序号": 6, "公民身份证号码": 22, "现居住地": 24, "出生日期": 13, "备注": 20}
HOW_TO_FILL = (
    "填表说明",
    "1. 每名儿童填一行。姓名、公民身份证号码、现居住地、父母是否外出务工为必填。",
    "2. 公民身份证号码填18位，末位为X的照填。该列已设为文本格式；请勿改为数字格式，否则后几位会变成0。",
    "3. 出生日期写成 2015-06-12；性别填男或女。两者须与身份证号码一致，不填则按身份证号码读取。",
    "4. 现居住地写“乡镇+村”，可再写组，如“白岭乡茶山村三组”；本单位的村可从下拉列表中选择。",
    "5. 是否外出务工填“是”或“否”。填“是”的，外出时间写到月（2023-03）；务工地点写省、市，在县内的写“本县”。",
    "6. 父母一方去世、失联、服刑等不在家的，是否外出务工填“否”，有无监护能力按实际填写，并在备注中说明。",
    "7. 实际监护人可写称谓（爷爷、外婆、姑姑），无人监护的写“无”。监护状况填较好、一般或差。",
    "8. 请勿增加合并单元格，请勿修改表头。自“合计”或“单位负责人”一行起不再读取。",
    "9. 本表含儿童个人信息，请勿通过微信群等方式转发，上传后请及时删除。",
)


def blank_roster(unit_name: str, villages: Sequence[str]) -> bytes:
    """The empty form for a unit, with choices for fixed words and `villages` to pick from or overwrite."""
    out = SafeBook()
    page = out.book.add_worksheet("花名册")
    headers = _write_header(out, page, unit_name)
    for index, header in enumerate(headers):
        page.set_column(index, index, _WIDTHS.get(header, 11), out.text)
        if words := _CHOICES.get(header):
            page.data_validation(_FIRST, index, _FIRST + ROWS - 1, index, _choice(list(words)))
    how = out.book.add_worksheet("填表说明")
    how.set_column(0, 0, 110, out.note)
    for at, line in enumerate(HOW_TO_FILL):
        out.write(how, (at, 0), line, out.note)
    if villages:
        names = out.book.add_worksheet("村名")
        names.hide()
        for at, village in enumerate(villages):
            out.write(names, (at, 0), village)
        index = headers.index("现居住地")
        source = f"=村名!$A$1:$A${len(villages)}"
        page.data_validation(_FIRST, index, _FIRST + ROWS - 1, index, _choice(source, free=True))
    page.freeze_panes(_FIRST, 2)
    page.set_landscape()
    page.repeat_rows(2, 3)
    return out.finish()


def _write_header(out: SafeBook, page: Worksheet, unit_name: str) -> list[str]:
    """Title, unit line and the two header rows; returns the header of each column."""
    headers: list[str] = []
    for group, words in GROUPS:
        at, width = len(headers), max(len(words), 1)
        if words:
            page.merge_range(2, at, 2, at + width - 1, "", out.head)
        else:
            page.merge_range(2, at, 3, at, "", out.head)
        out.write(page, (2, at), group, out.head)
        for index, word in enumerate(words, start=at):
            out.write(page, (3, index), word, out.head)
        headers.extend(words or (group,))
    page.merge_range(0, 0, 0, len(headers) - 1, "", out.title)
    out.write(page, (0, 0), TITLE, out.title)
    out.write(page, (1, 0), f"填报单位(盖章):{unit_name}")
    for index, label in ((8, "填报日期:"), (14, "单位负责人:"), (19, "复核人:"), (24, "填表人:")):
        out.write(page, (1, index), label)
    page.set_row(0, 28)
    page.set_row(3, 42)
    return headers


def _choice(source: list[str] | str, *, free: bool = False) -> dict[str, object]:
    """A list to choose from; `free` lets other texts pass with a hint."""
    return {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        "error_type": "information" if free else "stop",
        "error_title": "请核对",
        "error_message": "列表中没有这一项，请核对后再填。",
    }
