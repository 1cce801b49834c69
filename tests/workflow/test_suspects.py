"""One answer ten times too large, from the raw file to the imputed wave: suspected, blanked, imputed, accounted for."""

import csv
import io
import subprocess
import sys

import pandas as pd
import pytest

pytestmark = pytest.mark.slow

WAVE = "resources/raw/seoul/innovation_2020.csv"
COLUMN = "매출액_2020"
MICRODATA = "results/seoul/microdata"
RULE = "sales_against_register"


@pytest.fixture(scope="module")
def slipped(built, tmp_path_factory):
    """The small study in which one firm's sales of 2020 got a nought too many, taken as far as imputation; the row."""
    project = built.copy(tmp_path_factory.mktemp("slipped") / "project")
    before = pd.read_parquet(project.folder / MICRODATA / "impute/firms_2020.parquet")
    plain = (before["sales_t_flag"] == "observed") & (before["sales_t"] / before["register_sales"]).between(0.9, 1.1)
    row = int(before.loc[plain, "_source_row"].iloc[0])
    put_a_nought_behind(project.folder / WAVE, row)
    target = f"{MICRODATA}/impute/firms_2020.parquet"
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", "tiny.yaml", "--", target],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return project.folder / MICRODATA, row


def put_a_nought_behind(path, row):
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp949"), newline="")))
    rows[row - 1][rows[0].index(COLUMN)] += "0"
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    path.write_bytes(written.getvalue().encode("cp949"))


def firm(slipped, stage):
    folder, row = slipped
    firms = pd.read_parquet(folder / stage / "firms_2020.parquet")
    return firms[firms["_source_row"] == row].squeeze()


def told(slipped, table):
    """What a table says of the firm's sales."""
    rows = pd.read_parquet(slipped[0] / table)
    return rows[(rows["firm_id"] == firm(slipped, "clean")["firm_id"]) & (rows["variable"] == "sales_t")]


def test_no_hard_edit_touches_it(slipped):
    assert firm(slipped, "clean")["sales_t_flag"] == "observed"
    assert firm(slipped, "clean")["sales_t"] > 5 * firm(slipped, "clean")["register_sales"]


def test_it_is_suspected_and_to_be_imputed(slipped):
    suspects = told(slipped, "screen/suspects_2020.parquet").set_index("rule")
    assert suspects.loc[RULE, "treatment"] == "impute"


def test_it_is_replaced_by_the_statement_and_flagged(slipped):
    assert firm(slipped, "impute")["sales_t_flag"] == "imputed"
    assert firm(slipped, "impute")["sales_t"] == firm(slipped, "impute")["register_sales"]


def test_the_ledger_has_a_row_for_the_blank_and_one_for_the_value(slipped):
    ledger = told(slipped, "impute/ledger_2020.parquet")
    assert ledger["rule"].tolist() == [RULE, RULE]
    assert ledger[["action", "method"]].to_numpy().tolist() == [["blanked", ""], ["imputed", "rule"]]
