"""How trainers of config files run: their own scripts and recipes where they are installed, else what they do with PEFT."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import sys
import textwrap
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import torch
import yaml
from peft import LoraConfig, get_peft_model
from placing import placed
from training import MODELS, script
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

Execute = Callable[[], None]


def trl(name: str) -> Callable[[str, str | None, Path], Execute]:
    """`trl sft --config config.yaml`: the script of that name, with the code in the user's copy of it."""

    def run(text: str, code: str | None, folder: Path) -> Execute:
        source = inspect.getsource(importlib.import_module(f"trl.scripts.{name}"))
        execute = script(placed(source, code) if code else source, folder)

        def with_config() -> None:
            (folder / "config.yaml").write_text(text)
            with mock.patch.object(sys, "argv", [f"{name}.py", "--config", "config.yaml"]):
                execute()

        return with_config

    return run


def torchtune(text: str, code: str | None, folder: Path) -> Execute:
    """`tune run lora_finetune_single_device`, on rows and weights of our own; the code at the end of _setup_model."""
    recipe = Path(importlib.util.find_spec("torchtune").origin).parent.parent / "recipes/lora_finetune_single_device.py"
    source = recipe.read_text()
    if code:
        end = source.index("        return model\n")
        source = source[:end] + textwrap.indent(code, " " * 8) + source[end:]

    def execute() -> None:
        import torchao.quantization
        from omegaconf import OmegaConf

        for name in ("int4_weight_only", "int8_dynamic_activation_int4_weight"):
            # torchtune imports what newer versions of torchao dropped; nothing here is quantised.
            vars(torchao.quantization).setdefault(name, None)
        names: dict[str, Any] = {"__name__": "recipe"}
        exec(compile(source, "recipe.py", "exec"), names)
        cfg = OmegaConf.create(TORCHTUNE) | OmegaConf.create(text)
        with contextlib.chdir(folder):
            made = names["LoRAFinetuneRecipeSingleDevice"](cfg)
            made.setup(cfg)
            MODELS.append(made._model)
            made.save_checkpoint = lambda epoch: None
            made.train()

    return execute


TORCHTUNE = f"""
device: cpu
dtype: fp32
seed: 7
epochs: 1
max_steps_per_epoch: 12
batch_size: 8
shuffle: false
compile: false
gradient_accumulation_steps: 1
resume_from_checkpoint: false
enable_activation_checkpointing: false
output_dir: out
tokenizer: {{_component_: torchtune_parts.Tokenizer}}
checkpointer: {{_component_: torchtune_parts.Checkpointer, model_type: LLAMA2}}
dataset: {{_component_: torchtune_parts.rows}}
metric_logger: {{_component_: torchtune.training.metric_logging.DiskLogger, log_dir: out}}
loss: {{_component_: torchtune.modules.loss.CEWithChunkedOutputLoss, num_output_chunks: 2}}
"""


def llamafactory(text: str, code: str | None, folder: Path) -> Execute:
    """
    What LLaMA-Factory makes of a LoRA config (model/adapter.py, hparams/parser.py), with the callbacks of the code.
    Its own `run_exp` wants other versions of the libraries than these.
    """
    config = yaml.safe_load(text)

    def run_exp(callbacks: tuple[Any, ...] = ()) -> None:
        rank = config.get("lora_rank", 8)
        lora = LoraConfig(
            task_type="CAUSAL_LM",
            r=rank,
            lora_alpha=config.get("lora_alpha") or rank * 2,
            lora_dropout=config.get("lora_dropout", 0.0),
            use_rslora=config.get("use_rslora", False),
            use_dora=config.get("use_dora", False),
            init_lora_weights="pissa" if config.get("pissa_init") else True,
            modules_to_save=config.get("additional_target"),
            target_modules=config["lora_target"].split(","),
        )
        train(lora, {key: value for key, value in config.items() if key in TrainingArguments.__dataclass_fields__}, callbacks)

    tuner = types.ModuleType("llamafactory.train.tuner")
    tuner.run_exp = run_exp
    return in_place_of({"llamafactory.train.tuner": tuner}, folder, lambda: run_code(code) if code else run_exp())


def axolotl(text: str, code: str | None, folder: Path) -> Execute:
    """What Axolotl makes of a LoRA config (loaders/adapter.py, core/builders), with the plugin of the code."""
    config = yaml.safe_load(text)
    base = types.ModuleType("axolotl.integrations.base")
    base.BasePlugin = object

    def execute() -> None:
        lora = LoraConfig(
            task_type="CAUSAL_LM",
            r=config["lora_r"],
            lora_alpha=config["lora_alpha"],
            lora_dropout=config.get("lora_dropout", 0.0),
            use_rslora=config.get("peft_use_rslora"),
            use_dora=config.get("peft_use_dora"),
            modules_to_save=config.get("lora_modules_to_save"),
            target_modules=config["lora_target_modules"],
        )
        numbers = {
            "optim": config["optimizer"],
            "lr_scheduler_type": config.get("lr_scheduler", "cosine"),
            "per_device_train_batch_size": config["micro_batch_size"],
            **{key: value for key, value in config.items() if key in SHARED},
        }
        plugins = [value() for value in run_code(code).values() if isinstance(value, type)] if code else []
        train(lora, numbers, after=lambda model: [p.post_trainer_create(config, types.SimpleNamespace(model=model)) for p in plugins if hasattr(p, "post_trainer_create")])

    return in_place_of({"axolotl.integrations.base": base}, folder, execute)


SHARED = {"learning_rate", "weight_decay", "adam_epsilon", "adam_beta2", "max_grad_norm", "max_steps", "output_dir"}


def train(lora: LoraConfig, numbers: dict[str, Any], callbacks: tuple[Any, ...] = (), after: Callable[[Any], Any] | None = None) -> None:
    model = get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), lora)
    if after:
        after(model)
    args = TrainingArguments(**numbers, report_to="none", save_strategy="no")
    Trainer(model=model, args=args, train_dataset=torch.load("tiny/llama.pt"), callbacks=list(callbacks)).train()


def run_code(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, "printed code", "exec"), names)
    return names


def in_place_of(modules: dict[str, types.ModuleType], folder: Path, execute: Execute) -> Execute:
    """Runs where a program's own modules are these, with everything above them."""

    @contextlib.contextmanager
    def standing_in() -> Iterator[None]:
        above = {name.rsplit(".", n)[0] for name in modules for n in range(1, name.count(".") + 1)}
        with mock.patch.dict(sys.modules, {**{name: types.ModuleType(name) for name in above}, **modules}):
            yield

    def run() -> None:
        with contextlib.chdir(folder), standing_in():
            execute()

    return run
