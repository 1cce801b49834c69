"""Templates that a run takes over from the one before."""

import jinja2
import pytest

from innosurvey.kept import Kept
from innosurvey.report.kept_templates import KeptTemplates

TEMPLATES = {"page": "{% import 'words' as words %}Dear {{ words.guest }}!", "words": "{% set guest = name %}"}


class Counting(jinja2.Environment):
    """An environment that counts what it translates."""

    translated = 0

    def compile(self, *args, **options):
        self.translated += 1
        return super().compile(*args, **options)


def environment(templates: dict[str, str], kept: Kept) -> Counting:
    made = Counting(loader=KeptTemplates(templates, kept), undefined=jinja2.StrictUndefined)
    made.globals["name"] = "Kim"
    return made


def test_a_template_says_what_it_says_without_what_is_kept():
    usual = jinja2.Environment(loader=jinja2.DictLoader(TEMPLATES))
    usual.globals["name"] = "Kim"
    assert environment(TEMPLATES, Kept()).get_template("page").render() == usual.get_template("page").render()


def test_only_what_has_changed_is_translated_again():
    first = Kept()
    environment(TEMPLATES, first).get_template("page").render()
    again = environment({**TEMPLATES, "page": TEMPLATES["page"] + "!"}, Kept(before=first.now))
    assert (again.get_template("page").render(), again.translated) == ("Dear Kim!!", 1)


def test_an_error_names_the_line_of_a_template_that_was_kept():
    broken = {"page": "one\n{{ nobody }}"}
    first = Kept()
    for kept in (first, Kept(before=first.now)):
        with pytest.raises(jinja2.UndefinedError) as caught:
            environment(broken, kept).get_template("page").render()
        lines = [(entry.path, entry.lineno + 1) for entry in caught.traceback]
        assert ("page", 2) in [(str(path), line) for path, line in lines]


def test_a_template_that_is_not_there_is_said_as_jinja_says_it():
    with pytest.raises(jinja2.TemplateNotFound):
        environment({}, Kept()).get_template("page")
