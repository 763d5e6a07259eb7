"""Schedules as mlx-lm builds them.

    python test/judges/mlx-schedules.py '[{"name": "cosine_decay", "arguments": [1e-4, 100]}, …]'

A line of JSON: for each `lr_schedule`, why mlx-lm stops; null where it gives the first steps their rates.
"""

import json
import sys

from judging import _verdicts, need

(utils,) = need("mlx_lm.tuner.utils")


def stops(schedule):
    if not schedule:
        return None  # lora.py: train_model
    try:
        rate = utils.build_schedule(schedule)
        [float(rate(step)) for step in (0, 3, 30)]
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"


print(json.dumps([stops(schedule) for schedule in json.loads(sys.argv[1])]), file=_verdicts)
