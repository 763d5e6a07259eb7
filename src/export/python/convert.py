# --- about ---
"""LoRA Alpha: a conversion of a checkpoint. train.py from alpha 16 to 64: an example, which an export replaces."""
# --- imports ---
import json, re, shutil, sys
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
SAME_BASE = "true|false|none|gaussian|orthogonal|pissa.*"  # Inits with which another alpha has the same frozen weights.
OTHERS = ("optimizer.bin", "optimizer_*", "*_fsdp_*", "global_step*", "rank*-of-*", "*/adapter_config.json")

def fail(message): sys.exit(print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr) or 64)
def loaded(file):  # As plain data: nothing in the file is executed.
    try: return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error: fail(f"{file} cannot be read as plain data: {str(error).splitlines()[0]}")
def times(value, power, by):
    if isinstance(power, list): return tuple(x if x is None else x * by**n for x, n in zip(value, power, strict=True))
    return value if value is None or power == 0 or by == 1 else value * by**power

def factor(name):  # By what a trained tensor is divided, and its gradient multiplied.
    if ".lora_" not in name or name.endswith(".lora_magnitude_vector"): return 1.0  # A whole module, or DoRA's magnitude.
    if name.endswith(".lora_B.bias"): return P * Q
    found = re.search(r"\.lora_(?:embedding_)?([AB])(?:\.weight)?$", name)
    return {"A": P, "B": Q}[found[1]] if found else fail(f"adapter_model.safetensors: unknown tensor {name}")

def new_config(config):
    if config.get("peft_type") != "LORA": fail(f"adapter_config.json: peft_type is {config.get('peft_type')}; it must be LORA")
    for key in OLD: config.get(key, False) == OLD[key] or fail(f"adapter_config.json: {key} is {config.get(key)}; this file converts {OLD[key]}")
    if NEW["use_rslora"] != OLD["use_rslora"] and config.get("rank_pattern"): fail("adapter_config.json: rsLoRA moves each rank by another factor")
    init = config.get("init_lora_weights", True)
    re.fullmatch(SAME_BASE, str(init).lower()) or fail(f"adapter_config.json: init_lora_weights is {init}, whose frozen weights may move with alpha")
    pattern = {name: alpha * NEW["lora_alpha"] / OLD["lora_alpha"] for name, alpha in (config.get("alpha_pattern") or {}).items()}
    return {**config, **NEW, "alpha_pattern": pattern}

def shape_of(state):  # The shape of a parameter, as its state shows it; Adafactor keeps means of rows and columns.
    if "exp_avg_sq_row" in state: return (*state["exp_avg_sq_row"].shape, state["exp_avg_sq_col"].shape[-1])
    return next((tuple(value.shape) for value in state.values() if torch.is_tensor(value) and value.ndim), None)

def factor_of(index, shape, tensors):  # optimizer.pt has numbers in place of names: the shape tells A from B.
    found = {factor(name) for name, tensor in tensors.items() if shape in (None, tuple(tensor.shape))}
    many = "several tensors" if found else "no tensor"
    return found.pop() if len(found) == 1 else fail(f"optimizer.pt: parameter {index} of shape {shape} may be {many} of the adapter")

def new_optimizer(saved, tensors):  # Returns the factor of each parameter group.
    factors, states = [], {i: saved["state"].get(i, {}) for group in saved["param_groups"] for i in group["params"]}
    others = Counter(filter(None, map(shape_of, states.values()))) - Counter(tuple(tensor.shape) for tensor in tensors.values())
    if others or len(states) != len(tensors): fail(f"optimizer.pt has {len(states)} parameters, which are not the {len(tensors)} tensors of the adapter")
    for group in saved["param_groups"]:
        by = {i: factor_of(i, shape_of(states[i]), tensors) for i in group["params"]}
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
    for unknown in (*(saved.keys() - SCHEDULE), *filter(None, saved.get("lr_lambdas", []))): fail(f"scheduler.pt: unknown state {unknown}")
    for key in ("base_lrs", "_last_lr"): saved[key] = [times(rate, GROUP["lr"], by) for rate, by in zip(saved[key], factors, strict=True)]

def main():
    if {"-h", "--help"} & {*sys.argv}: sys.exit(print(__doc__))
    if len(sys.argv) != 3: fail(f"{len(sys.argv) - 1} arguments; they must be two folders, the checkpoint and one to write, which must not exist")
    old, new, weights = Path(sys.argv[1]), Path(sys.argv[2]), "adapter_model.safetensors"
    part = new.with_name(f"{new.name}.part")  # Renamed at the end: half a conversion is no checkpoint.
    for there in (new, part): there.exists() and fail(f"{there} exists; choose another folder, or delete it")
    for file in (old / "adapter_config.json", old / weights): file.is_file() or fail(f"{file}: there is no such file")
    for file in (file for pattern in OTHERS for file in old.glob(pattern)): fail(f"{file}: only one adapter, of one device, can be converted")
    texts = {name: json.loads((old / name).read_text("utf-8")) for name in ("adapter_config.json", "trainer_state.json") if (old / name).is_file()}
    texts["adapter_config.json"], state = new_config(texts["adapter_config.json"]), texts.get("trainer_state.json", {})
    best = state.get("best_model_checkpoint")  # The Trainer would load it at the end, with factors of the old alpha.
    state.update({key: None for key in state if key.startswith("best_")})
    with safetensors.safe_open(old / weights, "pt") as file: metadata, tensors = file.metadata(), {key: file.get_tensor(key) for key in file.keys()}
    files = {name: loaded(old / name) for name in ("optimizer.pt", "scheduler.pt") if (old / name).is_file()}
    if len(files) == 1: fail(f"{old} has {next(iter(files))} alone; optimizer.pt and scheduler.pt belong together")
    if files: new_schedule(files["scheduler.pt"], new_optimizer(files["optimizer.pt"], tensors))
    shutil.copytree(old, part)
    for name, data in texts.items(): (part / name).write_text(json.dumps(data, indent=2), "utf-8")
    safetensors.torch.save_file({name: times(tensor, -1, factor(name)) for name, tensor in tensors.items()}, part / weights, metadata)
    for name, data in files.items(): torch.save(data, part / name)
    part.rename(new)
    print(f"{new} was written: A ÷ {P:g}, B ÷ {Q:g}, alpha {NEW['lora_alpha']}. Converted: {', '.join(['adapter', *files])}.")
    if best: print(f"Its trainer_state.json names no best model, as {best} has the old alpha: the best is chosen among later checkpoints.")
try: main()
except Exception as error: fail(f"{type(error).__name__}: {error}")
