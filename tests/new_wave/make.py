"""A fourth wave of the synthetic Seoul survey: 2022's workbook with the changes that a next wave brings."""

from pathlib import Path

FIRST_ROW = 7
RENAMED = {"자치구": "소재 자치구"}
LATER = {f"_{year}": f"_{year + 2}" for year in (2022, 2021, 2020)}


def fourth_wave(old: Path, new: Path) -> Path:
    """Write the 2024 wave: years moved, one column renamed, one new, one gone, a new code, a header two rows lower."""
    from openpyxl import load_workbook

    book = load_workbook(old)
    sheet = book["응답자료"]
    names = {str(cell.value): cell for cell in sheet[FIRST_ROW - 1] if cell.value}
    for name, cell in names.items():
        cell.value = name[:-5] + LATER[name[-5:]] if name[-5:] in LATER else RENAMED.get(name, name)
    stage = names["성장단계"].column
    mature = [row for row in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, stage).value == "성숙기"]
    for row in mature[:30]:
        sheet.cell(row, stage).value = "재도약기"
    last = sheet.max_column + 1
    sheet.cell(FIRST_ROW - 2, last, "디지털")
    sheet.cell(FIRST_ROW - 1, last, "인공지능 활용")
    for row in range(FIRST_ROW, sheet.max_row + 1):
        sheet.cell(row, last, "예" if row % 3 else "아니오")
    gone = names["작성소요시간"].column
    sheet.insert_rows(1, 2)
    sheet.cell(1, 1, "2024년 조사 원자료")
    sheet.delete_cols(gone)
    book.save(new)
    return new
