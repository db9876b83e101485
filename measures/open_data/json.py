"""The whole set as one JSON document, a record per line."""

import json
from typing import Any, BinaryIO

from . import dataset
from .dataset import Collection, Dataset


class Writer(dataset.Writer):
    """{"over": {…}, "maatregelen": […], "partijen": […], …}; the records as in the API."""

    def __init__(self, data: Dataset, file: BinaryIO):
        self._file = file
        self._is_first = True
        file.write(b'{"over": ' + _text(data.about))

    def start(self, collection: Collection) -> None:
        self._file.write(f',\n"{collection.name}": ['.encode())
        self._is_first = True

    def add(self, record: dict[str, Any]) -> None:
        self._file.write((b"\n" if self._is_first else b",\n") + _text(record))
        self._is_first = False

    def end(self) -> None:
        self._file.write(b"]")

    def finish(self) -> None:
        self._file.write(b"}\n")


def _text(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
