"""A wave drafted from the one before it, in the surveys that are here: synthetic Seoul, real Colombia."""

import pytest

from innosurvey import codebook, draft, study, yamlfile
from innosurvey.codebook import FileSpec
from innosurvey.new_wave.added import Old, add
from innosurvey.new_wave.fit import Known, nearest
from innosurvey.new_wave.reading import fits_of
from innosurvey.new_wave.years import Years
from tests.draft.make import VOCABULARY
from tests.new_wave.make import fourth_wave


def added(loaded, root, file, year, dictionary, raw):
    """Return the wave drafted from the study's waves before the year."""
    waves, olds = [], {}
    for name, source in loaded.waves.items():
        if int(name) >= year:
            continue
        read = yamlfile.read(root / source.codebook, source.codebook)
        book = codebook.from_yaml(read, dictionary)
        years = Years(first=int(book.period[0][:4]), last=int(name), new=year)
        before = draft.read_source(raw / source.file, book.file)
        waves.append(Known(wave=name, book=book, years=years, before=before))
        olds[name] = Old(text=(root / source.codebook).read_text("utf-8"), read=read, file=source.file)
    best = nearest(fits_of(file, FileSpec(), waves), str(file))
    words = draft.vocabulary_from(VOCABULARY, dictionary)
    return best, add(best, olds[best.known.wave], dictionary, words, [])


@pytest.fixture(scope="module")
def seoul(root, dictionary, tmp_path_factory):
    raw = root / "resources/raw/seoul"
    file = fourth_wave(raw / "innovation_2022.xlsx", tmp_path_factory.mktemp("inbox") / "innovation_2024.xlsx")
    return added(study.read(*study.BASE), root, file, 2024, dictionary, raw)


@pytest.mark.slow
def test_each_change_of_the_seoul_workbook_is_found_and_nothing_else(seoul):
    assert seoul[0].known.wave == "2022"
    assert list(seoul[1].points) == [
        "column 기업일반 / 자치구",
        "column 조사관리 / 작성소요시간",
        "new columns",
        "codes of lifecycle_self",
        "skip rules with years",
        "constants",
    ]


@pytest.mark.slow
def test_the_seoul_codebook_reads_as_2022s_with_the_changes(seoul, root):
    drafted = yamlfile.parse(seoul[1].codebook, "2024").data
    before = yamlfile.read(root / "resources/codebooks/seoul/2022.yaml").data
    assert drafted["file"]["header_rows"] == [7, 8]
    assert drafted["variables"]["lifecycle_self"]["values"]["재도약기"] == "MEANING"
    assert set(before["variables"]) - set(drafted["variables"]) == {"hours_to_complete"}
    assert drafted["variables"]["coop_group"] == before["variables"]["coop_group"]


@pytest.fixture(scope="module")
def colombia(root, shared, dictionary):
    loaded = study.read(*study.BASE, root / "resources/studies/colombia_edits.yaml")
    raw = shared / "data/colombia_edits"
    own = dictionary.extended(loaded.variables, "variables")
    return added(loaded, root, raw / loaded.waves["2015"].file, 2015, own, raw)


def test_the_fifth_colombian_wave_is_nearest_to_the_fourth(colombia):
    assert colombia[0].known.wave == "2013"


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("column CIIU3", "it is gone"),
        ("column I8R3C1", "barrier_regulation is then not collected"),
        ("codes of office_type", "the new codes INNOVO, NOINNOVO"),
        ("codes gone of coop_rnd", "nobody has 0"),
        ("constants", "industry_rev = 3"),
    ],
)
def test_what_dane_changed_in_the_fifth_wave_is_put_to_a_person(colombia, about, said):
    assert said in colombia[1].points[about]
