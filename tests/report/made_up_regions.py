"""Made-up regions: firms by district and zone, how concentrated they are, and how they link to knowledge."""

import pandas as pd

TILES = (
    (None, None, None, "Dobong-gu", "Nowon-gu", None),
    (None, "Eunpyeong-gu", "Gangbuk-gu", "Seongbuk-gu", "Jungnang-gu", None),
    (None, "Seodaemun-gu", "Jongno-gu", "Jung-gu", "Dongdaemun-gu", None),
    ("Gangseo-gu", "Mapo-gu", "Yongsan-gu", "Seongdong-gu", "Gwangjin-gu", "Gangdong-gu"),
    ("Yangcheon-gu", "Yeongdeungpo-gu", "Dongjak-gu", "Seocho-gu", "Gangnam-gu", "Songpa-gu"),
    ("Guro-gu", "Geumcheon-gu", "Gwanak-gu", None, None, None),
)
PLACES = {name: (column + 1, row + 1) for row, names in enumerate(TILES) for column, name in enumerate(names) if name}
ZONES = ("north", "south")
SOUTH_FROM = 5
CONTEXT = {
    "regions": {
        "cohort": "gu",
        "zones": "zone",
        "map": "certified",
        "boundaries": ["land"],
        "measures": {
            "firms": {"title": {"en": "All firms"}, "among": "", "part": False},
            "certified": {"title": {"en": "Certified SMEs"}, "among": "", "part": True},
        },
        "links": {"business": {"title": {"en": "Business network"}}, "university": {"title": {"en": "Universities"}}},
        "types": {"alpha": 0.05, "stability": 0.75, "silhouette": 0.5},
        "tiles": {name: list(place) for name, place in PLACES.items()},
    }
}


def made_up_regions() -> pd.DataFrame:
    """Return regions.csv: Jung-gu stands out, Dobong-gu has few firms, Nowon-gu is withheld with it."""
    rows = []
    zone_of = {name: ZONES[place[1] >= SOUTH_FROM] for name, place in PLACES.items()}
    places = [("region", name, zone) for name, zone in zone_of.items()] + [("zone", zone, zone) for zone in ZONES]
    for level, name, zone in places:
        withheld = name in ("Dobong-gu", "Nowon-gu")
        size = 40 + 3 * len(name) if level == "region" else 600
        n = 6 if name == "Dobong-gu" else size
        quotient, p = (1.4, 0.001) if name == "Jung-gu" else (1.0, 0.8)
        for measure, source, statistic, estimate in (
            ("listed", "frame", "count", 3.0 * n),
            ("firms", "sample", "count", 2.5 * n),
            ("firms", "sample", "share", n / 12),
            ("certified", "sample", "count", 1.5 * n),
            ("certified", "sample", "share", n / 12),
            ("certified", "sample", "quotient", quotient),
        ):
            tested = statistic == "quotient"
            rows.append(
                {
                    "measure": measure, "level": level, "region": name, "zone": zone, "wave": "all",
                    "statistic": statistic, "source": source, "n": n, "estimate": estimate, "se": 0.05 * estimate,
                    "lower": 0.9 * estimate, "upper": 1.1 * estimate, "cv": 5.0,
                    "p": p if tested else None, "p_adjusted": p if tested else None,
                    "reliability": "good", "withheld": withheld and measure == "certified", "status": "ok",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def made_up_concentration(alike: float = 0.01) -> pd.DataFrame:
    """Return concentration.csv; `alike` is the p-value of Moran's I of certified firms."""
    rows = []
    for measure, p in (("firms", 0.4), ("certified", alike)):
        for statistic, estimate in (
            ("herfindahl", 0.1), ("herfindahl_normalised", 0.06), ("gini", 0.5), ("moran", 0.3),
        ):  # fmt: skip
            is_index = statistic != "moran"
            rows.append(
                {
                    "measure": measure, "wave": "all", "statistic": statistic, "n": 900, "regions": 25,
                    "merged": 2 * is_index, "estimate": estimate, "se": 0.01 if is_index else None,
                    "lower": 0.9 * estimate if is_index else None, "upper": 1.1 * estimate if is_index else None,
                    "expected": None if is_index else -0.04, "p_greater": None if is_index else p / 2,
                    "p_two_sided": None if is_index else p, "p_adjusted": None if is_index else p,
                    "permutations": None if is_index else 999, "withheld": False, "status": "ok",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def made_up_profiles(typed: bool = True) -> pd.DataFrame:
    """Return region_profiles.csv, with types or without."""
    rows = [
        ("zone", zone, "all", link, 300, estimate, 1.0, estimate - 2, estimate + 2, kind * typed, leans * typed, "ok")
        for zone, kind, leans, values in (("north", "1", "university", (40, 50)), ("south", "2", "business", (60, 20)))
        for link, estimate in zip(("business", "university"), values, strict=True)
    ]
    names = ("level", "region", "wave", "link", "n", "estimate", "se", "lower", "upper", "type", "leans_to", "status")
    return pd.DataFrame(rows, columns=list(names))


def made_up_types(verdict: str = "separable", p: float = 0.001) -> pd.DataFrame:
    """Return region_types.csv with a verdict."""
    names = (
        "level",
        "wave",
        "n",
        "regions",
        "groups",
        "value",
        "df1",
        "df2",
        "p",
        "silhouette",
        "stability",
        "verdict",
    )
    row = ("zone", "all", 300, 5, 2, 8.0, 12.0, 900.0, p, 0.71, 0.93, verdict)
    return pd.DataFrame([row], columns=list(names)).assign(status="ok")
