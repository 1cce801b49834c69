"""How often is a claim supported that is false, and how often one that is true? Many synthetic surveys, judged alike.

Each draw is a new synthetic world of the default study's size: its sample is drawn, answers, is linked to the
registers, weighted and calibrated, placed in cohorts, compared and modelled, and the claims are judged by the rule of
the report. What the firms answer is what is true of them: this is about chance, not about errors in answers (for those
see benchmarks/edits.md). Run with `python benchmarks/claims.py`: it writes benchmarks/claims.md.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads cost more than they save

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innosurvey import compare, coverage, describe, files, link, study, tables, weight, yamlfile  # noqa: E402
from innosurvey.claims.ledger import judge_claims  # noqa: E402
from innosurvey.claims.spec import ClaimSpec, parse_claims  # noqa: E402
from innosurvey.cohorts.assign import assign_cohorts  # noqa: E402
from innosurvey.cohorts.pool import with_bridge, with_design  # noqa: E402
from innosurvey.cohorts.slices import cut_slices  # noqa: E402
from innosurvey.cohorts.spec import parse_cohorts  # noqa: E402
from innosurvey.derive import parse_derived  # noqa: E402
from innosurvey.design import parse_design_rules  # noqa: E402
from innosurvey.dictionary import Dictionary  # noqa: E402
from innosurvey.gather import gather  # noqa: E402
from innosurvey.harmonise.bridge import harmonise_waves  # noqa: E402
from innosurvey.harmonise.spec import parse_harmonise  # noqa: E402
from innosurvey.models import plan  # noqa: E402
from innosurvey.models.fit import fit_all  # noqa: E402
from innosurvey.pooled import pool_designs  # noqa: E402
from innosurvey.sample import full_sample  # noqa: E402
from innosurvey.synthetic import DEFAULT_FIRMS, load_truth, make_world  # noqa: E402
from innosurvey.synthetic.world import World  # noqa: E402

DRAWS = {"null": 200, "claimed": 20, "reversed": 10}
TRUE_UNDER_NULL = ("C5",)
ANSWERED = ("complete", "partial")
DTYPES = {"bool": "boolean", "int": "Int64", "float": "Float64"}
COMPARED = ("compare", "unweighted", "adjusted", "omnibus", "omnibus_unweighted", "ranks", "ranks_unweighted")
TABLES = (*COMPARED, "coefficients", "fits")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=None, help="draws of each scenario; nothing is written then")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--kept", type=Path, help="a CSV of draws that are done: they are not repeated, others added")
    asked = parser.parse_args()
    draws = DRAWS if asked.draws is None else dict.fromkeys(DRAWS, asked.draws)
    jobs = [(scenario, seed) for scenario, count in draws.items() for seed in range(count)]
    kept = asked.kept and asked.kept.exists()
    parts = [pd.read_csv(asked.kept, keep_default_na=False)] if kept else []  # `null` is a scenario, no gap
    done = {key for part in parts for key in zip(part["scenario"], part["seed"], strict=True)}
    waiting = [job for job in jobs if job not in done]
    with ProcessPoolExecutor(asked.processes) as pool:
        for part in pool.map(verdicts_of_draw, *zip(*waiting, strict=True)) if waiting else ():
            parts.append(part)
            if asked.kept:
                part.to_csv(asked.kept, mode="a", header=not asked.kept.exists(), index=False)
    verdicts = pd.concat(parts, ignore_index=True)
    text = "\n".join(report(verdicts, draws))
    if asked.draws is None:
        (ROOT / "benchmarks/claims.md").write_text(text, encoding="utf-8")
    print(text)


def verdicts_of_draw(scenario: str, seed: int) -> pd.DataFrame:
    """Return the verdict on each claim and each hypothesis (`id` is C1, or C1.patents) in one synthetic survey."""
    world = make_world(DEFAULT_FIRMS, load_truth(scenario), seed, dictionary())
    claims, hypotheses = judge_claims(
        claims_alone(), estimates(world), {}, parse_design_rules(chosen().programme["design"]).confidence
    )
    hypotheses = hypotheses.assign(id=hypotheses["claim"] + "." + hypotheses["hypothesis"], family="")
    judged = pd.concat([claims.assign(id=claims["claim"]), hypotheses[hypotheses["check"] == "main"]])
    return judged[["id", "family", "verdict"]].assign(scenario=scenario, seed=seed)


def estimates(world: World) -> dict[str, pd.DataFrame]:
    """Return the gathered tables that the claims are judged by."""
    asked, covered, programme = chosen(), coverage_of_chosen(), chosen().programme
    waves = {wave: linked(world, wave) for wave in asked.waves}
    weighted = {wave: weighted_wave(world, firms, wave) for wave, firms in waves.items()}
    designs = {wave: tables_of_wave.design for wave, tables_of_wave in weighted.items()}
    pooled = pool_designs(designs, {wave: tables_of_wave.listed for wave, tables_of_wave in weighted.items()})
    spec = parse_harmonise(asked.harmonise, asked.waves)
    files = {file: tables.read_codelist(ROOT / file) for file in spec.files}
    years = {wave: int(period[1][:4]) for wave, period in covered.periods.items()}
    bridge = harmonise_waves(waves, spec, files, years).bridge
    cohorts = assign_cohorts(
        with_design(with_bridge(waves, bridge), designs, pooled),
        specs=parse_cohorts(programme["cohorts"]),
        derived=parse_derived(programme["derived"]),
        dictionary=dictionary(),
        codelists=codelists(),
    )
    sample = full_sample(designs, {wave: tables_of_wave.calibrated for wave, tables_of_wave in weighted.items()},
                         pooled=pooled)  # fmt: skip
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    items = describe.parse_items({name: programme["describe"][name] for name in covered.items})
    described = coverage.columns_described(programme, covered)
    for cohort in covered.cohorts:
        sections = coverage.available_contrasts(programme, covered, cohort)
        if any(sections.values()):
            plan_of_cohort = compare.parse_plan(sections, items, cohort, list(covered.groups[cohort]))
            firms = cut_slices(cohorts.firms, cohorts.memberships, {cohort: described})[0]
            compared = compare.compare_all(plan_of_cohort, firms, parse_design_rules(programme["design"]), sample)
            for name in set(TABLES).intersection(compared):
                parts[name].append(compared[name])
    fits = plan.plan_fits(covered.models, covered.groups)
    for batch in plan.batches(fits):
        own = plan.models_in(fits, batch)
        columns = {f"models/{batch}": list(plan.columns_needed(own))}
        fitted = fit_all(own, cut_slices(cohorts.firms, cohorts.memberships, columns)[0])
        parts["fits"].append(fitted.fits)
        parts["coefficients"].append(fitted.coefficients)
    return gather(parts)


def linked(world: World, wave: str) -> pd.DataFrame:
    """Return one wave's firms as they would stand after cleaning, had nobody erred: typed, flagged, linked."""
    true = world.waves[wave].true
    true = true[true["response_status"].isin(ANSWERED)].reset_index(drop=True)
    columns: dict[str, Any] = {"_source_row": pd.array(np.arange(len(true)) + 2, dtype="Int64"), "wave": wave}
    for name in true.columns:
        answered = true[name].notna()
        dtype = DTYPES.get(dictionary()[name].type, "str")
        columns[name] = pd.Series(true[name].where(answered, None), dtype=object).convert_dtypes().astype(dtype)
        columns[f"{name}_flag"] = np.where(answered, "observed", "not_asked")
    first, last = coverage_of_chosen().periods[wave]
    columns |= {"obs_start": pd.Timestamp(first), "obs_end": pd.Timestamp(last), "ksic_rev": "10", "sido": "11"}
    firms = pd.DataFrame(columns).drop(columns="firm_id_flag")
    registers = {name: registered(world, name) for name in chosen().registers}
    specs = link.parse_links({name: source.link for name, source in chosen().registers.items()})
    return link.link_registers(firms, registers, specs, (first, last), chosen().key_check).firms


def registered(world: World, name: str) -> pd.DataFrame:
    """Return a register as it would stand after reading."""
    register = world.registers[name].rename(columns={"year": "wave"})
    if name == "frame":
        register = register.assign(wave=register["wave"].astype(str))
    return register.assign(_source_row=np.arange(len(register)) + 2)


def weighted_wave(world: World, firms: pd.DataFrame, wave: str) -> weight.Weighted:
    """Return the wave's weights by the default study's rules."""
    return weight.weight_sample(
        firms, registered(world, "frame"), weight.parse_weights(chosen().weights), chosen().key_check
    )


@cache
def chosen() -> study.Study:
    """Return the default study with nothing but what the claims need."""
    config = deepcopy(yamlfile.read(study.BASE[0]).data)
    for file in study.BASE[1:]:
        study.merge(config, yamlfile.read(file).data)
    return study.load(only_for_claims(config, parse_claims(config["claims"])))


def only_for_claims(config: dict[str, Any], claims: Sequence[ClaimSpec]) -> dict[str, Any]:
    """Return the configuration without cohorts, comparisons and models that decide no claim."""
    keys = [hypothesis.estimand.key for claim in claims for hypothesis in claim.hypotheses]
    items = {(key["cohort"], key["item"]) for key in keys if "cohort" in key and "item" in key}
    rankings = {key["ranking"] for key in keys if "ranking" in key}
    models = {key["model"] for key in keys if "model" in key}
    compared = {}
    for name, entry in config["compare"].items():
        own = [item for item in entry["items"] if (entry["cohort"], item) in items]
        if own:
            compared[name] = {**entry, "items": own}
    ranked = {name: config["rank"][name] for name in rankings}
    cohorts = {"all", *(entry["cohort"] for entry in [*compared.values(), *ranked.values()])}
    return config | {
        "claims": {},
        "compare": compared,
        "rank": ranked,
        "decompose": {},
        "cohorts": {name: entry for name, entry in config["cohorts"].items() if name in cohorts},
        "models": {name: {**config["models"][name], "foreach": ["all"]} for name in config["models"] if name in models},
        "describe": {
            name: entry
            for name, entry in config["describe"].items()
            if name in {item for _, item in items} | {item for entry in ranked.values() for item in entry["items"]}
        },
    }


@cache
def claims_alone() -> tuple[ClaimSpec, ...]:
    """Return the claims of the default study."""
    return parse_claims(study.read(*study.BASE).programme["claims"])


@cache
def coverage_of_chosen() -> coverage.Coverage:
    return coverage.cover(chosen(), ROOT)


@cache
def dictionary() -> Dictionary:
    return files.read_dictionary(ROOT / "resources/dictionary/variables.csv", chosen().variables)


@cache
def codelists() -> Mapping[str, pd.DataFrame]:
    return tables.read_codelists(sorted(map(str, (ROOT / "resources/codelists").glob("*.csv"))))


def report(verdicts: pd.DataFrame, draws: Mapping[str, int]) -> Iterator[str]:
    """Yield the lines of the page: false support by family, then what became of each claim and hypothesis."""
    yield "# Are false claims supported, and true ones found?\n"
    counts = ", ".join(f"{count} under *{scenario}*" for scenario, count in draws.items())
    yield f"`python benchmarks/claims.py`: surveys of {DEFAULT_FIRMS:,} firms a wave, judged as the report does:"
    yield f"{counts} (seeds from 0). What firms answer is what is true of them.\n"
    yield "## False support\n"
    yield "Under *null* no claim is true, except that size and innovation are not related (C5): there support is right."
    yield "Percentage of draws in which a false claim of the family is supported; in brackets Wilson's 95 % interval.\n"
    yield "| family | claims | supported although false, % |"
    yield "| --- | --- | ---: |"
    yield from false_support(verdicts, draws["null"])
    for title, chosen_ids in (("Claims", ~verdicts["id"].str.contains(".", regex=False)),
                              ("Hypotheses", verdicts["id"].str.contains(".", regex=False))):  # fmt: skip
        yield f"\n## {title}, percentage of draws\n"
        yield "| | null: supported | null: reversed | claimed: supported | reversed: reversed |"
        yield "| --- | ---: | ---: | ---: | ---: |"
        yield from rates(verdicts[chosen_ids], draws)
    yield ""


def false_support(verdicts: pd.DataFrame, draws: int) -> Iterator[str]:
    """Yield a line per family of claims."""
    false = verdicts[
        (verdicts["scenario"] == "null") & (verdicts["family"] != "") & ~verdicts["id"].isin(TRUE_UNDER_NULL)
    ]
    for family, part in false.groupby("family", sort=False):
        hits = int((part["verdict"] == "supported").groupby(part["seed"]).any().sum())
        low, high = wilson(hits, draws)
        yield f"| {family} | {', '.join(part['id'].unique())} | {100 * hits / draws:.1f} ({low:.1f} to {high:.1f}) |"


def wilson(hits: int, draws: int) -> tuple[float, float]:
    """Return Wilson's 95 percent interval of a share, in percent."""
    z2 = 1.959964**2
    middle = (hits + z2 / 2) / (draws + z2)
    half = (z2 * (hits * (draws - hits) / draws + z2 / 4)) ** 0.5 / (draws + z2)
    return 100 * max(middle - half, 0.0), 100 * (middle + half)


def rates(verdicts: pd.DataFrame, draws: Mapping[str, int]) -> Iterator[str]:
    """Yield a line per claim or hypothesis: how often each verdict came, in per cent of a scenario's draws."""
    counted = verdicts.groupby(["id", "scenario", "verdict"], sort=False).size()
    for name in verdicts["id"].unique():
        shares = [
            f"{100 * counted.get((name, scenario, verdict), 0) / draws[scenario]:.0f}"
            for scenario, verdict in (("null", "supported"), ("null", "reversed"), ("claimed", "supported"),
                                      ("reversed", "reversed"))
        ]  # fmt: skip
        yield f"| {name} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main()
