"""
The recorder's door. Python runs the first `sitecustomize` on its path at every start, so a program
is recorded without a change: PYTHONPATH names this folder, LORA_ALPHA_RUN what to record. Standard
library only. The next `sitecustomize` still runs, and this folder leaves the path.
"""

import os
import sys


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
        recording.safely(__import__, "lora_alpha_run.hooks")


here = os.path.dirname(os.path.abspath(__file__))
if os.environ.get("LORA_ALPHA_RUN"):
    from lora_alpha_run import recording

    sys.meta_path.insert(0, AfterTorch())
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]
del sys.modules["sitecustomize"]
import sitecustomize  # noqa: E402, F401: the next one; Python expects that there may be none
