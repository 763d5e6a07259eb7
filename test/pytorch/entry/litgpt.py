"""litgpt: `litgpt finetune_lora --config config.yaml` on a tiny GPT with random weights."""

from __future__ import annotations

import importlib
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import torch
from cell import Cell, filled
from entry import also, command, pasted
from training import MODELS

ADAMW = """\
optimizer:
  class_path: torch.optim.AdamW
  init_args: {lr: 2.0e-3, weight_decay: 0.1, betas: [0.9, 0.95]}
"""
SGD = """\
optimizer:
  class_path: torch.optim.SGD
  init_args: {lr: 0.1, momentum: 0.9}
"""


def finetune(text: str, code: str | None, folder: Path) -> Callable[[], None]:
    def execute() -> None:
        save_checkpoint(folder / "litgpt")
        (folder / "config.yaml").write_text(text)
        module = with_code(code)
        module.mark_only_lora_as_trainable = also(module.mark_only_lora_as_trainable, MODELS.append)
        # These run after the last step: they copy the licence of the checkpoint and merge LoRA.
        module.merge_lora = module.copy_config_files = lambda *_, **__: None
        main = importlib.import_module("litgpt.__main__")
        with mock.patch.dict(main.PARSER_DATA, finetune_lora=module.setup):
            with command(folder, "litgpt", "finetune_lora", "--config", "config.yaml"):
                main.main()

    return execute


def with_code(code: str | None) -> types.ModuleType:
    """litgpt/finetune/lora.py with the code before its load_checkpoint."""
    name = "litgpt.finetune.lora"
    path = Path(importlib.import_module("litgpt").__file__ or "").parent / "finetune/lora.py"
    module = types.ModuleType(name)
    sys.modules[name] = module
    source = pasted(path.read_text(), "load_checkpoint(fabric, model,", code or "pass")
    exec(compile(source, str(path), "exec"), vars(module))
    return module


def save_checkpoint(folder: Path) -> None:
    from litgpt.config import Config
    from litgpt.model import GPT
    from litgpt.utils import save_config
    from tiny import VOCABULARY, save_tokenizer

    if folder.exists():
        return
    folder.mkdir()
    sizes = {"n_layer": 2, "n_head": 4, "n_embd": 32, "n_query_groups": 2, "intermediate_size": 48, "block_size": 64}
    config = Config(name="tiny", vocab_size=VOCABULARY, padded_vocab_size=VOCABULARY, rotary_percentage=1.0, **sizes)
    random = torch.Generator().manual_seed(3)
    state = {name: spread(name, p, random) for name, p in GPT(config).state_dict().items()}
    torch.save(state, folder / "lit_model.pth")
    save_config(config, folder)
    save_tokenizer(folder)
    words = [" ".join(map(str, row["input_ids"].tolist())) for row in torch.load(folder.parent / "tiny/llama.pt")]
    rows = [{"instruction": text[:8], "output": text} for text in words]
    (folder / "rows.json").write_text(json.dumps(rows))


def spread(name: str, p: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    return p if "norm" in name or "ln_" in name else 0.2 * torch.randn(p.shape, generator=random)


def cell(name: str, optimizer: str, mlp: str = "false") -> Cell:
    return Cell(f"litgpt {name}", filled("litgpt_entry", optimizer=optimizer, mlp=mlp), path="config.yaml", run=finetune, needs=("litgpt",))


CELLS = [cell("AdamW", ADAMW), cell("SGD", SGD), cell("AdamW, MLP too", ADAMW, "true"), cell("AdamW by name", "optimizer: AdamW\n")]
