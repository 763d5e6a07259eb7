"""
The recorder's door. Python runs the first `sitecustomize` on its path at every start, so a program of the user's is
recorded without a change: PYTHONPATH names this folder, LORA_ALPHA_RUN says what to record (../README.md).
Only the standard library. The next `sitecustomize` still runs, and programs cannot import from this folder.
"""

import atexit
import importlib.util
import os
import sys
from importlib.machinery import PathFinder

HERE = os.path.dirname(os.path.abspath(__file__))


class AfterTorch:
    """Finds torch as the other finders do, and starts the recorder once torch is complete."""

    def find_spec(self, name, path=None, target=None):
        if name != "torch":
            return None
        others = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, others), None)
        load = spec and spec.loader.exec_module

        def load_and_start(module):
            load(module)
            sys.meta_path.remove(self)
            try:
                part("hooks").start()
            except Exception as error:
                print(f"LoRA Alpha: the recorder did not start: {error!r}", file=sys.stderr)

        if load:
            spec.loader.exec_module = load_and_start
        return spec


def part(name):
    """A module of the package beside this file, which is not on the path."""
    if "lora_alpha_run" not in sys.modules:
        file = os.path.join(HERE, "lora_alpha_run", "__init__.py")
        spec = importlib.util.spec_from_file_location("lora_alpha_run", file)
        sys.modules["lora_alpha_run"] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"lora_alpha_run.{name}")


if os.environ.get("LORA_ALPHA_RUN"):
    sys.meta_path.insert(0, AfterTorch())
    atexit.register(lambda: part("recording").at_exit())
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != HERE]
following = PathFinder.find_spec("sitecustomize", sys.path)
if following:
    sys.modules["sitecustomize"] = importlib.util.module_from_spec(following)
    following.loader.exec_module(sys.modules["sitecustomize"])
