"""What recording costs a step of transformers' Trainer: 20 steps with the recorder and 20 after its end, and what the
recorder itself took of it. `python test/run/overhead.py`; processor time of one thread."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
STEPS = 20
out = tempfile.mkdtemp()
os.environ["LORA_ALPHA_RUN"] = json.dumps({"out": f"{out}/run.json", "steps": STEPS, "keepGoing": True})
sys.path[:0] = [str(HERE.parents[1] / "src/run/python"), str(HERE / "programs")]
wide = {"hidden_size": 512, "intermediate_size": 1024, "num_hidden_layers": 6}
args = {"max_steps": 2 * STEPS, "per_device_train_batch_size": 32, "save_strategy": "no", "output_dir": out}
sys.argv = ["hf_trainer.py", json.dumps({"args": args, "model": wide})]

from lora_alpha_run import recording  # type: ignore[import-not-found]  # noqa: E402

ends: list[float] = []
spent: dict[int, float] = {}
real_safely = recording.safely


def timed(*call: object) -> object:
    """All that the recorder does in a step passes here."""
    start = time.process_time()
    result = real_safely(*call)
    spent[len(ends)] = spent.get(len(ends), 0) + 1000 * (time.process_time() - start)
    return result


recording.safely = timed
import lora_alpha_run.hooks  # noqa: E402, F401
import torch  # noqa: E402
import transformers  # noqa: E402

torch.set_num_threads(1)
real = transformers.Trainer.training_step


def step(*given: object, **named: object) -> torch.Tensor:
    ends.append(time.process_time())
    return real(*given, **named)  # type: ignore[arg-type]


transformers.Trainer.training_step = step  # type: ignore[method-assign]
os.chdir(out)
exec((HERE / "programs/hf_trainer.py").read_text())
each = [1000 * (after - before) for before, after in zip(ends, ends[1:])]
recorded, free = each[1 : STEPS - 1], each[STEPS:]
print(f"a step after the first: {statistics.mean(recorded):.0f} ms recorded (median {statistics.median(recorded):.0f}),")
print(f"{statistics.mean(free):.0f} ms after the recording (median {statistics.median(free):.0f});")
own = [spent[step] for step in range(2, STEPS)]
print(f"the recorder itself: {statistics.mean(own):.1f} ms (median {statistics.median(own):.1f}), most {max(own):.1f} ms")
