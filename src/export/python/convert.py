# ruff: noqa: F821 (conversion.ts writes OLD, NEW, P, Q, STATE and the like)
# --- imports ---
import json
import re
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the conversion at once.


# --- options ---
def fail(message):
    print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr)
    sys.exit(64)


if {"-h", "--help"} & {*sys.argv}:
    sys.exit(print(__doc__))
if len(sys.argv) != 3:
    fail("two folders are needed: the checkpoint, and one to write, which must not exist")
try:
    import safetensors.torch
    import torch
except ImportError as error:
    print(f"{error}; install torch, safetensors", file=sys.stderr)
    sys.exit(2)

# --- convert ---
UNCHANGED = set("params betas momentum dampening alpha lr_decay momentum_decay rho t0 etas".split())
UNCHANGED |= set("clip_threshold decay_rate beta1".split())
SCHEDULE = set("base_lrs _last_lr last_epoch _step_count verbose _is_initial lr_lambdas".split())
SCHEDULE |= {"_get_lr_called_within_step"}
# Inits with which another alpha has the same frozen weights.
SAME_BASE = "true|false|none|gaussian|orthogonal|pissa.*"
# Of several devices, or of several adapters.
OTHERS = ["optimizer.bin", "optimizer_*", "*_fsdp_*", "global_step*", "rank*-of-*"]
OTHERS += ["*/adapter_config.json"]


def loaded(file):
    """As plain data: nothing in the file is executed."""
    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        fail(f"{file} cannot be read as plain data: {str(error).splitlines()[0]}")


def times(value, power, by):
    if isinstance(power, list):
        return tuple(x if x is None else x * by**n for x, n in zip(value, power, strict=True))
    return value if value is None or power == 0 or by == 1 else value * by**power


def factor(name):
    """By what a trained tensor is divided, and its gradient multiplied."""
    if ".lora_" not in name or name.endswith(".lora_magnitude_vector"):
        return 1.0  # A whole module, or DoRA's magnitude.
    if name.endswith(".lora_B.bias"):
        return P * Q
    found = re.search(r"\.lora_(?:embedding_)?([AB])(?:\.weight)?$", name)
    if not found:
        fail(f"adapter_model.safetensors: unknown tensor {name}")
    return {"A": P, "B": Q}[found[1]]


def new_config(config):
    file = "adapter_config.json"
    if config.get("peft_type") != "LORA":
        fail(f"{file}: peft_type is {config.get('peft_type')}; it must be LORA")
    for key, value in OLD.items():
        if config.get(key, False) != value:
            fail(f"{file}: {key} is {config.get(key)}; this file converts {value}")
    if NEW["use_rslora"] != OLD["use_rslora"] and config.get("rank_pattern"):
        fail(f"{file}: rsLoRA moves each rank by another factor")
    init = config.get("init_lora_weights", True)
    if not re.fullmatch(SAME_BASE, str(init).lower()):
        why = "whose frozen weights may move with alpha"
        fail(f"{file}: init_lora_weights is {init}, {why}")
    by = NEW["lora_alpha"] / OLD["lora_alpha"]
    pattern = {name: alpha * by for name, alpha in (config.get("alpha_pattern") or {}).items()}
    return {**config, **NEW, "alpha_pattern": pattern}


def shape_of(state):
    """The shape of a parameter, by its state; Adafactor keeps means of rows and columns."""
    if "exp_avg_sq_row" in state:
        return (*state["exp_avg_sq_row"].shape, state["exp_avg_sq_col"].shape[-1])
    tensors = (value for value in state.values() if torch.is_tensor(value) and value.ndim)
    return next((tuple(tensor.shape) for tensor in tensors), None)


def factor_of(index, shape, tensors):
    """optimizer.pt has numbers in place of names: the shape tells A from B."""
    fits = [name for name, tensor in tensors.items() if shape in (None, tuple(tensor.shape))]
    found = {factor(name) for name in fits}
    if len(found) != 1:
        many = "several tensors" if found else "no tensor"
        fail(f"optimizer.pt: parameter {index} of shape {shape} may be {many} of the adapter")
    return found.pop()


def new_optimizer(saved, tensors):
    """The factor of each parameter group, whose numbers and states are changed in place."""
    file, factors, groups = "optimizer.pt", [], saved["param_groups"]
    states = {i: saved["state"].get(i, {}) for group in groups for i in group["params"]}
    shapes = Counter(filter(None, map(shape_of, states.values())))
    others = shapes - Counter(tuple(tensor.shape) for tensor in tensors.values())
    if others or len(states) != len(tensors):
        which = f"which are not the {len(tensors)} tensors of the adapter"
        fail(f"{file} has {len(states)} parameters, {which}")
    for group in groups:
        by = {i: factor_of(i, shape_of(states[i]), tensors) for i in group["params"]}
        count = len(set(by.values()))
        if count > 1:
            fail(f"{file}: a parameter group has parameters that change by {count} factors")
        factors.append(next(iter(by.values()), 1))
        for state in (states[i] for i in by):
            if unknown := state.keys() - STATE:
                known = f"{OPTIMIZER} has {', '.join(STATE)}"
                fail(f"{file}: unknown state {min(unknown)}; {known}")
            for key, value in state.items():
                state[key] = times(value, STATE[key], factors[-1])
        for key, value in group.items():
            if SWITCHES.get(key, value) != value:
                fail(f"{file}: {key} is {value}; with {OPTIMIZER} it is {SWITCHES[key]}")
            if key in GROUP:
                group[key] = times(value, GROUP[key], factors[-1])
            elif key not in UNCHANGED and not isinstance(value, (bool, str, type(None))):
                fail(f"{file}: unknown number {key}")
    return factors


def new_schedule(saved, factors):
    for unknown in (*(saved.keys() - SCHEDULE), *filter(None, saved.get("lr_lambdas", []))):
        fail(f"scheduler.pt: unknown state {unknown}")
    for key in ("base_lrs", "_last_lr"):
        both = zip(saved[key], factors, strict=True)
        saved[key] = [times(rate, GROUP["lr"], by) for rate, by in both]


def assert_convertible(old, new, part):
    for there in (new, part):
        if there.exists():
            fail(f"{there} exists; choose another folder, or delete it")
    for file in (old / "adapter_config.json", old / WEIGHTS):
        if not file.is_file():
            fail(f"{file}: there is no such file")
    for file in (file for pattern in OTHERS for file in old.glob(pattern)):
        fail(f"{file}: only one adapter, of one device, can be converted")


WEIGHTS = "adapter_model.safetensors"


def main():
    old, new = Path(sys.argv[1]), Path(sys.argv[2])
    part = new.with_name(f"{new.name}.part")  # Renamed at the end: half of it is no checkpoint.
    assert_convertible(old, new, part)
    names = ("adapter_config.json", "trainer_state.json")
    found = [name for name in names if (old / name).is_file()]
    texts = {name: json.loads((old / name).read_text("utf-8")) for name in found}
    texts["adapter_config.json"] = new_config(texts["adapter_config.json"])
    # The Trainer would load the best model at the end, with factors of the old alpha.
    state = texts.get("trainer_state.json", {})
    best = state.get("best_model_checkpoint")
    state.update({key: None for key in state if key.startswith("best_")})
    with safetensors.safe_open(old / WEIGHTS, "pt") as file:
        metadata, tensors = file.metadata(), {key: file.get_tensor(key) for key in file.keys()}
    found = [name for name in ("optimizer.pt", "scheduler.pt") if (old / name).is_file()]
    files = {name: loaded(old / name) for name in found}
    if len(files) == 1:
        fail(f"{old} has {found[0]} alone; optimizer.pt and scheduler.pt belong together")
    if files:
        new_schedule(files["scheduler.pt"], new_optimizer(files["optimizer.pt"], tensors))
    shutil.copytree(old, part)
    for name, data in texts.items():
        (part / name).write_text(json.dumps(data, indent=2), "utf-8")
    moved = {name: times(tensor, -1, factor(name)) for name, tensor in tensors.items()}
    safetensors.torch.save_file(moved, part / WEIGHTS, metadata)
    for name, data in files.items():
        torch.save(data, part / name)
    part.rename(new)
    print(f"{new} was written: A ÷ {P:g}, B ÷ {Q:g}, alpha {NEW['lora_alpha']}.")
    print(f"Converted: {', '.join(['adapter', *files])}.")
    if best:
        print(f"Its trainer_state.json names no best model, as {best} has the old alpha:")
        print("the best is chosen among later checkpoints.")


try:
    main()
except Exception as error:
    fail(f"{type(error).__name__}: {error}")
