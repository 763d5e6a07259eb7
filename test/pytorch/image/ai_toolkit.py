"""Trains configs of ai-toolkit with its own network, optimizer, schedule and step.

    LORA_ALPHA_JUDGE_SOURCES=FOLDER python test/pytorch/image/ai_toolkit.py PRODUCT [words]      # see run.mjs

FOLDER holds a clone as ostris__ai-toolkit. The statements of its process run unchanged on a tiny U-Net or Flux, with
the printed code at the place that its comment names.
"""

from __future__ import annotations

import contextlib
import os
import sys
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
from comparing import STEPS, Runs, judge_all, recorded
from placing import placed
from product import Product
from statements import execute
from tiny_models import FLUX, UNET

PROCESS = "jobs/process/BaseSDTrainProcess.py"
AUDIO = ("torchaudio", "av")
"""Packages that ai-toolkit imports for sound. Nothing here uses them."""
STEP = "extensions_built_in/sd_trainer/SDTrainer.py"


def config(*train: str, network: str = "", kwargs: str = "{}", clip: float = 1e6) -> str:
    return f"""job: extension
config:
  name: a
  process:
    - type: sd_trainer
      device: cpu
      network:
        type: lora
        linear: 8
        linear_alpha: 4
{network}        network_kwargs: {kwargs}
      train:
        steps: {STEPS}
        train_unet: true
        train_text_encoder: true
        max_grad_norm: {clip}
{"".join(f"        {line}{chr(10)}" for line in train)}      model:
        name_or_path: tiny
"""


ADAMW = ("optimizer: adamw", "lr: 0.002")
ADAGRAD = ("optimizer: adagrad", "lr: 0.002")
COSINE = ("lr_scheduler: cosine", "lr_scheduler_params:", "  eta_min: 0.001")

SOME = "{only_if_contains: [to_q, to_v]}"
"""DoRA in ai-toolkit does not support convolutions."""

CONFIGS = {
    "ai-toolkit, adamw": config(*ADAMW),
    "ai-toolkit, adamw, clipped": config(*ADAMW, clip=0.01),
    "ai-toolkit, prodigy": config("optimizer: prodigy", "lr: 1.0"),
    "ai-toolkit, adafactor": config("optimizer: adafactor", "lr: 0.002"),
    "ai-toolkit, adafactor, never clipped": config("optimizer: adafactor", "lr: 0.002", clip=0.01),
    "ai-toolkit, Adafactor, clipped": config("optimizer: Adafactor", "lr: 0.002", clip=0.01),
    "ai-toolkit, automagic": config("optimizer: automagic", "lr: 0.0001"),
    "ai-toolkit, automagic3": config("optimizer: automagic3", "lr: 0.0001"),
    "ai-toolkit, lion": config("optimizer: lion", "lr: 0.0001", clip=0.01),
    "ai-toolkit, adagrad, clipped": config(*ADAGRAD, clip=0.01),
    "ai-toolkit, adagrad, cosine with a floor": config(*ADAGRAD, *COSINE),
    "ai-toolkit, adagrad, warm-up": config(
        *ADAGRAD, "lr_scheduler: constant_with_warmup", "lr_scheduler_params:", "  num_warmup_steps: 3"
    ),
    "ai-toolkit, adagrad, linear": config(
        *ADAGRAD, "lr_scheduler: linear", "lr_scheduler_params:", "  start_factor: 0.5", "  end_factor: 0.25"
    ),
    "ai-toolkit, convolutions": config(*ADAGRAD, network="        conv: 4\n        conv_alpha: 2\n"),
    "ai-toolkit, convolutions without an alpha": config(*ADAGRAD, network="        conv: 4\n"),
    "ai-toolkit, some layers": config(*ADAGRAD, kwargs=SOME),
    "ai-toolkit, DoRA": config(*ADAGRAD, kwargs=SOME).replace("type: lora", "type: dora"),
}

OF_FLUX = config(*ADAGRAD).replace("text_encoder: true", "text_encoder: false") + "        is_flux: true\n"


def main(product: str, words: list[str]) -> int:
    for name in AUDIO:
        sys.modules.setdefault(name, types.ModuleType(name))
    try:
        import toolkit.config_modules
        import toolkit.lora_special  # noqa: F401
    except ImportError as error:
        print(f"skipped ai-toolkit: {error}")
        return 0
    return judge_all(product, words, CONFIGS, "a.yaml", train, more=alpha_counts)


def alpha_counts(server: Product) -> bool:
    """Whether alpha changes training on Flux, or the product plans it although ai-toolkit ignores alpha there."""
    answer = server.plans("a.yaml", OF_FLUX, (4.0,), 0)
    one, other = (train(text, None) for text in (OF_FLUX, OF_FLUX.replace("linear_alpha: 4", "linear_alpha: 16")))
    same = all(torch.equal(first, second) for first, second in zip(one, other, strict=True))
    print(f"ai-toolkit, Flux: {answer.refusal}; another alpha: {'bits' if same else 'another run <<<< FALSE'}")
    return not same or answer.refusal is None


def train(text: str, code: str | None) -> Runs:
    source, step_source = ((FOLDER / file).read_text("utf-8") for file in (PROCESS, STEP))
    if code is not None:
        source = placed(source, code)

    def set_up(unet: Any, encoder: Any) -> Any:
        process = process_of(yaml.safe_load(text)["config"]["process"][0], unet)
        names = {"self": process, "unet": unet, "text_encoder": encoder, "params": [], **makers()}
        with contextlib.redirect_stdout(None):
            execute(source, "run", "if self.network_config is not None:", "if self.network_config is not None:", names)
            process.params = names["params"]
            execute(source, "run", "optimizer_type = ", "self.lr_scheduler = ", names)

        def step(loss: torch.Tensor) -> None:
            loss.backward()
            execute(step_source, "hook_train_loop", "if not self.is_grad_acc", "with self.timer('sch", names)

        return step, process.network

    return recorded(FLUX if "is_flux: true" in text else UNET, set_up)


def process_of(config: dict[str, Any], unet: torch.nn.Module) -> Any:
    """The attributes that the statements read from a process at the start of training."""
    from toolkit.config_modules import ModelConfig, NetworkConfig, TrainConfig

    nothing = lambda *_, **__: None
    model = type("Model", (), {"is_transformer": False, "use_old_lokr_format": True})()
    model.get_model_to_train, model.get_transformer_block_names = lambda: unet, nothing
    kinds = {"network": NetworkConfig, "train": TrainConfig, "model": ModelConfig}
    return types.SimpleNamespace(
        **{f"{name}_config": kind(**config[name]) for name, kind in kinds.items()},
        **dict.fromkeys(("get_latest_save_path", "ensure_params_requires_grad", "setup_ema"), nothing),
        **dict.fromkeys(("adapter", "ema")),
        **dict.fromkeys(("named_lora", "is_grad_accumulation_step"), False),
        **{"sd": model, "name": "a", "save_root": os.devnull, "device_torch": torch.device("cpu")},
        **{"accelerator": Accelerator(cpu=True), "timer": lambda _: contextlib.nullcontext()},
    )


def makers() -> dict[str, Any]:
    """The names that the statements use, imported as ai-toolkit imports them."""
    import inspect

    from toolkit.lora_special import LoRASpecialNetwork
    from toolkit.lycoris_special import LycorisSpecialNetwork
    from toolkit.optimizer import get_optimizer
    from toolkit.scheduler import get_lr_scheduler

    nothing = lambda *_, **__: None
    own = (LoRASpecialNetwork, LycorisSpecialNetwork, get_optimizer, get_lr_scheduler)
    called = {"flush": nothing, "print_acc": nothing, "sync_grad_transfers": nothing}
    return {**{one.__name__: one for one in own}, **called, "inspect": inspect, "os": os, "torch": torch}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
