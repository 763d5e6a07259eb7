"""What OmegaConf makes of expressions: JSON of [text, path] on standard input, JSON of outcomes on standard output."""

import json
import sys

try:
    from omegaconf import OmegaConf, DictConfig, ListConfig
    from omegaconf.errors import GrammarParseError
except ImportError:
    print("omegaconf is not installed")
    sys.exit(77)


def outcome(text, path):
    try:
        node = OmegaConf.create(text)
        for step in path:
            node = node[step]
        if isinstance(node, (DictConfig, ListConfig)):
            node = OmegaConf.to_container(node, resolve=True)
        return {"value": node}
    except GrammarParseError as error:
        return {"error": "grammar", "message": str(error).splitlines()[0]}
    except RecursionError:
        return {"error": "loop"}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error).splitlines()[0]}


print(json.dumps([outcome(text, path) for text, path in json.load(sys.stdin)]))
