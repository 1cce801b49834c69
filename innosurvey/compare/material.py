"""One completed survey of a cohort, ready to be compared: its groups, its waves with their designs, its items' values.

All tables of comparisons are made from the same material, so that the designs are put together once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from innosurvey.design import DEFAULT_RULES, DesignRules
from innosurvey.estimate import Observed, Setting, basis_of, observe, sample_settings
from innosurvey.items import DescribeItem, ItemValues, item_values
from innosurvey.kept import Found, Kept, checksum
from innosurvey.sample import FullSample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """A slice with the group of each row, the settings (each wave, then all pooled) and the items by id."""

    firms: pd.DataFrame
    groups: np.ndarray
    settings: tuple[Setting, ...]
    rules: DesignRules
    items: Mapping[str, DescribeItem]
    kept: Kept
    known: dict[str, ItemValues] = field(default_factory=dict)
    bases: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        firms: pd.DataFrame,
        items: Iterable[DescribeItem],
        rules: DesignRules = DEFAULT_RULES,
        sample: FullSample | None = None,
        kept: Kept | None = None,
    ) -> "Material":
        """Return the material of one completed survey (one draw, if answers were imputed several times)."""
        return cls(
            firms=firms,
            groups=firms["group"].astype("str").to_numpy(),
            settings=tuple(sample_settings(firms, rules, sample)),
            rules=rules,
            items={item.id: item for item in items},
            kept=kept or Kept(),
        )

    def values(self, item: str) -> ItemValues:
        """Return an item's values on the rows of the slice."""
        if item not in self.known:
            self.known[item] = item_values(self.items[item], self.firms)
        return self.known[item]

    def found(self, make: Callable[[], Found], *asked: object, items: Sequence[str]) -> Found:
        """Return what `make` finds of some items, or what the run before found where it `asked` the same, on the same
        design, groups and values.
        """
        return self.kept.of(make, asked, *(self.basis(item) for item in items))

    def basis(self, item: str) -> bytes:
        """Return a checksum of an item, its values, and the design and groups of all rows."""
        if not self.bases:
            self.bases[""] = checksum(basis_of(self.settings), self.groups.astype("U"))
        if item not in self.bases:
            everyone = np.ones(len(self.firms), dtype=bool)
            self.bases[item] = checksum(self.bases[""], self.items[item], self.values(item).among(everyone))
        return self.bases[item]

    def observe(self, item: str, setting: Setting, group: str) -> Observed:
        """Return the rows of a group that answered an item."""
        return observe(self.values(item), setting, self.groups[setting.rows] == group)


def unweighted(firms: pd.DataFrame, sample: FullSample | None) -> tuple[pd.DataFrame, FullSample | None]:
    """Return slice and sample with every weight 1, in the same strata and of the same finite population: without
    weights there are no totals that they meet, and no replicates of them.
    """
    plain = firms.assign(weight_final=1.0)
    if sample is None:
        return plain, None
    nothing = {wave: np.empty((len(part), 0)) for wave, part in sample.firms.items()}
    return plain, replace(sample, x=nothing, replicates={})
