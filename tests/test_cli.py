from pathlib import Path

from innosurvey import cli, runner, study


def test_a_cause_that_stops_several_waves_is_said_once(capsys):
    failure = {"kind": "data", "rule": "link_registers", "message": "register x, row 3: twice.", "log": "a.log"}
    outcome = runner.Outcome(exit_code=3, steps=0, failures=(failure, {**failure, "log": "b.log"}))
    cli._explain(outcome, runner.Run(root=Path("here"), study="mine"), study.read(*study.BASE))
    assert capsys.readouterr().err.count("row 3: twice") == 1
