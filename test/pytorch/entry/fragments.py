"""
Configs that another file, a command line or the environment completes. A shell finds the words of a command, and a file
beside each is in BESIDE. What completes it is `hidden` from LoRA Alpha, whose plan of the rest is then trained with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from cell import Cell, filled
from entry import edited, own_loops, sd_scripts, written

Trained = Callable[[str, str | None, Path], None]
BESIDE = {
    "more.txt": "--lora_alpha 4",
    "sft.yaml": "weight_decay: 30\nmax_grad_norm: 0.001\n",
    "base.toml": 'max_grad_norm = 0.001\noptimizer_args = ["weight_decay=3"]\n',
    "preset.toml": 'unet_target_module = ["Attention"]\n[module_algo_map.Attention]\nalpha = 1\n',
    "deepspeed.yaml": "distributed_type: DEEPSPEED\ndeepspeed_config: {gradient_clipping: 0.001, zero_stage: 0}\n",
}
ALONE = {"RANK": "0", "LOCAL_RANK": "0", "LOCAL_SIZE": "1", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1"}
ALONE |= {"DS_ACCELERATOR": "cpu"}
"""What a launcher says to a process without others."""


def words_of(command: str, program: str, folder: Path) -> list[str]:
    """The words that a shell gives a program; the environment of the program is that of this process from then on."""
    stub, said = folder / "bin" / program, folder / "words"
    written(folder, {f"bin/{program}": f"#!/bin/sh\nenv -0 > '{said}.env'\nprintf '%s\\0' \"$@\" > '{said}'\n"})
    stub.chmod(0o755)
    path = {"PATH": f"{stub.parent}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", command], cwd=folder, env={**os.environ, **path}, check=True)
    given = dict(each.split("=", 1) for each in Path(f"{said}.env").read_text().split("\0") if "=" in each)
    os.environ.update({name: value for name, value in given.items() if name.startswith("ACCELERATE_")})
    return said.read_text().split("\0")[:-1]


def run(execute: Trained, text: str, code: str | None, folder: Path) -> Callable[[], None]:
    written(folder, BESIDE)
    return partial(execute, text, code, folder)


def run_alone(execute: Trained, text: str, code: str | None, folder: Path) -> Callable[[], None]:
    """In this process: the recorder cannot look into the engine of DeepSpeed."""
    from accelerate.state import AcceleratorState

    def in_folder() -> None:
        AcceleratorState._reset_state(reset_partial_state=True)
        with mock.patch.dict(os.environ), contextlib.chdir(folder):
            run(execute, text, code, folder)()

    return in_folder


def trl_sft(text: str, code: str | None, folder: Path) -> None:
    """`trl sft …`: its script, on the words that the shell gives it."""
    from accelerate import Accelerator

    words = words_of(text, "trl", folder)
    made = Accelerator.__init__

    def with_scaler(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        if self.mixed_precision == "fp16":
            self.native_amp, self.scaler = True, torch.amp.GradScaler("cpu")

    # On a CPU accelerate would compute in float32, without a GradScaler.
    Accelerator.__init__ = with_scaler
    script = edited("trl.scripts.sft", "trainer.train(", code)
    script.main(*script.make_parser().parse_args_and_config(words[1:], fail_with_unknown_args=True))


def tune(text: str, code: str | None, folder: Path) -> None:
    """`tune run …` with words that override its config."""
    numbers = {"optimizer": "AdamW", "lr": "2e-3", "numbers": "weight_decay: 30", "model": "", "more": ""}
    base = filled("torchtune", builder="lora_llama2", **numbers)
    written(folder, {"base.yaml": filled("torchtune_run") + base})
    words = words_of(text, "tune", folder)
    own_loops.tuned_by(code, folder, ["tune", "run", "rescaled.py", *words[2:]])


def kohya(text: str, code: str | None, folder: Path) -> None:
    """`python train_network.py --config_file base.toml …`, by sd-scripts' own parser."""

    def parsed(parser: Any) -> Any:
        from library.train_util import read_config_from_file

        sys.argv = words_of(text, "python", folder)
        return read_config_from_file(parser.parse_args(), parser)

    sd_scripts.train(text, code, folder, parsed)()


def lycoris(text: str, code: str | None, folder: Path) -> None:
    sd_scripts.train(text, code, folder)()


def small(alpha: float, rank: int) -> Any:
    """A model of PEFT's, its inputs and what they should become."""
    import peft

    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 8))
    random = torch.Generator().manual_seed(5)
    rows = [tuple(torch.randn(4, 8, generator=random) for _ in range(2)) for _ in range(6)]
    return peft.get_peft_model(net, peft.LoraConfig(r=rank, lora_alpha=alpha, target_modules=["0", "2"])), rows


def simpletuner(text: str, code: str | None, folder: Path) -> None:
    """`accelerate launch` as SimpleTuner calls it, and its steps of a loop (simpletuner/helpers/training/trainer.py)."""
    from accelerate import Accelerator
    from accelerate.commands.launch import _validate_launch_command, launch_command_parser
    from accelerate.utils.launch import prepare_deepspeed_cmd_env

    config = json.loads(text)
    file = [f"--config_file={config['accelerate_config']}"] if "accelerate_config" in config else []
    words = [*file, *shlex.split(config.get("accelerate_extra_args", "--cpu"))]
    given = launch_command_parser().parse_args([*words, "--num_processes=1", "train.py"])
    args, defaults, _ = _validate_launch_command(given)
    if args.use_deepspeed:
        args.deepspeed_fields_from_accelerate_config = ",".join(defaults.deepspeed_config) if defaults else ""
        os.environ.update({**prepare_deepspeed_cmd_env(args)[1], **ALONE, "MASTER_PORT": "29617"})
    model, rows = small(config["lora_alpha"], config["lora_rank"])
    exec(code or "", {"trained_component": model, "init_lora_state_dict": None})
    numbers = dict(pair.split("=") for pair in config["optimizer_config"].split(","))
    factors = [p for p in model.parameters() if p.requires_grad]
    decay, eps = float(numbers["weight_decay"]), float(numbers.get("eps", 1e-8))
    optimizer = torch.optim.AdamW(factors, lr=config["learning_rate"], weight_decay=decay, eps=eps)
    loader = torch.utils.data.DataLoader([0], batch_size=1)
    accelerator = Accelerator(mixed_precision=config["mixed_precision"], cpu=not args.use_deepspeed)
    model, optimizer, _ = accelerator.prepare(model, optimizer, loader)
    for inputs, wanted in rows:
        with accelerator.accumulate(model):
            accelerator.backward((model(inputs) - wanted).pow(2).mean())
            accelerator.clip_grad_norm_(factors, config["max_grad_norm"])
            optimizer.step()
            optimizer.zero_grad()


def ludwig(text: str, code: str | None, folder: Path) -> None:
    """Ludwig's optimizer and clipping (ludwig/trainers/trainer.py: train_step)."""
    import yaml
    from ludwig.modules.optimization_modules import create_optimizer
    from ludwig.schema.trainer import FineTuneTrainerConfig

    config = yaml.safe_load(text)
    trainer = FineTuneTrainerConfig.from_dict(config["trainer"])
    model, rows = small(config["adapter"]["alpha"], config["adapter"]["r"])
    exec(code or "", {"model": model})
    factors = [p for p in model.parameters() if p.requires_grad]
    optimizer = create_optimizer(model, trainer.optimizer, trainer.learning_rate)
    for inputs, wanted in rows:
        optimizer.zero_grad()
        (model(inputs) - wanted).pow(2).mean().backward()
        torch.nn.utils.clip_grad_norm_(factors, trainer.gradient_clipping.clipglobalnorm)
        optimizer.step()


def cell(name: str, how: Trained, path: str, text: str, **own: Any) -> Cell:
    runs = run if own.get("recorded", True) else run_alone
    return Cell(name, text, path=path, run=partial(runs, how), **{"exact": (), "recorded": True, **own})


TRL = (
    "trl sft --model_name_or_path tiny/llama --dtype float32 --dataset_name tiny/texts --output_dir out --report_to none"
    " --save_strategy no --max_steps 10 --use_peft --lora_r 8 --lora_alpha 16 --lora_dropout 0 --lora_target_modules q_proj"
    " v_proj --learning_rate 2e-3 --bf16 false --use_cpu true --logging_steps 1 --max_grad_norm 0 --adam_epsilon 1e-8\n"
)
KOHYA = (
    "python train_network.py --network_module networks.lora --network_dim 8 --network_alpha 4 --learning_rate 2e-3"
    " --optimizer_type AdamW --lr_scheduler constant --max_train_steps 6\n"
)
TUNE = (
    "tune run lora_finetune_single_device --config base.yaml model._component_=torchtune.models.llama2.lora_llama2 model.lora_rank=8"
    " model.lora_alpha=16 optimizer._component_=torch.optim.AdamW optimizer.lr=2e-3 clip_grad_norm=null\n"
)
NO_CLIP = ("--max_grad_norm 0", "--config sft.yaml")
SIMPLETUNER = json.dumps(
    {
        **{"model_type": "lora", "model_family": "flux", "lora_rank": 4, "lora_alpha": 4, "lora_dropout": 0.0},
        **{"learning_rate": 2e-2, "optimizer": "torch-adamw", "optimizer_config": "weight_decay=0.1,eps=1e-3"},
        **{"mixed_precision": "no", "base_model_precision": "int8-quanto", "lr_scheduler": "constant"},
        **{"max_grad_norm": 1.0, "grad_clip_method": "norm", "accelerate_visible_devices": "0"},
    },
    indent=1,
)
DEVICES = '"accelerate_visible_devices": "0"'
LUDWIG = """\
model_type: llm
base_model: tiny/llama
input_features: [{name: text, type: text}]
output_features: [{name: text, type: text}]
adapter: {type: lora, r: 4, alpha: 4, dropout: 0.0}
backend: {type: local}
trainer:
  type: finetune
  batch_size: 4
  gradient_accumulation_steps: 1
  learning_rate: 2.0e-2
  gradient_clipping: {clipglobalnorm: 1.0}
  optimizer: {type: adam, weight_decay: 3.0}
"""


BY_DEEPSPEED: dict[str, Any] = {"needs": ("deepspeed",), "recorded": False, "off": (1e-2, 10)}


def simple(name: str, key: str, value: str, **own: Any) -> Cell:
    line = f'"{key}": "{value}"'
    text = SIMPLETUNER.replace(DEVICES, line)
    return cell(f"SimpleTuner, {name}", simpletuner, "config.json", text, hidden=(line, DEVICES), **BY_DEEPSPEED, **own)


def completed(name: str, how: Trained, text: str, hidden: tuple[str, str], **own: Any) -> Cell:
    return cell(name, how, "run.sh", text, hidden=hidden, **{"off": (1e-2, 10), **own})


SD_SCRIPTS = ("kohya-ss__sd-scripts", "diffusers", "toml", "torchvision")
PRESET = sd_scripts.config('network_args = ["algo=lora", "preset=preset.toml"]', module="lycoris.kohya")
IN_FLOAT16 = "ACCELERATE_MIXED_PRECISION=fp16 "
FILE, NO_FILE = "--config_file base.toml --optimizer", "--max_grad_norm 0 --optimizer"
BESIDE_FILE = KOHYA.replace("--optimizer", FILE)
OF_PRESET = {"hidden": ("preset.toml", "attn-mlp"), "off": (1e-2, 10), "needs": (*SD_SCRIPTS, "lycoris")}
TRAINERS = {
    "fragments": [
        cell("TRL, a command", trl_sft, "run.sh", TRL, exact=("symmetric",)),
        completed("TRL, float16 by the environment", trl_sft, IN_FLOAT16 + TRL, (IN_FLOAT16, "true && "), off=(1e-6, 1)),
        completed("TRL, more words by xargs", trl_sft, f"cat more.txt | xargs {TRL}", ("cat more.txt | xargs trl", "trl")),
        completed("TRL, a config beside the flags", trl_sft, TRL.replace(*NO_CLIP), ("--config sft.yaml", "--max_grad_norm 0")),
        completed("torchtune, a config beside the overrides", tune, TUNE, ("--config base.yaml", "--config llama2/7B_lora")),
        completed("sd-scripts, a config beside the flags", kohya, BESIDE_FILE, (FILE, NO_FILE), needs=SD_SCRIPTS),
        cell("LyCORIS, a preset in a file", lycoris, "a.toml", PRESET, **OF_PRESET),
        simple("DeepSpeed by flags of accelerate", "accelerate_extra_args", "--use_deepspeed --gradient_clipping 0.001"),
        simple("DeepSpeed by a file of accelerate", "accelerate_config", "deepspeed.yaml"),
        cell("Ludwig, one device", ludwig, "llm.yaml", LUDWIG, exact=("symmetric",)),
    ]
}
