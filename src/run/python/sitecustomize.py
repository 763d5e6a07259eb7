"""
The recorder's door. Python runs the first `sitecustomize` on its path at every start, so a program
is recorded without a change: PYTHONPATH names this folder, LORA_ALPHA_RUN what to record. Standard
library only. The next `sitecustomize` still runs, and this folder leaves the path.
"""

import atexit
import os
import sys
from importlib import import_module, machinery, util


class AfterTorch:
    """Finds torch as the other finders do, and starts the recorder once torch is complete."""

    def find_spec(self, name, path=None, target=None):
        for finder in sys.meta_path[:] if name == "torch" else ():
            if finder is not self and (spec := finder.find_spec(name, path, target)):
                self.load, spec.loader.exec_module = spec.loader.exec_module, self.load_and_start
                return spec

    def load_and_start(self, module):
        self.load(module)
        sys.meta_path.remove(self)
        atexit.register(recording.at_exit)
        recording.safely(import_module, "lora_alpha_run.hooks")


here = os.path.dirname(os.path.abspath(__file__))
if os.environ.get("LORA_ALPHA_RUN"):
    from lora_alpha_run import recording

    sys.meta_path.insert(0, AfterTorch())
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]
if following := machinery.PathFinder.find_spec("sitecustomize", sys.path):
    sys.modules["sitecustomize"] = util.module_from_spec(following)
    following.loader.exec_module(sys.modules["sitecustomize"])
