"""The defaults of the config classes of transformers and TRL, each made empty.

    python test/judges/defaults.py      # {"trl.experimental.sdpo.SDPOConfig": {"learningRate": 5e-05, …}, …}
"""

import dataclasses
import importlib
import inspect
import json
import pkgutil
import warnings

from judging import HUGGING_FACE, _verdicts, as_betas, named, need

OURS = {**HUGGING_FACE, "optim": "optimizer", "lr_scheduler_type": "scheduler", "betas": "betas", "fp16": "fp16"}


def modules(package):
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "config" in found.name.rpartition(".")[2] or found.ispkg:
            try:
                yield importlib.import_module(found.name)
            except Exception:  # noqa: BLE001 - it needs a package that is not there
                continue


def defaults(kind):
    """The values that it has after its own checks; it may ask for a GPU, and stop."""
    fields = {field.name: field.default for field in dataclasses.fields(kind)}
    try:
        values = vars(kind(output_dir="out", use_cpu=True))
    except Exception:  # noqa: BLE001 - without one of its other arguments
        values = fields
    values = as_betas({name: getattr(value, "value", value) for name, value in {**fields, **values}.items()})
    return named(dict(values), OURS)


transformers, trl = need("transformers", "trl")
warnings.simplefilter("ignore")
classes = {
    f"{kind.__module__}.{kind.__qualname__}": kind
    for module in [transformers.training_args, transformers.training_args_seq2seq, *modules(trl)]
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, transformers.TrainingArguments) and not kind.__name__.startswith("_")
}
print(json.dumps({path: defaults(kind) for path, kind in sorted(classes.items())}, default=str), file=_verdicts, flush=True)
