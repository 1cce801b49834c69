import pytest

from innosurvey.fingerprint import code_fingerprint, file_fingerprint, reached_modules


@pytest.fixture
def project(tmp_path):
    """A small package: a script that imports clean, which imports edits; report is apart."""
    files = {
        "scripts/clean_survey.py": "from innosurvey.clean import run\nrun()\n",
        "innosurvey/__init__.py": "",
        "innosurvey/clean/__init__.py": (
            '"""Clean."""\nfrom innosurvey.clean.edits import check\n\n\n'
            'def run():\n    """Do it."""\n    return check()\n'
        ),
        "innosurvey/clean/edits.py": "def check():\n    import innosurvey.tables\n    return 1\n",
        "innosurvey/tables.py": "x = 1\n",
        "innosurvey/report.py": "y = 1\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def fingerprint_after(project):
    def edit(name, old, new):
        path = project / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        from innosurvey import fingerprint

        fingerprint._substance.cache_clear()
        return code_fingerprint("scripts/clean_survey.py", project)

    return edit


def test_the_modules_that_a_script_reaches_are_found_through_packages_and_inner_imports(project):
    names = {str(path.relative_to(project)) for path in reached_modules(project / "scripts/clean_survey.py", project)}
    assert "innosurvey/tables.py" in names
    assert "innosurvey/report.py" not in names


def test_a_changed_line_in_a_reached_module_changes_the_fingerprint(project, fingerprint_after):
    before = code_fingerprint("scripts/clean_survey.py", project)
    assert fingerprint_after("innosurvey/clean/edits.py", "return 1", "return 2") != before


def test_comments_docstrings_and_layout_do_not_count(project, fingerprint_after):
    before = code_fingerprint("scripts/clean_survey.py", project)
    assert fingerprint_after("innosurvey/clean/__init__.py", "Do it.", "Do it well.") == before
    assert fingerprint_after("innosurvey/clean/edits.py", "return 1", "return (1)  # one") == before


def test_a_module_that_is_not_reached_does_not_count(project, fingerprint_after):
    before = code_fingerprint("scripts/clean_survey.py", project)
    assert fingerprint_after("innosurvey/report.py", "y = 1", "y = 2") == before


def test_a_files_fingerprint_is_its_content_and_absence_is_no_error(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    assert file_fingerprint(tmp_path / "a").startswith("2d711642b726b044")
    assert file_fingerprint(tmp_path / "b") == "absent"
