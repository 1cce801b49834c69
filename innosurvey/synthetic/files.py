"""The world as raw files: each wave and register in its own format, with the quirks that such files come with.

2018: SPSS, coded, labelled in Korean, user-missing codes. 2020: a cp949 CSV with thousands commas, some full-width
digits, Windows line ends. 2022: a workbook with title and notes above a two-row header. Registration numbers are
written differently in every file.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from innosurvey.codebook import Codebook
from innosurvey.dictionary import Dictionary
from innosurvey.ingest.header import HEADER_JOIN
from innosurvey.synthetic.encoding import code, encode, missing_codes
from innosurvey.synthetic.formats import to_csv, to_dta, to_sav, to_xlsx, with_commas, with_full_width
from innosurvey.synthetic.truth import Streams
from innosurvey.synthetic.world import World

NOTICE = "※ 가상자료: 이 파일의 기업과 응답은 모두 합성된 것이며 실제 기업이 아님 (synthetic data, no firm exists)"
TITLE_2022 = "서울 혁신형 중소기업 혁신조사 2022 응답자료"
SHEET_2022, SHEET_PROGRAMMES = "응답자료", "수혜기업"
ROWS_ABOVE_HEADER_2022 = 4
FIRST_DATA_ROW = {"2018": 1, "2020": 2, "2022": ROWS_ABOVE_HEADER_2022 + 3}
"""Row of the first firm in each wave's file, as a person counts it."""
FIRST_REGISTER_ROW = 2
FULL_WIDTH_COLUMNS = ("employees_t", "sales_t", "founding_year", "n_projects_tried")
FULL_WIDTH_SHARE = 0.01
ASKED_2018 = (
    ("장애요인: 자체 자금", "저해요인: 내부자금"),
    ("장애요인: 외부 자금", "저해요인: 외부자금"),
    ("장애요인: 우수 인력", "저해요인: 우수인력"),
    ("장애요인: 기술 ", "저해요인: 기술"),
    ("장애요인: 시장 정보", "저해요인: 시장정보"),
    ("장애요인", "저해요인"),
    ("정보원: 고객", "정보원: 고객·수요기업"),
    ("정보원:", "정보원천:"),
    ("정부 지원", "정부지원"),
    ("제품혁신: 재화", "상품혁신(재화)"),
    ("제품혁신: 서비스", "서비스혁신"),
    ("제품혁신", "상품혁신"),
    ("종업원 수", "상용근로자 수"),
    ("자체 자금 비중", "자체자금 비중"),
    ("정부 보조금", "정부 출연·보조금"),
    ("민간부문 고객", "민간 고객·수요기업"),
    ("공공부문 고객", "공공부문 수요기관"),
    ("경쟁기업", "경쟁업체"),
)
"""How the questionnaire of 2018 puts what the dictionary, in the report's terms, puts otherwise; in this order."""
STATA_TYPES = {"bizno": "float64", "fyear": "int16", "emp": "int16"}


def write_files(world: World, codebooks: Mapping[str, Codebook], dictionary: Dictionary) -> dict[str, bytes]:
    """Return file name → content of the three waves and the five registers."""
    given = {wave: answers.given for wave, answers in world.waves.items()}
    surveys = {
        wave: _with_hyphens(encode(answers.values, codebooks[wave], answers.kinds), codebooks[wave], wave != "2018")
        for wave, answers in given.items()
    }
    registers = {name: encode(_registered(name, table), codebooks[name]) for name, table in world.registers.items()}
    return {
        "innovation_2018.sav": _spss(surveys["2018"], codebooks, dictionary),
        "innovation_2020.csv": _korean_csv(surveys["2020"], codebooks["2020"], Streams(seed=world.seed)),
        "innovation_2022.xlsx": _workbook(surveys["2022"]),
        "certificates.csv": to_csv(_with_hyphens(registers["certificates"], codebooks["certificates"]), mark=True),
        "financials.dta": _stata(registers["financials"]),
        "programmes.xlsx": _programmes(registers["programmes"], codebooks["programmes"]),
        "patents.csv": to_csv(registers["patents"]),
        "frame.csv": to_csv(registers["frame"]),
    }


def hyphened(number: str) -> str:
    """Return a registration number as people write it: 3-2-5 digits."""
    return f"{number[:3]}-{number[3:5]}-{number[5:]}"


def _changed(raw: pd.DataFrame, column: str, change: Callable[[str], object]) -> pd.DataFrame:
    return raw.assign(**{column: pd.Series([change(cell) for cell in raw[column]], index=raw.index, dtype=object)})


def _with_hyphens(raw: pd.DataFrame, codebook: Codebook, wanted: bool = True) -> pd.DataFrame:
    return _changed(raw, codebook.variables["firm_id"].columns[0], hyphened) if wanted else raw


def _registered(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a register under the names of its codebook, dates as texts (the workbook turns them back)."""
    table = table.rename(columns={"year": "wave"}) if name == "frame" else table
    texts = {str(column): table[column].dt.strftime("%Y-%m-%d") for column in table.select_dtypes("datetime")}
    return table.assign(**texts, **({"wave": table["wave"].astype(str)} if name == "frame" else {}))


def _spss(raw: pd.DataFrame, codebooks: Mapping[str, Codebook], dictionary: Dictionary) -> bytes:
    """Return the 2018 wave; the texts of its codes are those that the 2022 codebook has for the same meanings."""
    labels: dict[str, str] = {}
    texts: dict[str, dict[int, str]] = {}
    missing: dict[str, list[int]] = {}
    for name, source in codebooks["2018"].variables.items():
        said = {meaning: text for text, meaning in (codebooks["2022"].variables[name].values or {}).items()}
        levels = dict(zip(source.columns, source.column_levels, strict=True)) if source.column_levels else {}
        parts = dict(zip(source.columns, codebooks["2022"].variables[name].columns, strict=False))
        for column in source.columns:
            last = parts[column].rsplit("_", 1)[-1]
            asked = _as_asked(dictionary[name].label_ko)
            labels[column] = f"{asked} - {last}" if column in levels else asked
            gaps = {kind: int(number) for kind, number in missing_codes(source).items()}
            if source.values or dictionary[name].type in ("int", "float"):
                missing[column] = sorted(gaps.values())
            if source.values:
                texts[column] = {int(text): said[meaning] for text, meaning in source.values.items()}
                texts[column] |= {gaps["dont_know"]: "모름", gaps["refused"]: "응답거절"}
    return to_sav(raw, labels, texts, missing)


def _as_asked(label: str) -> str:
    """Return a label of the dictionary in the words of the questionnaire of 2018."""
    for term, words in ASKED_2018:
        label = label.replace(term, words)
    return label


def _korean_csv(raw: pd.DataFrame, codebook: Codebook, streams: Streams) -> bytes:
    rng = streams("full-width digits")
    for name, source in codebook.variables.items():
        for column in source.columns:
            if source.declared.unit == "currency_million":
                raw[column] = with_commas(raw[column])
            if name in FULL_WIDTH_COLUMNS:
                raw[column] = with_full_width(
                    raw[column], rng.choice(len(raw), size=round(FULL_WIDTH_SHARE * len(raw)), replace=False).tolist()
                )
    return to_csv(raw, encoding="cp949", line_end="\r\n")


def _workbook(raw: pd.DataFrame) -> bytes:
    """Return the 2022 wave: title, notes, a blank row, groups (each once, over its first item), items, firms."""
    groups, items = zip(*(name.split(HEADER_JOIN) for name in raw.columns), strict=True)
    once = [group if place == 0 or group != groups[place - 1] else None for place, group in enumerate(groups)]
    above = [[TITLE_2022], [NOTICE], ["단위: 백만원, 명, %, 건"], []]
    return to_xlsx({SHEET_2022: [*above, once, items, *raw.itertuples(index=False)]})


def _programmes(raw: pd.DataFrame, codebook: Codebook) -> bytes:
    """Return the programme register, its registration numbers as numbers and its dates as dates."""
    numbers = _changed(raw, codebook.variables["firm_id"].columns[0], code_of_number)
    dated = _changed(
        numbers, codebook.variables["start_date"].columns[0], lambda day: pd.Timestamp(day).to_pydatetime()
    )
    return to_xlsx({SHEET_PROGRAMMES: [tuple(raw.columns), *dated.itertuples(index=False)]})


def code_of_number(number: str) -> int:
    """Return a registration number as a spreadsheet keeps it: without its leading zeros."""
    return int(code(number))


def _stata(raw: pd.DataFrame) -> bytes:
    labels = {
        "bizno": "사업자등록번호",
        "fyear": "회계연도",
        "sales": "매출액(천원)",
        "assets": "자산총계(천원)",
        "op_profit": "영업이익(천원)",
        "tangible": "유형자산(천원)",
        "value_add": "부가가치(천원)",
        "emp": "종업원수",
    }
    rounded = raw.assign(
        **{name: raw[name].map(lambda amount: round(float(amount))) for name in raw.columns if name != "bizno"}
    )
    return to_dta(
        rounded.assign(bizno=raw["bizno"].map(int)),
        labels,
        {name: STATA_TYPES.get(name, "int32") for name in raw.columns},
    )
