"""What the run before found: an estimate is made again only where something that it rests on has changed.

A step that makes many estimates asks `Kept.of` for each, with all that this one rests on: its specification and the
values that go into it. Code, libraries, rules and the tables of the full sample are one for all estimates of a step:
its surroundings. What is kept is no result: without it all is estimated again, the same to the byte. `innosurvey
verify` does so.
"""

import hashlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from innosurvey import files
from innosurvey.fingerprint import file_fingerprint

Found = TypeVar("Found")
SIZE = 16  # bytes of a checksum


@dataclass(slots=True, kw_only=True)
class Kept:
    """What the run before found, by the checksum of what it rests on, and what this run made or took over."""

    before: dict[bytes, Any] = field(default_factory=dict)
    now: dict[bytes, Any] = field(default_factory=dict)

    def of(self, make: Callable[[], Found], *basis: object) -> Found:
        """Return what was found on this basis; what `make` returns where nothing was."""
        key = checksum(*basis)
        if key not in self.now:
            self.now[key] = self.before[key] if key in self.before else make()
        found: Found = self.now[key]
        return found


@contextmanager
def keeping(path: str | Path, *surroundings: object, sources: Sequence[str | Path] = ()) -> Iterator[Kept]:
    """Give what a file keeps of the run before, and keep there what this run asked for.

    A file that is not there, not whole, or of other surroundings keeps nothing. `sources` are files that count among
    the surroundings by their content.
    """
    seal = checksum(*surroundings, *map(file_fingerprint, sources))
    kept = Kept(before=_read(path, seal))
    yield kept
    if kept.now.keys() != kept.before.keys():
        content = pickle.dumps(kept.now, protocol=pickle.HIGHEST_PROTOCOL)
        files.write_bytes(seal + checksum(content) + content, path)


def checksum(*parts: object) -> bytes:
    """Return a checksum of arrays, tables and declarations; of two that differ it differs."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for part in parts:
        content = _content(part)
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()


def _content(part: object) -> bytes:
    if isinstance(part, bytes):
        return part
    if isinstance(part, np.ndarray) and part.dtype != object:
        return f"{part.dtype.str}{part.shape}".encode() + part.tobytes()
    if isinstance(part, pd.DataFrame):
        kinds = [(str(name), str(dtype)) for name, dtype in part.dtypes.items()]
        return repr(kinds).encode() + pd.util.hash_pandas_object(part, index=False).to_numpy().tobytes()
    return pickle.dumps(part, protocol=pickle.HIGHEST_PROTOCOL)


def _read(path: str | Path, seal: bytes) -> dict[bytes, Any]:
    """Return what a file keeps under this seal. What is under another is not even unpacked: its classes may be gone."""
    if not Path(path).is_file():
        return {}
    content = files.read_bytes(path)
    body = content[2 * SIZE :]
    if content[: 2 * SIZE] != seal + checksum(body):
        return {}
    before: dict[bytes, Any] = pickle.loads(body)
    return before
