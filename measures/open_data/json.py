"""The whole set as one JSON document, a record per line."""

import json
from typing import BinaryIO

from .dataset import Dataset


def write(dataset: Dataset, file: BinaryIO) -> None:
    """{"over": {…}, "maatregelen": […], "partijen": […], …}; the records as in the API."""
    file.write(b'{"over": ' + _text(dataset.about))
    for collection in dataset.collections():
        file.write(f',\n"{collection.name}": ['.encode())
        for number, row in enumerate(collection.rows()):
            file.write((b",\n" if number else b"\n") + _text(row))
        file.write(b"]")
    file.write(b"}\n")


def _text(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
