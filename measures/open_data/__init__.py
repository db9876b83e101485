"""The whole of the public data as files, and the catalogue that says what there is.

`dataset.py` reads everything by the list of the API; `json.py`, `csv.py` and `sqlite.py` each
write one kind of file; `files.py` keeps what was made. `catalogue.py` is the DCAT description.
"""
