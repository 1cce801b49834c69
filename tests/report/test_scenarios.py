"""The whole report, in both languages, of results that went one way, the other, nowhere, and any way: it still reads.

The Korean report has the titles and phrases of config.yaml where the made-up study has their ids.
"""

import numpy as np
import pandas as pd
import pytest
from msgspec.structs import replace

from innosurvey import study
from innosurvey.report.build import build_document
from innosurvey.report.document import (
    BulletList,
    Document,
    Heading,
    Paragraph,
    Reference,
    Section,
    Text,
    as_json,
)
from innosurvey.report.particles import with_particle

from .made_up import made_up_context, made_up_tables
from .prose import PARTICLES, bare_headings, strange_signs, wrong_particles

Tables = dict[str, pd.DataFrame]


def changed(tables: Tables, p: object, sign: object = lambda rows: 1) -> Tables:
    """Return the tables with these p-values, and these signs of what is compared and estimated."""
    for name, table in tables.items():
        for column in {"p", "p_adjusted"} & set(table.columns):
            tables[name] = tables[name].assign(**{column: p(len(table))})
        if name in ("compare", "unweighted", "adjusted", "coefficients"):
            for column in {"difference", "estimate"} & set(table.columns):
                tables[name] = tables[name].assign(**{column: table[column] * sign(len(table))})
    return tables


def null() -> Tables:
    """Return results in which nothing is clear."""
    return changed(made_up_tables(), lambda rows: 0.5)


def random(seed: int) -> Tables:
    """Return results of any sign and any p-value."""
    drawn = np.random.default_rng(seed)
    return changed(
        made_up_tables(), lambda rows: drawn.choice([0.001, 0.03, 0.9], rows), lambda rows: drawn.choice([-1, 1], rows)
    )


def empty() -> Tables:
    """Return the results of a study that has none."""
    return {name: table.iloc[:0] for name, table in made_up_tables().items()}


SCENARIOS = {
    "as made up": made_up_tables,
    "reversed": lambda: made_up_tables(-1),
    "null": null,
    "random": lambda: random(1),
    "random again": lambda: random(2),
    "empty": empty,
}


def korean_words(context: dict) -> dict:
    """Return the context with the Korean titles and phrases of config.yaml, by id."""
    programme = study.read(*study.BASE).programme
    for item, about in context["items"].items():
        given = programme["describe"].get(item) or {}
        about["title"] = {**given.get("title", {}), **about["title"]}
        about["phrase"] = {"ko": (given.get("phrase") or {}).get("ko", "")}
    for cohort, about in context["cohorts"].items():
        given = programme["cohorts"].get(cohort) or {}
        about["title"] = {**given.get("title", {}), **about["title"]}
        for group, one in about["groups"].items():
            titled = (given.get("groups") or {}).get(group) or {}
            one["title"] = {**titled.get("title", {}), **one["title"]}
            one["phrase"] = {"ko": ((programme["report"]["groups"].get(cohort) or {}).get(group) or {}).get("ko", "")}
    return context


@pytest.fixture(scope="module")
def words() -> dict:
    return korean_words(made_up_context())


@pytest.fixture(scope="module", params=["en", "ko"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module", params=SCENARIOS)
def scenario(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def told(scenario: str, language: str, words: dict, templates: dict[str, str]) -> Document:
    return build_document(SCENARIOS[scenario](), {}, words, templates, language)


def labels(words: dict) -> list[str]:
    """Return the Korean titles and phrases that a sentence may put a particle behind."""
    groups = [one for about in words["cohorts"].values() for one in about["groups"].values()]
    named = [*words["items"].values(), *words["cohorts"].values(), *groups]
    return [about[key].get("ko", "") for about in named for key in ("title", "phrase") if key in about]


def test_no_sentence_has_a_sign_that_none_has(told: Document):
    assert strange_signs(told) == []


def test_no_heading_and_no_section_stands_without_content(told: Document):
    assert bare_headings(told) == []


def test_every_reference_is_resolved(told: Document):
    inlines = [
        piece
        for block in told.blocks()
        for line in (block.items if isinstance(block, BulletList) else (getattr(block, "inlines", ()),))
        for piece in line
    ]
    assert all(piece.text for piece in inlines if isinstance(piece, Reference))


def test_every_particle_follows_the_word_before_it(told: Document, words: dict):
    if told.language == "ko":
        assert wrong_particles(told, labels(words)) == []


def test_the_summary_turns_round_with_the_results(language: str, words: dict, templates: dict[str, str]):
    told = {
        name: as_json(build_document(SCENARIOS[name](), {}, words, templates, language))
        for name in ("as made up", "reversed", "null")
    }
    assert len(set(told.values())) == 3


def line_of(text: str) -> Document:
    """Return a document of one paragraph."""
    return Document(
        study="s", title="", subtitle="", language="ko", synthetic=False, attribution="", release_date="2024-06-30",
        version="1", trace=(),
        sections=(Section(id="one", title="장", number="1", blocks=(Paragraph(inlines=(Text(text=text),)),)),),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["비율(12.3 %)는 높다.", "활동 기업가 높다.", "“고객”가 높다.", "값은 3를 넘는다.", "차이는 3.2 %p은 된다."],
)
def test_a_wrong_particle_is_seen(text: str):
    assert len(wrong_particles(line_of(text), ["활동 기업"])) == 1


@pytest.mark.parametrize(
    "text", ["평가 결과는 높다.", "활동 기업이 높다.", "비율(12.3 %)은 높다.", "이 가운데 3을 넘는다."]
)
def test_a_right_particle_and_a_word_that_ends_like_one_pass(text: str):
    assert wrong_particles(line_of(text), ["활동 기업"]) == []


@pytest.mark.parametrize("text", ["값은 None이다.", "{name}은 높다.", "높다 .", "높고,, 낮다.", "높다.  낮다."])
def test_a_strange_sign_is_seen(text: str):
    assert strange_signs(line_of(text)) == [f"one: {text}"]


def test_a_bare_heading_is_seen():
    heading = Heading(level=2, inlines=(Text(text="빈 절"),), id="one-1")
    section = Section(id="one", title="장", number="1", blocks=(heading, heading))
    assert len(bare_headings(replace(line_of(""), sections=(section,)))) == 2


@pytest.mark.parametrize("form", sorted(PARTICLES))
def test_the_check_knows_both_forms_of_each_particle(form: str):
    assert any(with_particle(word, PARTICLES[form]) == word + form for word in ("값", "수"))
