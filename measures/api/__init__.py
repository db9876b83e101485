"""The public data for machines: read-only, JSON, by the NL API Design Rules 2.2.

`resources.py` is the list of what there is; `serializers.py` says what each record tells,
`query.py` what may be asked. Nothing here reads but through `public()` and `public_as_of()`.
"""

# In every response and in the document. A change that could break a caller is a new major
# version under an address of its own; /open-data/ says what changed.
VERSION = "1.0.0"
MAJOR = "v1"
ROOT = f"/api/{MAJOR}"
