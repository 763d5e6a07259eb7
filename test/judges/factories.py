"""Whether a trainer makes its optimizer from a file: its own parser, its own factory, and a step on a tiny model.

    python test/judges/factories.py llamafactory FILE…      # a line each: null, or what stopped it
"""

import dataclasses
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import types
from pathlib import Path

os.environ.update({"DISABLE_VERSION_CHECK": "1", "WANDB_DISABLED": "true", "AXOLOTL_DO_NOT_TRACK": "1", "CUDA_VISIBLE_DEVICES": ""})

SIZES = {"vocab_size": 32, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
SAME = ("use_rslora", "use_dora", "lora_alpha", "lora_dropout")
"""Arguments of LoraConfig that trainers call the same."""


def imported(*names):
    return [importlib.import_module(name) for name in names]


def trainer_of(trainer_class, make, model, args, **more):
    """A trainer whose optimizer is the one that `make` makes of it; its own if that is None."""
    trainer = trainer_class(model=model, args=args, **more)
    own = trainer.create_optimizer

    def create_optimizer(*_, **__):
        trainer.optimizer = make(trainer) or own()
        return trainer.optimizer

    trainer.create_optimizer = create_optimizer
    return trainer


def llamafactory():
    peft, transformers, torch, trl = imported("peft", "transformers", "torch", "trl")
    # Its code for PPO imports a class that TRL 1 does not have.
    vars(trl).setdefault("AutoModelForCausalLMWithValueHead", torch.nn.Module)
    hparams, train = imported("llamafactory.hparams.parser", "llamafactory.train.trainer_utils")

    def make(path, model, **more):
        sys.argv[1:] = [path]
        config = {**hparams.read_args(), "use_cpu": True, "report_to": "none", "save_strategy": "no"}
        _, _, args, tuned, _ = transformers.HfArgumentParser(hparams._TRAIN_ARGS).parse_dict(config)
        lora = {name: getattr(tuned, name) for name in SAME} | {"r": tuned.lora_rank, "target_modules": tuned.lora_target}
        model = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **lora))
        # train/sft/trainer.py: create_optimizer
        factory = lambda _: train.create_custom_optimizer(model, args, tuned)
        return trainer_of(transformers.Trainer, factory, model, args, **more)

    return make


def axolotl():
    peft, transformers, yaml = imported("peft", "transformers", "yaml")
    # Its trainer of process rewards is one that newer versions of TRL do not have.
    if not importlib.util.find_spec("trl.experimental.prm"):
        prm = sys.modules["trl.experimental.prm"] = types.ModuleType("trl.experimental.prm")
        prm.PRMTrainer, prm.PRMConfig = transformers.Trainer, transformers.TrainingArguments
    schemas, dicts, base, mixin, arguments = imported(
        *("axolotl.utils.schemas.config", "axolotl.utils.dict", "axolotl.core.builders.base"),
        *("axolotl.core.trainers.mixins.optimizer", "axolotl.core.training_args"),
    )

    class Builder(base.TrainerBuilderBase):
        def build(self, total_num_steps):
            values, more = self._set_base_training_args(total_num_steps)
            own = {"use_cpu": True, "bf16": False, "report_to": "none", "save_strategy": "no"}
            args = arguments.AxolotlTrainingArguments(**{**values, **own})
            return args, more.get("optimizer_cls_and_kwargs")

    def make(path, model, **more):
        config = schemas.AxolotlInputConfig(**yaml.safe_load(Path(path).read_text())).model_dump(exclude_none=True)
        lora = {name: config[name] for name in SAME if name in config}
        lora |= {"r": config["lora_r"], "target_modules": config["lora_target_modules"]}
        model = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **lora))
        args, handed = Builder(dicts.DictDefault(config), model, None).build(4)
        args.max_steps = config.get("max_steps", 4)
        return mixin.OptimizerMixin(model=model, args=args, optimizer_cls_and_kwargs=handed, **more)

    return make


def ms_swift():
    (transformers,) = imported("transformers")
    cli, arguments, tuners, training, factories = imported(
        *("swift.cli.main", "swift.arguments.tuner_args", "swift.tuners", "swift.trainers", "swift.optimizers.mapping")
    )

    def make(path, model, **more):
        words = [path]
        cli.parse_yaml_args(words)
        parser = transformers.HfArgumentParser((arguments.TunerArguments, training.Seq2SeqTrainingArguments))
        values = vars(parser.parse_known_args([*words, "--use_cpu", "true", "--report_to", "none", "--save_strategy", "no"])[0])
        names = [field.name for field in dataclasses.fields(training.Seq2SeqTrainingArguments) if field.init]
        args = training.Seq2SeqTrainingArguments(**{name: values[name] for name in names})
        # pipelines/train/tuner.py: prepare_adapter
        lora = {name: values[name] for name in (*SAME, "lorap_lr_ratio")}
        lora["target_modules"] = "all-linear" if "all-linear" in values["target_modules"] else values["target_modules"]
        model = tuners.Swift.prepare_model(model, tuners.LoraConfig(task_type="CAUSAL_LM", r=values["lora_rank"], **lora))
        # arguments/sft_args.py: __post_init__
        ratio = values["lorap_lr_ratio"]
        name = args.optimizer or ("lorap" if ratio else "galore" if values["use_galore"] else "default")
        # Its own makes it with the Trainer's create_optimizer.
        callback = lambda trainer: None if name == "default" else factories.optimizers_map[name](args, trainer).create_optimizer()
        return trainer_of(transformers.Trainer, callback, model, args, **more)

    return make


def stopped(make, path):
    """One step with what it makes; what stops it may be an exit, too."""
    torch, transformers = imported("torch", "transformers")
    torch.manual_seed(0)
    try:
        model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES))
        optimizer = make(path, model).create_optimizer()
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = torch.randn_like(p)
        getattr(optimizer, "train", lambda: None)()
        if "lomo" not in type(optimizer).__name__.lower():
            optimizer.step()
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"[:300]
    return None


TRAINERS = {"llamafactory": llamafactory, "axolotl": axolotl, "ms-swift": ms_swift}

if __name__ == "__main__":
    from judging import _verdicts, missing

    os.chdir(tempfile.mkdtemp(prefix="lora-alpha."))
    try:
        make = TRAINERS[sys.argv[1]]()
    except Exception as error:  # noqa: BLE001 - a package that is half there fails in many ways
        missing(f"{type(error).__name__}: {error}")
    for path in sys.argv[2:]:
        print(json.dumps(stopped(make, path)), file=_verdicts, flush=True)
