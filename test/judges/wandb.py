"""W&B: the schema of its sweeps (package sweeps)."""

import importlib.util
import json
import pathlib

from judging import judge, need

jsonschema, yaml = need("jsonschema", "yaml")


def schema():
    """The package's schema, read without importing what it computes with."""
    spec = importlib.util.find_spec("sweeps")
    if spec is None:
        need("sweeps")
    return json.loads((pathlib.Path(spec.origin).parent / "config" / "schema.json").read_text())


SCHEMA = schema()


def read(path):
    jsonschema.validate(yaml.safe_load(pathlib.Path(path).read_text()), SCHEMA)
    # A sweep is many runs: no recipe stands in it.
    return []


judge(read)
