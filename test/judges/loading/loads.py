"""Loads texts with the loaders of trainers: a list of [loader, text] on standard input, a list of what came of it on standard output.

A value is null, true, false, ["text", …], ["number", …], ["list", …], ["map", [key, value]…], ["date", …] or ["other"];
["stops", words] is a text that the loader refuses.
"""

import datetime
import json
import math
import re
import sys
import tomllib

try:
    import yaml
except ImportError:
    yaml = None
try:
    import toml
except ImportError:
    toml = None

FLOATS = re.compile(
    r"""^(?:
     [-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+]?[0-9]+)?
    |[-+]?(?:[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)
    |\.[0-9_]+(?:[eE][-+][0-9]+)?
    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
    |[-+]?\.(?:inf|Inf|INF)
    |\.(?:nan|NaN|NAN))$""",
    re.X,
)


def with_floats(text):
    """The resolver that mlx-lm and ai-toolkit add to PyYAML's, in a class of its own."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_implicit_resolver("tag:yaml.org,2002:float", FLOATS, list("-+0123456789."))
    return yaml.load(text, Loader)


LOADERS = {
    "json.load": json.loads,
    "tomllib.load": tomllib.loads,
    **({"toml.load": toml.loads} if toml else {}),
    **(
        {
            "yaml.safe_load": yaml.safe_load,
            "yaml.FullLoader": lambda text: yaml.load(text, yaml.FullLoader),
            "yaml.SafeLoader with floats": with_floats,
        }
        if yaml
        else {}
    ),
}


def number(value):
    try:
        value = float(value)
    except OverflowError:
        return ["number", "inf" if value > 0 else "-inf"]
    return ["number", value if math.isfinite(value) else str(value)]


def key(value):
    """A key as the reader names it."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return json.dumps(value).removesuffix(".0")
    return str(value)


def seen(value, around=()):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return ["text", value]
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return ["date", str(value)]
    if id(value) in around:
        return ["other"]
    around = (*around, id(value))
    if isinstance(value, list):
        return ["list", *(seen(item, around) for item in value)]
    # Keys of one name and several types are one to the reader, and a date is its text.
    if isinstance(value, dict) and any(isinstance(name, datetime.date) for name in value):
        return ["other"]
    if isinstance(value, dict) and len({key(name) for name in value}) == len(value):
        return ["map", *([key(name), seen(item, around)] for name, item in value.items())]
    return ["other"]


def loaded(loader, text):
    try:
        return seen(LOADERS[loader](text))
    except RecursionError:
        return ["stops", "RecursionError"]
    except Exception as error:  # noqa: BLE001 - loaders stop with errors of every kind
        return ["stops", f"{type(error).__name__}: {error}"]


if sys.argv[1:] == ["--loaders"]:
    print(json.dumps(list(LOADERS)))
else:
    print(json.dumps([loaded(*each) for each in json.load(sys.stdin)]))
