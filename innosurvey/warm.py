"""Python started once for all steps of a build: each step is a fork of one process that has loaded the libraries.

A step takes a second to load pandas, scipy and matplotlib: of a hundred short steps that is a third of the work.
`warm_python` starts the server beside the engine. Snakemake runs a script with the program that `sys.executable` names:
meanwhile that is the client (`innosurvey/warm_client.py`), which hands its folder, surroundings and streams over and
ends as the step does. A step ends with its client, the server with its engine.

The server loads libraries alone, none of this package: a step's own code is loaded when it starts.
"""

import gc
import importlib
import json
import os
import runpy
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

LIBRARIES = (
    "snakemake.script",
    "pandas",
    "pyarrow.parquet",
    "yaml",
    "jinja2",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "scipy.optimize",
    "scipy.special",
    "scipy.stats",
    "fontTools.subset",
)
"""What takes long to load and several kinds of steps need. Each holds memory in every step: what a few estimators need
is left to them.
"""
STEADY = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
}
"""What every step finds around it: one thread each, so that results don't depend on the machine's cores, and nothing
from clock, zone or hash seed. Python and its libraries read it when they start: the server has it from the beginning.
"""
CLIENT = Path(__file__).with_name("warm_client.py")
WAITING = 64
SIZE = 4  # bytes that say how long a request is


@contextmanager
def warm_python() -> Iterator[None]:
    """Let Snakemake run scripts in forks of a server while this lasts; as ever where the system lets none be."""
    with ExitStack() as lasting:
        executable = program = sys.executable
        if hasattr(os, "fork"):
            with suppress(OSError):  # such as a folder for temporary files whose path is too long for a socket
                program = lasting.enter_context(serving())
        sys.executable = program
        try:
            yield
        finally:
            sys.executable = executable


@contextmanager
def serving() -> Iterator[str]:
    """Run the server; yield the words of a shell that run a script in a fork of it."""
    with tempfile.TemporaryDirectory(prefix="innosurvey-") as folder:
        address = os.path.join(folder, "steps")
        with socket.socket(socket.AF_UNIX) as listener:  # the server's alone: where it is gone, nobody waits for it
            listener.bind(address)
            listener.listen(WAITING)
            server = subprocess.Popen(
                [sys.executable, "-m", __name__, str(listener.fileno())],
                stdin=subprocess.PIPE,  # closed when the engine is gone, however it ended
                pass_fds=[listener.fileno()],
                env={**os.environ, **STEADY},
            )
        try:
            yield shlex.join([sys.executable, "-I", "-S", str(CLIENT), address])
        finally:
            server.terminate()
            server.communicate()


def main() -> None:
    with socket.socket(fileno=int(sys.argv[1])) as listener, selectors.DefaultSelector() as waiting:
        load()
        for place in (listener, sys.stdin):
            waiting.register(place, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in waiting.select()}
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    step(connection)


def load() -> None:
    """Load the libraries, and make ready to fork."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine decides
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a step but its client
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    for library in LIBRARIES:
        with suppress(ImportError):  # the step that needs it says so
            importlib.import_module(library)
    gc.freeze()


def step(connection: socket.socket) -> NoReturn:
    """Run the script that a client asks for, in this process, and tell the client how it ended."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request = _received(connection)
    threading.Thread(target=_end_with, args=[connection], daemon=True).start()
    code = _run(request["script"])
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([code]))
    os._exit(code)


def _received(connection: socket.socket) -> Mapping[str, Any]:
    """Take over a client's streams, folder and surroundings, and return its request."""
    head, streams, _, _ = socket.recv_fds(connection, SIZE, 3)
    with connection.makefile("rb") as lines:
        request: Mapping[str, Any] = json.loads(lines.read(int.from_bytes(head, "big")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["surroundings"])
    return request


def _end_with(connection: socket.socket) -> None:
    """End this process where its client is gone: Snakemake has stopped the step."""
    connection.recv(1)
    os._exit(1)


def _run(script: str) -> int:
    """Run a script as Python does, and return its exit code."""
    sys.argv = [script]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, int):
            return end.code & 0xFF
        if end.code is not None:
            print(end.code, file=sys.stderr)
        return int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
