"""What the judges of Python scripts share: the script is run, and every library in it only writes down how it is called.

Python itself computes every value; nothing of a library is needed. A call is (path, positional, keywords), in the order
in which the script makes them: ("peft.LoraConfig", (), {"r": 16}).
"""

import importlib.abc
import importlib.machinery
import os
import re
import sys
import tempfile
import types

from judging import HUGGING_FACE, OPTIMIZER as TORCH, PEFT


class Stub:
    """Something of a library: any attribute, item or call of it is something of that library too."""

    def __init__(self, path, calls):
        self.__dict__.update(path=path, calls=calls)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub(f"{self.path}.{name}", self.calls)

    def __call__(self, *args, **kwargs):
        self.calls.append((self.path, args, kwargs))
        return Stub(f"{self.path}()", self.calls)

    def __iter__(self):
        return iter([Stub(f"{self.path}[]", self.calls)] * 2)

    def __getitem__(self, key):
        return Stub(f"{self.path}[{key!r}]", self.calls)

    def __mro_entries__(self, bases):
        return (_base(self),)

    def keys(self):
        return []

    def __repr__(self):
        return self.path


def _base(stub):
    """A class that stands in for one of a library which the script derives from."""
    return type("Base", (), {"__init__": lambda self: None, "__getattr__": lambda self, name: getattr(stub, name)})


class _Library(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module that is not Python's own, and makes it of stubs."""

    def __init__(self, calls):
        self.calls = calls

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: Stub(f"{spec.name}.{name}", self.calls)
        return module

    def exec_module(self, module):
        pass


def calls_in(path):
    """Run the script, then its functions that nobody called; names that it lacks are stubs."""
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    missing = set()
    while True:
        try:
            return _run(code, missing)
        except NameError as error:
            if error.name in missing:
                raise
            missing.add(error.name)


def _run(code, missing):
    calls = []
    called = set()
    library = _Library(calls)
    before = set(sys.modules)
    arguments, folder = sys.argv, os.getcwd()
    names = {name: Stub(name, calls) for name in missing} | {"__name__": "__main__"}
    sys.meta_path.insert(0, library)
    sys.argv = ["script.py"]
    sys.setprofile(lambda frame, event, _: called.add(frame.f_code) if event == "call" else None)
    try:
        with tempfile.TemporaryDirectory() as here:
            os.chdir(here)
            exec(code, names)
            for function in [each for each in names.values() if isinstance(each, types.FunctionType)]:
                if function.__code__ not in called:
                    function(*(Stub(name, calls) for name in function.__code__.co_varnames[: function.__code__.co_argcount]))
            os.chdir(folder)
    finally:
        sys.setprofile(None)
        sys.meta_path.remove(library)
        sys.argv = arguments
        os.chdir(folder)
        for name in set(sys.modules) - before:
            del sys.modules[name]
    return calls


LORA = {**PEFT, "r": "rank"}
TRAINING = {**HUGGING_FACE, "loraplus_lr_ratio": "loraplusLrRatio"}
OPTIMIZER = {**TORCH, "loraplus_weight_decay": "weightDecay", "loraplus_lr_ratio": "loraplusLrRatio"}
MOVED = {*LORA, *TRAINING, *OPTIMIZER, "max_norm"}


def _shown(value):
    """A value as its own `repr`, without the addresses, which are others in every run."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def reading(path, lora, training="Arguments|Config", optimizer=()):
    """A reading's values for every call of `lora`; whose path ends in one of the names. Everything called is its rest."""
    calls = calls_in(path)
    ends = lambda call, names: call[0].split(".")[-1] in names  # noqa: E731
    makers = [call for call in calls if ends(call, lora) and call[2]]
    trainings = [call for call in calls if call not in makers and ends(call, training)]
    optimizers = [call for call in calls if ends(call, optimizer)]
    clips = [call for call in calls if ends(call, ["clip_grad_norm_"])]
    taken = {}
    for maker in makers:
        own = {ours: maker[2][name] for name, ours in LORA.items() if name in maker[2]}
        if optimizers:
            own |= {ours: value for name, ours in OPTIMIZER.items() if (value := optimizers[0][2].get(name)) is not None}
        for call in trainings[:1]:
            names = {"max_grad_norm": "maxGradNorm"} if optimizers else TRAINING
            own |= {ours: call[2][name] for name, ours in names.items() if name in call[2]}
        for call in clips[:1]:
            own["maxGradNorm"] = [*call[1], *call[2].values()][1]
        taken[id(maker)] = own
    rest = {
        f"{i} {name}": [_shown(args), {key: _shown(value) for key, value in keywords.items() if key not in MOVED}]
        for i, (name, args, keywords) in enumerate(call for call in calls if call not in clips)
    }
    return [{**own, "rest": rest} for own in taken.values()]
