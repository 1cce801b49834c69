import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import psutil
import pytest

from innosurvey import warm


@pytest.fixture(scope="module")
def program():
    """The words that run a script in a fork of a server."""
    with warm.serving() as words:
        yield shlex.split(words)


@pytest.fixture
def ran(program, tmp_path):
    """Run Python code in a fork of the server; return its folder and how its client ended."""

    def run(code, **surroundings):
        return subprocess.run(
            [*program, str(script_of(tmp_path, code))],
            cwd=tmp_path,
            env={**os.environ, **surroundings},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def script_of(folder, code):
    path = folder / "script.py"
    path.write_text(code, encoding="utf-8")
    return path


def ended(pid):
    """Wait until a process has ended; False where it does not."""
    for _ in range(200):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_scripts_are_forks_of_one_process_that_has_loaded_the_libraries(ran):
    asked = "import os, sys; print(os.getppid(), 'pandas' in sys.modules, 'innosurvey.tables' in sys.modules)"
    first, again = ran(asked), ran(asked)
    assert first.stdout == again.stdout
    assert first.stdout.split()[1:] == ["True", "False"]


def test_scripts_have_one_hash_seed_one_zone_and_one_thread_whatever_the_caller_has(monkeypatch, tmp_path):
    asked = "import time, os; print(hash('firm'), time.tzname[0], os.environ['OMP_NUM_THREADS'])"
    script = script_of(tmp_path, asked)
    said = set()
    for seed, zone in (("1", "Asia/Seoul"), ("2", "America/Bogota")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        with warm.serving() as words:
            said.add(subprocess.check_output([*shlex.split(words), str(script)], env={**os.environ, **warm.STEADY}))
    assert len(said) == 1
    assert said.pop().split()[1:] == [b"UTC", b"1"]


def test_a_script_has_the_folder_the_surroundings_and_the_name_of_its_caller(ran, tmp_path):
    done = ran("import os, sys; print(os.getcwd(), os.environ['STUDY'], sys.argv, __name__)", STUDY="seoul")
    assert done.stdout == f"{tmp_path} seoul {[str(tmp_path / 'script.py')]} __main__\n"


@pytest.mark.parametrize(
    ("end", "code"), [("pass", 0), ("sys.exit()", 0), ("sys.exit(4)", 4), ("sys.exit('said')", 1), ("1 / 0", 1)]
)
def test_the_client_ends_as_the_script_does(ran, end, code):
    assert ran(f"import sys\n{end}").returncode == code


def test_what_goes_wrong_is_said_where_the_caller_hears_it(ran):
    done = ran("print('done so far')\nraise ValueError('spoilt')")
    assert done.stdout == "done so far\n"
    assert "script.py" in done.stderr
    assert done.stderr.endswith("ValueError: spoilt\n")


def test_a_script_that_is_killed_ends_its_client_with_an_error(ran):
    done = ran("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == 1
    assert "was killed" in done.stderr


def test_a_script_ends_when_its_client_is_stopped(program, tmp_path):
    script = script_of(tmp_path, "import os, time; print(os.getpid(), flush=True); time.sleep(600)")
    client = subprocess.Popen([*program, str(script)], stdout=subprocess.PIPE, text=True)
    step = int(client.stdout.readline())
    client.send_signal(signal.SIGTERM)
    client.communicate()
    assert ended(step)


def test_a_script_can_run_programs_and_learns_how_they_end(ran):
    assert ran("import subprocess, sys; sys.exit(subprocess.run(['sh', '-c', 'exit 7']).returncode)").returncode == 7


def test_the_server_ends_with_its_engine(tmp_path):
    with warm.serving() as words:
        script = script_of(tmp_path, "import os; print(os.getppid())")
        server = int(subprocess.check_output([*shlex.split(words), str(script)]))
        assert psutil.pid_exists(server)
    assert ended(server)


def test_python_has_its_own_name_again_after_a_build():
    before = sys.executable
    with warm.warm_python():
        assert str(warm.CLIENT) in sys.executable
    assert sys.executable == before


def test_python_keeps_its_name_where_the_system_cannot_fork(monkeypatch):
    before = sys.executable
    monkeypatch.delattr(os, "fork")
    with warm.warm_python():
        assert sys.executable == before


def test_python_keeps_its_name_where_no_socket_can_be(monkeypatch, tmp_path):
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    before = sys.executable
    with warm.warm_python():
        assert sys.executable == before


def test_a_script_whose_server_is_gone_runs_by_itself(tmp_path):
    script = script_of(tmp_path, "import os; print(os.getppid())")
    with warm.serving() as words:
        server = int(subprocess.check_output([*shlex.split(words), str(script)]))
        os.kill(server, signal.SIGKILL)
        assert ended(server)
        assert int(subprocess.check_output([*shlex.split(words), str(script)])) == os.getpid()
