"""Trains configs of ai-toolkit: the parts of its own process that make network, optimizer and schedule, and its own step.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/pytorch/image/ai_toolkit.py PRODUCT [words]      # see run.mjs

FOLDER holds a clone as ostris__ai-toolkit. Its statements are executed as they stand, on a tiny U-Net, with the printed
code at the place that its comment names.
"""

from __future__ import annotations

import ast
import contextlib
import logging
import os
import sys
import textwrap
import types
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
FOLDER = Path(os.environ.get("LORA_ALPHA_JUDGE_SOURCES", os.devnull)) / "ostris__ai-toolkit"
sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
sys.path.append(str(FOLDER))

import torch
import yaml
from accelerate import Accelerator
from ai_toolkit_configs import CONFIGS, STEPS
from comparing import judged
from placing import placed
from product import Product
from tiny_unet import models, output, sample

PROCESS = "jobs/process/BaseSDTrainProcess.py"
AUDIO = ("torchaudio", "av")
"""What ai-toolkit imports for sound, and nothing here uses."""
STEP = "extensions_built_in/sd_trainer/SDTrainer.py"


def main(product: str, words: list[str]) -> int:
    for name in AUDIO:
        sys.modules.setdefault(name, types.ModuleType(name))
    try:
        import toolkit.config_modules
        import toolkit.lora_special  # noqa: F401
    except ImportError as error:
        print(f"skipped ai-toolkit: {error}")
        return 0
    torch.set_num_threads(1)
    logging.disable()
    server = Product(product)
    cells = {name: text for name, text in CONFIGS.items() if all(word in name for word in words)}
    false = sum(judged(server, name, "a.yaml", text, train, ", clipped" in name) for name, text in cells.items())
    server.close()
    return 1 if false else 0


def train(text: str, code: str | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Every loss, and what the trained network adds to the output of the U-Net for a probe."""
    unet, encoder = models()
    probe = sample(10_000)
    before = output(unet, encoder, probe).detach()
    torch.manual_seed(1)
    process = process_of(yaml.safe_load(text)["config"]["process"][0], unet)
    source, step_source = ((FOLDER / file).read_text("utf-8") for file in (PROCESS, STEP))
    if code is not None:
        source = placed(source, code)
    names = {"self": process, "unet": unet, "text_encoder": encoder, "params": [], **makers()}
    with contextlib.redirect_stdout(None):
        execute(source, "run", "if self.network_config is not None:", "if self.network_config is not None:", names)
        process.params = names["params"]
        execute(source, "run", "optimizer_type = ", "self.lr_scheduler = ", names)
    losses = []
    for step in range(STEPS):
        with process.network:
            loss = (output(unet, encoder, sample(step)) - sample(step)[3]).pow(2).mean()
        loss.backward()
        execute(step_source, "hook_train_loop", "if not self.is_grad_acc", "with self.timer('sch", names)
        losses.append(loss.detach())
    with process.network:
        return torch.stack(losses), output(unet, encoder, probe).detach() - before


def process_of(config: dict[str, Any], unet: torch.nn.Module) -> Any:
    """What the statements ask of a process whose model is Stable Diffusion 1 and that starts afresh."""
    from toolkit.config_modules import ModelConfig, NetworkConfig, TrainConfig

    nothing = lambda *_, **__: None
    model = type("Model", (), {"is_transformer": False, "use_old_lokr_format": True})()
    model.get_model_to_train, model.get_transformer_block_names = lambda: unet, nothing
    return types.SimpleNamespace(
        network_config=NetworkConfig(**config["network"]),
        train_config=TrainConfig(**config["train"]),
        model_config=ModelConfig(**config["model"]),
        sd=model,
        name="a",
        named_lora=False,
        device_torch=torch.device("cpu"),
        get_latest_save_path=nothing,
        ensure_params_requires_grad=nothing,
        setup_ema=nothing,
        save_root=os.devnull,
        is_grad_accumulation_step=False,
        accelerator=Accelerator(cpu=True),
        timer=lambda _: contextlib.nullcontext(),
        adapter=None,
        ema=None,
    )


def makers() -> dict[str, Any]:
    """What the statements call, imported as ai-toolkit imports it."""
    import inspect

    from toolkit.lora_special import LoRASpecialNetwork
    from toolkit.lycoris_special import LycorisSpecialNetwork
    from toolkit.optimizer import get_optimizer
    from toolkit.scheduler import get_lr_scheduler

    nothing = lambda *_, **__: None
    own = (LoRASpecialNetwork, LycorisSpecialNetwork, get_optimizer, get_lr_scheduler)
    called = {"flush": nothing, "print_acc": nothing, "sync_grad_transfers": nothing}
    return {**{one.__name__: one for one in own}, **called, "inspect": inspect, "os": os, "torch": torch}


def execute(source: str, function: str, first: str, last: str, names: dict[str, Any]) -> None:
    """The statements of a function from the first that begins so to the last, of one block."""
    own = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = source.splitlines()
    for node in ast.walk(own):
        block = getattr(node, "body", [])
        starts = [lines[statement.lineno - 1].strip() for statement in block] if isinstance(block, list) else []
        start = next((i for i, line in enumerate(starts) if line.startswith(first)), None)
        if start is not None and any(line.startswith(last) for line in starts[start:]):
            end = next(i for i in range(start, len(starts)) if starts[i].startswith(last))
            text = "\n".join(lines[block[start].lineno - 1 : block[end].end_lineno])
            exec(textwrap.dedent(text), names)
            return
    raise LookupError(f"{function} has no block from {first!r} to {last!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
