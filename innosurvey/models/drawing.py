"""The settings of draws. Apart from what draws with them: the Snakefile reads them at every start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How many draws, from which seed."""

    draws: int = 999
    seed: int = 1
