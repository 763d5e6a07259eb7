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
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import torch
import yaml
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from placing import placed
from training import script
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


def llamafactory(text: str, code: str | None, folder: Path, train: Callable[..., None] | None = None) -> Execute:
    """
    What LLaMA-Factory makes of a LoRA config (model/adapter.py, hparams/parser.py), with the callbacks of the code.
    Its own `run_exp` wants other versions of the libraries than these.
    """
    config = yaml.safe_load(text)

    def run_exp(callbacks: tuple[Any, ...] = ()) -> None:
        targets = config["lora_target"].split(",")
        init = "pissa" if config.get("pissa_init") else True
        alpha = config.get("lora_alpha") or config["lora_rank"] * 2
        same = ("lora_dropout", "use_rslora", "use_dora")
        keys = {**{key: key for key in same}, "modules_to_save": "additional_target"}
        lora = lora_of(config, {"r": "lora_rank", **keys}, lora_alpha=alpha, init_lora_weights=init, target_modules=targets)
        numbers = {key: value for key, value in config.items() if key in TrainingArguments.__dataclass_fields__}
        ratio = config.get("loraplus_lr_ratio")
        (train or on_trainer)(lora, numbers, callbacks, optimizer=ratio and partial(llamafactorys_loraplus, ratio))

    tuner = types.ModuleType("llamafactory.train.tuner")
    tuner.run_exp = run_exp
    return in_place_of({"llamafactory.train.tuner": tuner}, folder, lambda: run_code(code) if code else run_exp())


def llamafactorys_loraplus(ratio: float, model: torch.nn.Module, args: TrainingArguments) -> torch.optim.Optimizer:
    """train/trainer_utils.py: _create_loraplus_optimizer; it is asked for its class without the model."""
    kind, numbers = Trainer.get_optimizer_cls_and_kwargs(args)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    rates = {name: args.learning_rate * (ratio if "lora_B" in name or p.ndim == 1 else 1) for name, p in trained.items()}
    groups = [
        {"params": [trained[name] for name in rates if rates[name] == rate], "lr": rate, "weight_decay": args.weight_decay}
        for rate in dict.fromkeys(rates.values())
    ]
    return kind(groups, **numbers)


def axolotls_loraplus(ratio: float, model: torch.nn.Module, args: TrainingArguments) -> torch.optim.Optimizer:
    """core/trainers/mixins/optimizer.py: create_optimizer, which hands no weight decay on."""
    kind, numbers = Trainer.get_optimizer_cls_and_kwargs(args, model)
    return create_loraplus_optimizer(model, kind, loraplus_lr_ratio=ratio, loraplus_lr_embedding=1e-6, **numbers)


def axolotl(text: str, code: str | None, folder: Path) -> Execute:
    """What Axolotl makes of a LoRA config (loaders/adapter.py, core/builders), with the plugin of the code."""
    config = yaml.safe_load(text)
    base = types.ModuleType("axolotl.integrations.base")
    base.BasePlugin = object

    def execute() -> None:
        same = ("lora_alpha", "lora_dropout")
        own = {"use_rslora": "peft_use_rslora", "use_dora": "peft_use_dora", "modules_to_save": "lora_modules_to_save"}
        keys = {"r": "lora_r", "target_modules": "lora_target_modules", **{key: key for key in same}, **own}
        lora = lora_of(config, keys)
        numbers = {"optim": config["optimizer"], "lr_scheduler_type": config.get("lr_scheduler", "cosine")}
        numbers |= {"per_device_train_batch_size": config["micro_batch_size"]}
        numbers |= {key: value for key, value in config.items() if key in SHARED}
        if handed := config.get("optim_args"):
            numbers["optim_args"] = ",".join(f"{key}={value}" for key, value in handed.items())
        ratio = config.get("loraplus_lr_ratio")
        plugins = [value() for value in run_code(code).values() if isinstance(value, type)] if code else []
        on_trainer(lora, numbers, after=lambda model: [p.post_trainer_create(config, types.SimpleNamespace(model=model)) for p in plugins if hasattr(p, "post_trainer_create")], optimizer=ratio and partial(axolotls_loraplus, ratio))

    return in_place_of({"axolotl.integrations.base": base}, folder, execute)


@cache
def factories() -> Any:
    """What makes a run from a file with its trainer's own parser and factory of optimizers; imported when a cell asks."""
    spec = importlib.util.spec_from_file_location("factories", Path(__file__).parents[1] / "judges/factories.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: cache(make) for name, make in module.TRAINERS.items()}


def by_factory(name: str) -> Callable[[str, str | None, Path], Execute]:
    """Trains with the trainer's own parser and factory of optimizers, and with the code where the trainer would run it."""

    def run(text: str, code: str | None, folder: Path) -> Execute:
        make = factories()[name]()

        def execute() -> None:
            with contextlib.chdir(folder):
                Path("config.yaml").write_text(text)
                model, rows = AutoModelForCausalLM.from_pretrained("tiny/llama"), torch.load("tiny/llama.pt")
                trainer = partial(make, "config.yaml", model, train_dataset=rows)
                WITH_CODE[name](trainer, code)

        return execute

    return run


def with_run_exp(trainer: Callable[..., Trainer], code: str | None) -> None:
    tuner = types.ModuleType("llamafactory.train.tuner")
    tuner.run_exp = lambda callbacks=(): trainer(callbacks=list(callbacks)).train()
    with mock.patch.dict(sys.modules, {tuner.__name__: tuner}):
        run_code(code) if code else tuner.run_exp()


def with_plugin(trainer: Callable[..., Trainer], code: str | None) -> None:
    made, plugin = trainer(), run_code(code)["RescaleInit"]() if code else None
    if plugin:
        plugin.post_trainer_create(None, made)
    made.train()


WITH_CODE = {"llamafactory": with_run_exp, "axolotl": with_plugin}


def lora_of(config: dict[str, Any], keys: dict[str, str], **fields: Any) -> LoraConfig:
    """@param keys the config's keys of LoraConfig's fields, as far as the config has them"""
    return LoraConfig(task_type="CAUSAL_LM", **{name: config[key] for name, key in keys.items() if key in config}, **fields)


SHARED = {"learning_rate", "weight_decay", "adam_epsilon", "adam_beta2", "max_grad_norm", "max_steps", "output_dir"}


def on_trainer(
    lora: LoraConfig,
    numbers: dict[str, Any],
    callbacks: tuple[Any, ...] = (),
    after: Callable[[Any], Any] | None = None,
    optimizer: Callable[[Any, TrainingArguments], torch.optim.Optimizer] | None = None,
) -> None:
    model = get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), lora)
    if after:
        after(model)
    args = TrainingArguments(**numbers, report_to="none", save_strategy="no")
    trainer = Trainer(model=model, args=args, train_dataset=torch.load("tiny/llama.pt"), callbacks=list(callbacks))
    if optimizer:
        trainer.create_optimizer = lambda *_: setattr(trainer, "optimizer", optimizer(model, args)) or trainer.optimizer
    trainer.train()


def in_float16(start: float, *, follows: bool = False) -> Callable[..., None]:
    """
    Trains as the Trainer does in float16 on a GPU.
    @param start the first loss scale
    @param follows whether it is divided as the plan divides the learning rate of 2e-3
    """

    def train(lora: LoraConfig, numbers: dict[str, Any], callbacks: tuple[Any, ...] = (), **_: Any) -> None:
        model = get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), lora)
        for callback in callbacks:
            callback.on_init_end(None, None, None, model=model)
        lr, eps = numbers["learning_rate"], numbers.get("adam_epsilon", 1e-8)
        optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=numbers["weight_decay"], eps=eps)
        scaler = torch.amp.GradScaler("cpu", init_scale=start * (lr / 2e-3 if follows else 1))
        for batch in list(torch.utils.data.DataLoader(torch.load("tiny/llama.pt"), batch_size=8)) * 2:
            with torch.autocast("cpu", dtype=torch.float16):
                loss = model(**batch).loss
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()

    return train


def merged(name: str, base: str, load: Callable[[Path], dict[str, Any]]) -> Callable[[str, str | None, Path], Execute]:
    """
    What a trainer makes of a config that its own parser merges over another file.
    @param name of the config; base.* lies beside it
    @param load gives the config of LoRA and optimizer as the parser leaves it
    """

    def run(text: str, code: str | None, folder: Path) -> Execute:
        def execute() -> None:
            (folder / name).write_text(text)
            (folder / f"base{Path(name).suffix}").write_text(base)
            config = load(folder / name)
            model = get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), LoraConfig(**config["lora"]))
            if code:
                lines = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("#"))
                exec(textwrap.dedent(lines), {"self": types.SimpleNamespace(llm=model), "module": model})
            trained = [p for p in model.parameters() if p.requires_grad]
            optimizer = torch.optim.AdamW(trained, **config["optimizer"])
            for batch in torch.utils.data.DataLoader(torch.load("tiny/llama.pt"), batch_size=8):
                model(**batch).loss.backward()
                torch.nn.utils.clip_grad_norm_(trained, config["clip"])
                optimizer.step()
                optimizer.zero_grad()

        return in_place_of({}, folder, execute)

    return run


def by_mmengine(path: Path) -> dict[str, Any]:
    """As xtuner reads its configs (xtuner/tools/train.py)."""
    config = importlib.import_module("mmengine.config").Config.fromfile(path)
    without = lambda values: {key: value for key, value in values.items() if key != "type"}
    clip = (config.optim_wrapper.get("clip_grad") or {}).get("max_norm", torch.inf)
    return {"lora": without(config.model.lora), "optimizer": without(config.optim_wrapper.optimizer), "clip": clip}


def by_hydra(path: Path) -> dict[str, Any]:
    """verl's program is given `--config-path` and `--config-name` (verl/trainer/main_ppo.py: hydra.main)."""
    hydra = importlib.import_module("hydra")
    with hydra.initialize_config_dir(str(path.parent.resolve()), version_base=None):
        part = hydra.compose(path.stem).actor_rollout_ref
    lora = {"r": part.model.lora_rank, "lora_alpha": part.model.lora_alpha, "target_modules": list(part.model.target_modules)}
    optim = part.actor.optim
    extra = optim.get("override_optimizer_config") or {}
    numbers = {"lr": optim.lr, "weight_decay": optim.weight_decay, "eps": extra.get("eps", 1e-8)}
    return {"lora": lora, "optimizer": numbers, "clip": optim.clip_grad}


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
