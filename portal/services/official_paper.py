"""Official papers (公文) as Word files on a GB/T 9704—2012 page: an office goes on writing in them.

22 lines of 28 characters, 仿宋 16 pt, margins 37/35/28/26 mm. Fonts go by their usual names on office
computers; where one is missing, Word takes another.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE, BODY, HEADING = "方正小标宋简体", "仿宋_GB2312", "黑体"
LINE = Pt(28.9)
CHARACTER = Pt(16)


class OfficialPaper:
    """A paper that is written from top to bottom, then saved."""

    def __init__(self, title: str, *, number: str = "") -> None:
        self._document = Document()
        self._page()
        if number:
            self._line(number, align=WD_ALIGN_PARAGRAPH.CENTER)
            self._line("")
        self._line(title, font=TITLE, size=Pt(22), align=WD_ALIGN_PARAGRAPH.CENTER)
        self._line("")

    def address(self, to: str) -> None:
        """主送机关, flush left with a colon."""
        self._line(f"{to}：")

    def write(self, text: str) -> None:
        """A paragraph of text, two characters in."""
        self._line(text, indent=True)

    def head(self, text: str) -> None:
        """A heading of the first level (一、)."""
        self._line(text, font=HEADING, indent=True)

    def entry(self, label: str, *lines: str) -> None:
        """A labelled list: the label once, one line under the other."""
        for number, text in enumerate(lines):
            paragraph = self._line("", left=CHARACTER * 2)
            paragraph.paragraph_format.tab_stops.add_tab_stop(CHARACTER * 8)
            head = paragraph.add_run(label if number == 0 else "")
            _set_font(head, HEADING)
            _set_font(paragraph.add_run(f"\t{text}"), BODY)

    def sign(self, who: str, on: date) -> bytes:
        """Signature and date at the right; the finished file."""
        self._line("")
        for text in (who, f"{on.year}年{on.month}月{on.day}日"):
            line = self._line(text, align=WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = CHARACTER * 2
        saved = io.BytesIO()
        self._document.save(saved)
        return saved.getvalue()

    def _line(self, text: str, *, font: str = BODY, size: Pt | None = None, align: Any = None,
              indent: bool = False, left: Any = None) -> Any:  # fmt: skip
        paragraph = self._document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        shape.space_before = shape.space_after = Pt(0)
        shape.first_line_indent = CHARACTER * 2 if indent else None
        shape.left_indent = left
        paragraph.alignment = align
        _set_font(paragraph.add_run(text), font, size)
        return paragraph

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), "579")
        section._sectPr.append(grid)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for part in ("— ", "PAGE", " —"):
            run = foot.add_run("" if part == "PAGE" else part)
            _set_font(run, "宋体", Pt(14))
            if part == "PAGE":
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), "PAGE")
                run._r.addnext(field)


def _set_font(run: Any, name: str, size: Pt | None = None) -> None:
    run.font.name, run.font.size = name, size or CHARACTER
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(script), name)
