"""What Snakemake runs in place of Python while a build lasts: it has the server (`innosurvey.warm`) run the script.

It loads next to nothing, and is run as a file: `python -I -S warm_client.py <address> <script>`.
"""

import json
import os
import socket
import sys


def main() -> None:
    address, script = sys.argv[1:]
    request = {"script": script, "folder": os.getcwd(), "surroundings": dict(os.environ)}
    said = json.dumps(request).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(address)
        except OSError:  # the server is gone
            os.execv(sys.executable, [sys.executable, script])
        socket.send_fds(connection, [len(said).to_bytes(4, "big")], [0, 1, 2])
        connection.sendall(said)
        answer = connection.recv(1)
    if not answer:
        print("The step's process was killed: out of memory?", file=sys.stderr)
    sys.exit(answer[0] if answer else 1)


if __name__ == "__main__":
    main()
