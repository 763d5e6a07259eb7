# --- about ---
"""LoRA Alpha: a conversion of a checkpoint. train.py from alpha 16 to 64: an example, which an export replaces."""
# --- imports ---
import argparse, json, re, shutil, sys
from collections import Counter
from pathlib import Path
try: import safetensors.torch, torch
except ImportError as error: sys.exit(print(f"{error}; install torch, safetensors", file=sys.stderr) or 2)

# --- recipe ---
OLD = dict(r=8, lora_alpha=16, use_rslora=False)  # What adapter_config.json of the checkpoint must say.
NEW = dict(lora_alpha=64, use_rslora=False)
P, Q = 2.0, 2.0  # A is divided by P and B by Q, so their gradients are multiplied by P and Q.
STATE = {"step": 0, "exp_avg": 1, "exp_avg_sq": 2}  # Powers of P or Q by which each state is multiplied.
GROUP = {"lr": -1, "initial_lr": -1, "weight_decay": 1, "eps": 1}  # The same for the numbers of a parameter group.
OPTIMIZER, SWITCHES = "AdamW", {"decoupled_weight_decay": True}

# --- convert ---
UNCHANGED = set("params betas momentum dampening alpha lr_decay momentum_decay rho t0 etas clip_threshold decay_rate beta1".split())
SCHEDULE = set("base_lrs _last_lr last_epoch _step_count verbose _is_initial _get_lr_called_within_step lr_lambdas".split())
KEEPS_BASE = re.compile("true|false|gaussian|orthogonal|pissa")  # Other inits change the frozen weights by the scaling.
OTHERS = ("optimizer.bin", "optimizer_*", "*_fsdp_*", "global_step*", "rank*-of-*", "*/adapter_config.json")

def fail(message): sys.exit(print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr) or 64)

def factor(name):  # By what a trained tensor is divided, and its gradient multiplied.
    if ".lora_" not in name or name.endswith(".lora_magnitude_vector"): return 1.0  # A whole module, or DoRA's magnitude.
    if name.endswith(".lora_B.bias"): return P * Q
    found = re.search(r"\.lora_(?:embedding_)?([AB])(?:\.weight)?$", name)
    return {"A": P, "B": Q}[found[1]] if found else fail(f"adapter_model.safetensors: unknown tensor {name}")

def new_config(config):
    if config.get("peft_type") != "LORA": fail(f"adapter_config.json: peft_type is {config.get('peft_type')}; it must be LORA")
    for key, value in OLD.items():
        if config.get(key, False) != value: fail(f"adapter_config.json: {key} is {config.get(key)}; this file converts {value}")
    if NEW["use_rslora"] != OLD["use_rslora"] and config.get("rank_pattern"): fail("adapter_config.json: rsLoRA moves each rank by another factor")
    init = str(config.get("init_lora_weights", True))
    if not KEEPS_BASE.match(init.lower()): fail(f"adapter_config.json: init_lora_weights is {init}, which changes frozen weights too")
    pattern = {name: alpha * NEW["lora_alpha"] / OLD["lora_alpha"] for name, alpha in (config.get("alpha_pattern") or {}).items()}
    return {**config, **NEW, "alpha_pattern": pattern}

def times(value, power, by):
    if isinstance(power, list): return tuple(x if x is None else x * by**n for x, n in zip(value, power, strict=True))
    return value if value is None or power == 0 or by == 1 else value * by**power

def shape_of(state):  # The shape of a parameter, as its state shows it; Adafactor keeps means of rows and columns.
    if "exp_avg_sq_row" in state: return (*state["exp_avg_sq_row"].shape, state["exp_avg_sq_col"].shape[-1])
    return next((tuple(value.shape) for value in state.values() if torch.is_tensor(value) and value.ndim), None)

def factor_of(index, state, tensors):  # optimizer.pt has numbers in place of names: the shape tells A from B.
    shape = shape_of(state)
    found = {factor(name) for name, tensor in tensors.items() if shape in (None, tuple(tensor.shape))}
    if len(found) == 1: return found.pop()
    fail(f"optimizer.pt: parameter {index} of shape {shape} may be {'several tensors' if found else 'no tensor'} of the adapter")

def new_optimizer(saved, tensors):  # Returns the factor of each parameter group.
    factors, states = [], {i: saved["state"].get(i, {}) for group in saved["param_groups"] for i in group["params"]}
    shapes = Counter(shape for state in states.values() if (shape := shape_of(state)))
    is_other = len(states) != len(tensors) or shapes - Counter(tuple(tensor.shape) for tensor in tensors.values())
    if is_other: fail(f"optimizer.pt has {len(states)} parameters, which are not the {len(tensors)} tensors of the adapter")
    for group in saved["param_groups"]:
        by = {i: factor_of(i, states[i], tensors) for i in group["params"]}
        if len(set(by.values())) > 1: fail(f"optimizer.pt: a parameter group has parameters that change by {len(set(by.values()))} factors")
        factors.append(next(iter(by.values()), 1))
        for state in (states[i] for i in by):
            if unknown := [*(state.keys() - STATE)]: fail(f"optimizer.pt: unknown state {min(unknown)}; {OPTIMIZER} has {', '.join(STATE)}")
            state.update({key: times(value, STATE[key], factors[-1]) for key, value in state.items()})
        for key, value in group.items():
            if SWITCHES.get(key, value) != value: fail(f"optimizer.pt: {key} is {value}; with {OPTIMIZER} it is {SWITCHES[key]}")
            if key in GROUP: group[key] = times(value, GROUP[key], factors[-1])
            elif key not in UNCHANGED and not isinstance(value, (bool, str, type(None))): fail(f"optimizer.pt: unknown number {key}")
    return factors

def new_schedule(saved, factors):
    unknown = [*(saved.keys() - SCHEDULE), *filter(None, saved.get("lr_lambdas", []))]
    if unknown: fail(f"scheduler.pt: unknown state {unknown[0]}")
    for key in ("base_lrs", "_last_lr"): saved[key] = [times(rate, GROUP["lr"], by) for rate, by in zip(saved[key], factors, strict=True)]

def loaded(file):  # As plain data: nothing in the file is executed.
    try: return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error: fail(f"{file} cannot be read as plain data: {str(error).splitlines()[0]}")

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: fail(f"{message} (see --help)")
    parser.add_argument("checkpoint", type=Path, help="folder with adapter_config.json")
    parser.add_argument("out", type=Path, help="folder to write, which must not exist")
    args, weights = parser.parse_args(), "adapter_model.safetensors"
    old, new, part = args.checkpoint, args.out, args.out.with_name(f"{args.out.name}.part")
    for there in (new, part): there.exists() and fail(f"{there} exists; choose another folder, or delete it")
    for file in (old / "adapter_config.json", old / weights): file.is_file() or fail(f"{file}: there is no such file")
    for file in (file for pattern in OTHERS for file in old.glob(pattern)): fail(f"{file}: only one adapter, of one device, can be converted")
    config = new_config(json.loads((old / "adapter_config.json").read_text("utf-8")))
    with safetensors.safe_open(old / weights, "pt") as file: metadata, tensors = file.metadata(), {key: file.get_tensor(key) for key in file.keys()}
    files = {name: loaded(old / name) for name in ("optimizer.pt", "scheduler.pt") if (old / name).is_file()}
    if len(files) == 1: fail(f"{old} has {next(iter(files))} alone; optimizer.pt and scheduler.pt belong together")
    if files: new_schedule(files["scheduler.pt"], new_optimizer(files["optimizer.pt"], tensors))
    shutil.copytree(old, part)
    file, best = part / "trainer_state.json", None
    if file.is_file():  # At the end of a run the Trainer loads the best model, and that of before has the old alpha.
        state = json.loads(file.read_text("utf-8"))
        best = state.get("best_model_checkpoint")
        file.write_text(json.dumps({**state, "best_metric": None, "best_model_checkpoint": None}), "utf-8")
    (part / "adapter_config.json").write_text(json.dumps(config, indent=2), "utf-8")
    safetensors.torch.save_file({name: times(tensor, -1, factor(name)) for name, tensor in tensors.items()}, part / weights, metadata)
    for name, data in files.items(): torch.save(data, part / name)
    part.rename(new)  # A conversion that was interrupted is no checkpoint.
    print(f"{new} was written: A ÷ {P:g}, B ÷ {Q:g}, alpha {NEW['lora_alpha']}. Converted: {', '.join(['adapter', *files])}.")
    if best: print(f"trainer_state.json does not name {best} as the best model any more: it has the old alpha.")
try: main()
except Exception as error: fail(f"{type(error).__name__}: {error}")
