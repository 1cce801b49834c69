"""Files as surveys come, and the drafts of them."""

from pathlib import Path

from innosurvey import codebook, draft, files, yamlfile
from innosurvey.codebook import FileSpec

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv")
VOCABULARY = yamlfile.read(ROOT / "resources/dictionary/vocabulary.yaml").data
WORDS = draft.vocabulary_from(VOCABULARY, DICTIONARY)


def drafted(path, table="survey", labels=None, spec=None, words=WORDS):
    """Return the draft of a file."""
    source = draft.read_source(path, spec or FileSpec(), labels)
    return draft.draft_codebook(source, DICTIONARY, words, table)


def book_of(made, dictionary=DICTIONARY):
    """Return the codebook that a draft is, read as the pipeline reads it."""
    return codebook.from_yaml(yamlfile.parse(made.text, "draft"), dictionary)


def csv_file(folder, text, name="survey_2020.csv", encoding="utf-8"):
    """Return the path of a text written as a file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(*cells, firms=40):
    """Return lines of firms: an id, then the cells in turn."""
    return "".join(f"{1000 + place},{cells[place % len(cells)]}\n" for place in range(firms))
