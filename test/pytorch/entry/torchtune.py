"""torchtune: `tune run lora_finetune_single_device --config config.yaml`, with the code in a copy of the recipe."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from cell import Cell, filled
from cells.trainers import CELLS as ALL
from entry import also, command, pasted
from training import MODELS


def tune_run(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    def execute() -> None:
        import torchao.quantization

        for name in ("int4_weight_only", "int8_dynamic_activation_int4_weight"):
            # torchtune imports names that newer versions of torchao no longer have. Nothing here is quantised, so None
            # will do.
            vars(torchao.quantization).setdefault(name, None)
        package = Path(importlib.import_module("torchtune").__file__ or "").parent
        source = (package.parent / "recipes/lora_finetune_single_device.py").read_text()
        (folder / "rescaled.py").write_text(pasted(source, "return model\n", code or "pass"))
        (folder / "config.yaml").write_text(filled("torchtune_run") + text)
        peft = importlib.import_module("torchtune.modules.peft")
        tune = importlib.import_module("torchtune._cli.tune")
        trains = also(peft.set_trainable_params, lambda model, _: MODELS.append(model))
        # Python would reuse the bytecode of a copy that was written within the same second.
        with mock.patch.object(peft, "set_trainable_params", trains), mock.patch.object(sys, "dont_write_bytecode", True):
            with mock.patch.object(sys, "path", [str(folder), *sys.path]):
                with command(folder, "tune", "run", "rescaled.py", "--config", "config.yaml"):
                    tune.main()

    return execute


CELLS = [
    Cell(cell.name, cell.text, cell.exact, cell.bits, needs=cell.needs, path=cell.path, run=tune_run, note=cell.note)
    for cell in ALL
    if cell.name.startswith("torchtune")
]
