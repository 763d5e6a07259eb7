"""Runs the programs of a JSON list and gives, for each, what `record` was called with; null for what is no Python.

Each program runs as a module `__main__` of its own, with a module `elsewhere` that it may import from.
"""

import builtins
import json
import sys
import types


def plain(value):
    return value if value is None or isinstance(value, (bool, int, float, str)) else repr(value)


def calls(source):
    found = []
    builtins.record = lambda **given: found.append({name: plain(value) for name, value in given.items()})
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    other = types.ModuleType("elsewhere")
    other.a, other.b = 41, 42
    sys.modules["elsewhere"] = other
    sys.argv = ["program"]
    sys.setrecursionlimit(200)
    try:
        exec(compile(source, "program", "exec"), module.__dict__)
    except SyntaxError:
        return None
    except BaseException:
        pass  # What was called before counts.
    return found


json.dump([calls(source) for source in json.load(sys.stdin)], sys.stdout)
