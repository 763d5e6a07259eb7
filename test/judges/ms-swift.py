"""ms-swift: its own way from a file to a command line, and the dataclasses that read that, without loading a model."""

from judging import HUGGING_FACE, PEFT, as_betas, judge, need, split, text_of

cli, arguments, transformers, training, yaml = need(
    "swift.cli.main", "swift.arguments.tuner_args", "transformers", "swift.trainers", "yaml"
)

NAMES = {**HUGGING_FACE, **PEFT, "lora_rank": "rank", "lorap_lr_ratio": "loraplusLrRatio", "betas": "betas"}
MEGATRON = {**PEFT, "lora_rank": "rank", "lr": "learningRate", "weight_decay": "weightDecay"}
MEGATRON |= {"clip_grad": "maxGradNorm", "adam_eps": "eps"}
UNSTEADY = {"logging_dir", "run_name"}
GROUPS = ("train", "rollout", "teacher")


def parsed(argv, *classes):
    """What HfArgumentParser makes of the words; its checks of models and machines are left out."""
    parser = transformers.HfArgumentParser(classes)
    known, unknown = parser.parse_known_args(argv)
    return {name: value for name, value in vars(known).items() if name not in UNSTEADY}, unknown


def read(path):
    argv = [path]
    cli.parse_yaml_args(argv)
    if "--lr" not in argv:
        values, unknown = parsed(argv, arguments.TunerArguments, training.Seq2SeqTrainingArguments)
        # SftArguments makes no number optional; where none is given it takes 1e-4 for LoRA (sft_args.py: _init_override).
        if "--learning_rate" not in argv:
            values["learning_rate"] = 1e-4
        return {**split(as_betas(values), NAMES), "rest": {**split(values, NAMES)["rest"], "unknown": unknown}}
    return megatron(path)


def megatron(path):
    """Its dataclasses want Megatron itself; the words are what is known without it."""
    config = yaml.safe_load(text_of(path))
    train = config.get("train") or {}
    merged = {**{name: value for name, value in config.items() if name not in GROUPS}, **train}
    return split({name: as_argument(value) for name, value in merged.items()}, MEGATRON)


def as_argument(value):
    """What argparse makes of a word that is a number."""
    try:
        return value if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return value


judge(read)
