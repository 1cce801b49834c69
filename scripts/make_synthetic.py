"""Make the synthetic Seoul survey; without options the committed files, byte for byte."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innosurvey import synthetic, tables  # noqa: E402 - the checkout need not be installed

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument(
    "--firms", type=int, default=synthetic.DEFAULT_FIRMS, help="responding firms a wave (default: %(default)s)"
)
arguments.add_argument(
    "--scenario", default=synthetic.DEFAULT_SCENARIO, help="claimed, null or reversed (default: %(default)s)"
)
arguments.add_argument(
    "--seed", type=int, default=synthetic.DEFAULT_SEED, help="seed of the random numbers (default: %(default)s)"
)
arguments.add_argument(
    "--out", type=Path, default=ROOT / "resources" / "raw" / "seoul", help="folder of the files (default: %(default)s)"
)
chosen = arguments.parse_args()

contents = synthetic.generate(firms=chosen.firms, scenario=chosen.scenario, seed=chosen.seed)
chosen.out.mkdir(parents=True, exist_ok=True)
for name, content in contents.items():
    tables.write_bytes(content, chosen.out / name)
    print(f"{name}  {len(content):,} bytes")
