"""Source trees of trainers that are no packages.

They live outside this project: LORA_ALPHA_JUDGE_SOURCES names a folder with one `<owner>__<name>` for each, cloned from
GitHub. Their own code reads the config; the libraries that train are stood in for, as reading makes no use of them.
"""

import abc
import importlib.abc
import importlib.machinery
import logging
import os
import re
import sys
import types
from unittest.mock import MagicMock

from judging import missing


class _AnyClass(abc.ABCMeta):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock()

    def __iter__(cls):
        return iter(())

    def __or__(cls, _):
        return cls

    __ror__ = __or__


class _Anything(metaclass=_AnyClass):
    """A class that can be called, inherited from and asked for everything."""

    def __init__(self, *arguments, **named):
        pass

    def __class_getitem__(cls, _):
        return cls

    def __getattr__(self, name):
        return MagicMock()


class _StandIn(types.ModuleType):
    """A module of which everything is there, and nothing does anything."""

    __path__ = []
    __version__ = "0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        # What is spelt as a class may be inherited from.
        if name[:1].isupper():
            faults = {"Warning": Warning, "Error": Exception, "Exception": Exception}
            value = next((base for end, base in faults.items() if name.endswith(end)), None) or type(name, (_Anything,), {})
        else:
            value = _StandIn(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value

    def __call__(self, *arguments, **named):
        return MagicMock()

    def __getitem__(self, _):
        return MagicMock()

    def __iter__(self):
        return iter(())

    def __or__(self, _):
        return self

    __ror__ = __or__


class _StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked first, and silent about the standard library, the trainer's own modules and what is named `real`."""

    def __init__(self):
        self.besides = []
        self.silent = set(sys.stdlib_module_names)

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.silent and not any(re.fullmatch(pattern, name) for pattern in self.besides):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return _StandIn(spec.name)

    def exec_module(self, module):
        pass


_STAND_INS = _StandIns()


def source(name, real=(), inside=".", besides=r"(?!)"):
    """The folder of `<owner>__<name>`, whose modules can be imported from then on; exits with 77 where it is not there.

    `real`: installed packages that are not stood in for. `inside`: the folder of the tree that modules are looked for in.
    `besides`: a pattern of the trainer's own modules that are stood in for, as they need what they import.
    """
    folder = os.path.join(os.environ.get("LORA_ALPHA_JUDGE_SOURCES") or os.devnull, name)
    if not os.path.isdir(folder):
        missing(f"LORA_ALPHA_JUDGE_SOURCES has no folder {name}")
    modules = os.path.join(folder, inside)
    logging.disable()
    sys.path.insert(0, modules)
    if _STAND_INS not in sys.meta_path:
        sys.meta_path.insert(0, _STAND_INS)
    _STAND_INS.silent.update(real, (name.removesuffix(".py") for name in os.listdir(modules)))
    _STAND_INS.besides.append(besides)
    return folder
