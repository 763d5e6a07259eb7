"""Whether a trainer makes its optimizer from a file: its own parser, its own factory, and a step on a tiny model.

    python test/judges/factories.py llamafactory FILE…      # a line each: null, or what stopped it
"""

import dataclasses
import importlib.util
import json
import os
import sys
import tempfile
import types

os.environ.update({"DISABLE_VERSION_CHECK": "1", "WANDB_DISABLED": "true", "AXOLOTL_DO_NOT_TRACK": "1", "CUDA_VISIBLE_DEVICES": ""})

from judging import _verdicts, need, text_of

torch, peft, transformers, yaml = need("torch", "peft", "transformers", "yaml")
SIZES = {"vocab_size": 32, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
LORA = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"}


def tiny():
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES))


def made_by(trainer_class, model, args, **more):
    return trainer_class(model=model, args=args, **more).create_optimizer()


def llamafactory():
    # Its code for PPO imports a class that TRL 1 does not have.
    vars(need("trl")[0]).setdefault("AutoModelForCausalLMWithValueHead", torch.nn.Module)
    hparams, train = need("llamafactory.hparams.parser", "llamafactory.train.trainer_utils")

    def make(path):
        sys.argv[1:] = [path]
        config = {**hparams.read_args(), "use_cpu": True}
        _, _, args, tuned, _ = transformers.HfArgumentParser(hparams._TRAIN_ARGS).parse_dict(config)
        model = peft.get_peft_model(tiny(), peft.LoraConfig(**LORA))
        # train/sft/trainer.py: create_optimizer
        return train.create_custom_optimizer(model, args, tuned) or made_by(transformers.Trainer, model, args)

    return make


def axolotl():
    # Its trainer of process rewards is one that newer versions of TRL do not have.
    if not importlib.util.find_spec("trl.experimental.prm"):
        prm = sys.modules["trl.experimental.prm"] = types.ModuleType("trl.experimental.prm")
        prm.PRMTrainer, prm.PRMConfig = transformers.Trainer, transformers.TrainingArguments
    schemas, dicts, base, mixin, arguments = need(
        *("axolotl.utils.schemas.config", "axolotl.utils.dict", "axolotl.core.builders.base"),
        *("axolotl.core.trainers.mixins.optimizer", "axolotl.core.training_args"),
    )

    class Builder(base.TrainerBuilderBase):
        def build(self, total_num_steps):
            values, more = self._set_base_training_args(total_num_steps)
            args = arguments.AxolotlTrainingArguments(**{**values, "use_cpu": True, "bf16": False, "report_to": "none"})
            handed = more.get("optimizer_cls_and_kwargs")
            return made_by(mixin.OptimizerMixin, self.model, args, optimizer_cls_and_kwargs=handed)

    def make(path):
        config = schemas.AxolotlInputConfig(**yaml.safe_load(text_of(path))).model_dump(exclude_none=True)
        return Builder(dicts.DictDefault(config), peft.get_peft_model(tiny(), peft.LoraConfig(**LORA)), None).build(4)

    return make


def ms_swift():
    cli, arguments, tuners, training, factories = need(
        *("swift.cli.main", "swift.arguments.tuner_args", "swift.tuners", "swift.trainers", "swift.optimizers.mapping")
    )

    def make(path):
        words = [path]
        cli.parse_yaml_args(words)
        parser = transformers.HfArgumentParser((arguments.TunerArguments, training.Seq2SeqTrainingArguments))
        values = vars(parser.parse_known_args([*words, "--use_cpu", "true"])[0])
        names = [field.name for field in dataclasses.fields(training.Seq2SeqTrainingArguments) if field.init]
        args = training.Seq2SeqTrainingArguments(**{name: values[name] for name in names})
        ratio = values["lorap_lr_ratio"]
        model = tuners.Swift.prepare_model(tiny(), tuners.LoraConfig(**LORA, lorap_lr_ratio=ratio))
        # arguments/sft_args.py: __post_init__
        name = args.optimizer or ("lorap" if ratio else "galore" if values["use_galore"] else "default")
        return factories.optimizers_map[name](args, transformers.Trainer(model=model, args=args)).create_optimizer(model)

    return make


def stopped(make, path):
    """One step with what it makes; what stops it may be an exit, too."""
    torch.manual_seed(0)
    try:
        optimizer = make(path)
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
    os.chdir(tempfile.mkdtemp(prefix="lora-alpha."))
    make = TRAINERS[sys.argv[1]]()
    for path in sys.argv[2:]:
        print(json.dumps(stopped(make, path)), file=_verdicts, flush=True)
