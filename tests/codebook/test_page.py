"""The codebook page, held against the dictionary and the Seoul study."""

import re

import pytest

from innosurvey import codebook, files, study, yamlfile
from innosurvey.codebook.page import Content, codebook_page
from innosurvey.dictionary import Dictionary
from innosurvey.setting import study_as_read


@pytest.fixture(scope="module")
def pages(root):
    loaded = study.read(*study.BASE)
    dictionary = files.read_dictionary(root / "resources/dictionary/variables.csv", loaded.variables)
    books = {
        wave: codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
        for wave, source in loaded.waves.items()
    }
    content = Content(dictionary=dictionary, books=books, study=study_as_read(loaded))
    words = yamlfile.read(root / "workflow/codebook/words.yaml").data
    layout = (root / "workflow/codebook/page.html.j2").read_text(encoding="utf-8")
    return {language: codebook_page(content, language, words, layout, {}) for language in ("en", "ko")}, content


def entry_of(page, name):
    """Return the text of an entry."""
    (found,) = re.findall(rf'<article id="[a-z]+-{name}">.*?</article>', page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_every_variable_derived_variable_and_cohort_has_an_entry_in_both_languages(pages):
    made, content = pages
    names = [*content.dictionary, *content.study["derived"], *content.study["cohorts"]]
    for page in made.values():
        assert re.findall(r'<article id="[a-z]+-(\w+)">', page) == names


def test_an_entry_says_where_each_wave_has_it_from_and_who_is_asked(pages):
    said = entry_of(pages[0]["en"], "sales_t1")
    assert "Wave 2018 Q2_2" in said
    assert "Asked if founding_year &lt;= 2017" in said
    assert "million KRW" in said


def test_several_columns_are_said_with_their_levels_or_how_they_are_put_together(pages):
    assert "seoul_metro: Q9_10_1" in entry_of(pages[0]["en"], "coop_universities")
    assert "(sum)" in entry_of(pages[0]["en"], "exp_other")


def test_what_a_register_brings_and_what_nobody_asks_is_said(pages):
    assert "from the register certificates" in entry_of(pages[0]["en"], "cert_innobiz")
    assert "made by the pipeline" in entry_of(pages[0]["en"], "weight_final")


def test_an_entry_that_is_not_verified_is_marked(pages):
    assert "not verified" in entry_of(pages[0]["en"], "barrier_staff")
    assert "not verified" not in entry_of(pages[0]["en"], "inno_prd_goods")
    assert "미확인" in entry_of(pages[0]["ko"], "barrier_staff")


def test_classes_and_code_lists_say_their_rule(pages):
    assert "employees_t &gt;= 10 and employees_t &lt; 50" in entry_of(pages[0]["en"], "size_cis")
    assert "looked up in the code list seoul_gu by gu" in entry_of(pages[0]["en"], r"gu(?=\">\n<h3>Districts)")


def test_the_page_asks_nothing_of_the_network(pages):
    for page in pages[0].values():
        assert not re.search(r"(src|href)=\"(?!#)", page)
        assert "http" not in re.sub(r"http-equiv", "", page)


def test_both_languages_have_the_same_words(root):
    words = yamlfile.read(root / "workflow/codebook/words.yaml").data
    assert set(words["en"]) == set(words["ko"])
    assert set(words["en"]["types"]) == set(words["ko"]["types"])


def test_text_of_a_codebook_is_escaped(pages, root):
    _, content = pages
    variables = {"own": {"type": "float", "label_en": "<script>x</script>"}}
    dictionary = Dictionary([]).extended(variables, "test")
    layout = (root / "workflow/codebook/page.html.j2").read_text(encoding="utf-8")
    words = yamlfile.read(root / "workflow/codebook/words.yaml").data
    page = codebook_page(Content(dictionary=dictionary, books={}, study=content.study), "en", words, layout, {})
    assert "<script>x" not in page
    assert "declared by this study" in page


def test_a_rule_may_stand_without_title_or_note(pages):
    shown = "{{ entry.name }}: {% for fact in entry.facts %}{{ fact.parts[0].text }}; {% endfor %}"
    layout = "{% for section in sections %}{% for entry in section.entries %}" + shown + "{% endfor %}{% endfor %}"
    short = {
        "derived": {"exporter": "exports_t > 0"},
        "cohorts": {"c": {"groups": {"yes": "exporter"}, "otherwise": "no"}},
    }
    content = Content(dictionary=Dictionary([]), books={}, study={**pages[1].study, **short})
    words = yamlfile.read(study.ROOT / "workflow/codebook/words.yaml").data
    page = codebook_page(content, "en", words, layout, {})
    assert page.startswith("exporter: exports_t &gt; 0; c: exporter; ")
