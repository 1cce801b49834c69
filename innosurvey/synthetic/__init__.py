"""The synthetic Seoul survey: firm-level data with a known truth, in the raw formats that such data come in.

Microdata of the Korean surveys are lent on application only. This package draws firms, lets them innovate by declared
equations (`parameters.yaml`), asks a sample of them a questionnaire, injects errors of known kinds, and writes the
files that a statistician would be handed. `generate` is the one call; `world` tells the story in order.
"""

from collections.abc import Mapping

from innosurvey import codebook, yamlfile
from innosurvey.dictionary import Dictionary
from innosurvey.synthetic.account import account
from innosurvey.synthetic.declared import RESOURCES, declared
from innosurvey.synthetic.files import write_files
from innosurvey.synthetic.truth import load_truth
from innosurvey.synthetic.world import make_world

BOOKS = ("2018", "2020", "2022", "certificates", "financials", "programmes", "patents", "frame")
DEFAULT_FIRMS, DEFAULT_SCENARIO, DEFAULT_SEED = 3800, "claimed", 20221231


def generate(
    firms: int = DEFAULT_FIRMS, scenario: str = DEFAULT_SCENARIO, seed: int = DEFAULT_SEED
) -> Mapping[str, bytes]:
    """Return file name → content: three waves of about `firms` answers, five registers, and truth.yaml.

    The same arguments give the same bytes. `scenario` is claimed, null or reversed; any other name is a StudyError.
    The defaults are the data that the repository ships.
    """
    dictionary = declared()
    world = make_world(firms, load_truth(scenario), seed, dictionary)
    return write_files(world, seoul_codebooks(dictionary), dictionary) | {"truth.yaml": account(world, firms)}


def seoul_codebooks(dictionary: Dictionary) -> dict[str, codebook.Codebook]:
    """Return the codebooks of the Seoul study by name: the files are written by reading these backwards."""
    return {
        name: codebook.from_yaml(yamlfile.read(RESOURCES / "codebooks" / "seoul" / f"{name}.yaml"), dictionary)
        for name in BOOKS
    }
