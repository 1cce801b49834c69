"""The causes of a change in a chain: each link adds one to what was before, from the release to the present.

The chain is walked backwards, from the present: one copy of the project is enough, and each step in it reruns only what
the one cause that is taken back touches. The first state is the release as it is stored, the last the present results;
so the parts of the links add up to the whole. A state that can't be built is left out: the causes around it are told
together.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from innosurvey.errors import StudyError

ENVIRONMENT = "environment"
CODE = "code"
CONFIGURATION = "configuration"
REVISION = "data revision"
UNITS = "new units"
UNRECORDED = "nothing that is recorded"
CAUSES = (ENVIRONMENT, CODE, CONFIGURATION, REVISION, UNITS)
"""In the order of the chain."""
MEANINGS = {
    ENVIRONMENT: "other versions of the libraries (the lock file)",
    CODE: "the steps are written otherwise",
    CONFIGURATION: "settings, codebooks or lists are others",
    REVISION: "firms that were there before have other values, or registers say otherwise of them",
    UNITS: "firms came or left, or a wave or register is new",
    UNRECORDED: "another processor or version of Python, or a file that no release has a checksum of",
}
State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain: its cause, or several that can't be told apart, and then why."""

    causes: tuple[str, ...]
    why: str = ""

    @property
    def name(self) -> str:
        """The causes in words."""
        return " and ".join(self.causes)


def links_of(differing: Collection[str], few_units: bool) -> list[Link]:
    """Return a link per cause that differs, in the order of the chain; at least one.

    Where only a `few_units` were amended, or came and left, revision and new units are one link: a part that few firms
    make would tell of them.
    """
    links = [Link(causes=(cause,)) for cause in CAUSES if cause in differing] or [Link(causes=(UNRECORDED,))]
    if few_units and {REVISION, UNITS} <= set(differing):
        why = "too few firms were amended, or came and left, to tell their part alone"
        links[-2:] = [Link(causes=(REVISION, UNITS), why=why)]
    return links


def walk(links: Sequence[Link], present: State, taken_back: Callable[[Link], State]) -> tuple[list[Link], list[State]]:
    """Return the links with the state after each; the last is `present`.

    `taken_back` builds the present without what a link and those after it add. Where that raises a StudyError, the link
    and the one before are told together.
    """
    told, states = [links[-1]], [present]
    for before, link in reversed(list(pairwise(links))):
        try:
            state = taken_back(link)
        except StudyError as error:
            told[0] = Link(causes=before.causes + told[0].causes, why=_first_line(error))
        else:
            told.insert(0, before)
            states.insert(0, state)
    return told, states


def _first_line(error: StudyError) -> str:
    return str(error).splitlines()[0].rstrip(":.")
