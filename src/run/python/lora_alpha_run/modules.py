"""LoRA by its shape: the modules that hold a pair of factors, where their scaling is, and what each parameter is."""

import gc
import re
import weakref
from dataclasses import dataclass
from typing import Any

import torch

FACTOR = re.compile(r"(lora.*?)(A|a|down)")
"""lora_A, lora_embedding_A (PEFT, loralib, litgpt), lora_a (torchtune), lora_down (kohya, LyCORIS, OneTrainer,
ai-toolkit), lora_gate_and_up_A (Automodel's experts)."""
PARTNER = {"A": "B", "a": "b", "down": "up"}
BESIDE_ALPHA = {"linear_in": "linear_out", "down": "up"}
"""NeMo and early diffusers: others use these words too, so an alpha must stand beside them."""
SCALINGS, ALPHAS = ("scaling", "scale"), ("alpha", "lora_alpha", "network_alpha")
RANKS = ("rank", "dim", "lora_dim", "r")
WRAPPERS = re.compile(r"\b(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
PAIRS: dict[tuple, "Pair"] = {}
INDEX: dict[int, tuple] = {}
"""By id of a parameter: a weak reference to it, its role, its name and its pair."""


@dataclass(eq=False)
class Pair:
    """One adapter of one module. Factors are looked up anew each time: FSDP puts others in their place."""

    module: Any
    names: tuple[str, str]
    adapter: str
    name: str = ""

    @property
    def factors(self):
        return [tensor(entries(self.module, name).get(self.adapter)) for name in self.names]

    @property
    def bias(self):
        return getattr(entries(self.module, self.names[1])[self.adapter], "bias", None)

    def slot(self):
        """(holder, key, divisor): this pair is scaled by holder[key] / divisor. None if there is no such number."""
        rank = next((r for r in (getattr(self.module, name, None) for name in RANKS) if is_number(r)), 1)
        for name in SCALINGS + ALPHAS:
            value, divisor = getattr(self.module, name, None), rank if name in ALPHAS else 1
            if isinstance(value, dict) and self.adapter in value:
                return value, self.adapter, divisor
            if is_number(value) and not isinstance(getattr(type(self.module), name, None), property):
                return self.module.__dict__ if name in self.module.__dict__ else self.module._buffers, name, divisor
        return None

    @property
    def scaling(self):
        holder, key, divisor = self.slot() or ({1: float("nan")}, 1, 1)
        return float(holder[key]) / float(divisor)


def is_number(value):
    return isinstance(value, (int, float)) or isinstance(value, torch.Tensor) and value.numel() == 1


def tensor(entry):
    found = getattr(entry, "weight", None) if isinstance(entry, torch.nn.Module) else entry
    return found if isinstance(found, torch.Tensor) else None


def entries(module, name):
    """By adapter: PEFT keeps a dictionary, kohya's Flux a list, others one module or parameter."""
    held = getattr(module, name, None)
    if isinstance(held, (torch.nn.ModuleDict, torch.nn.ParameterDict)):
        return dict(held.items())
    return {str(i): m for i, m in enumerate(held)} if isinstance(held, torch.nn.ModuleList) else {"default": held}


def pairs_of(module):
    """The pairs that this very module holds."""
    found = []
    for name in [*module._modules, *module._parameters]:
        match = FACTOR.fullmatch(name)
        partner = match[1] + PARTNER[match[2]] if match else BESIDE_ALPHA.get(name)
        if partner and (match or any(hasattr(module, alpha) for alpha in ALPHAS)):
            found += [Pair(module, (name, partner), adapter) for adapter in entries(module, name)]
    return [pair for pair in found if all(p is not None for p in pair.factors)] or home_made(module)


def home_made(module):
    """Two trained matrices, and nothing else trained, that agree in a dimension smaller than the others, beside a
    scaling or in a class called LoRA. B is the one that starts at zero."""
    held = {name: tensor(entry) for name, entry in [*module._parameters.items(), *module._modules.items()]}
    held = {name: p for name, p in held.items() if p is not None and p.requires_grad}
    beside = any(is_number(getattr(module, name, None)) for name in SCALINGS + ALPHAS)
    if len(held) != 2 or not (beside or "lora" in type(module).__name__.lower()):
        return []
    a, b = sorted(held, key=lambda name: not held[name].any())
    (x, y), (v, w) = ([*held[name].shape, 0][:2] for name in (a, b))
    small = (y == v and y < min(x, w)) or (x == w and x < min(y, v))
    return [Pair(module, (a, b), "default")] if small and held[a].ndim == held[b].ndim == 2 else []


def look():
    """Indexes every parameter of every module that is alive: the factors of pairs first, then what is left."""
    modules = [m for m in gc.get_objects() if issubclass(type(m), torch.nn.Module) and "_modules" in m.__dict__]
    children = {id(child) for module in modules for child in module._modules.values()}
    paths = {}
    for path, module in (item for m in modules if id(m) not in children for item in m.named_modules()):
        paths.setdefault(module, []).append(WRAPPERS.sub("", f"{path}.").strip("."))
    paths = {module: min(names, key=lambda name: (len(name), name)) for module, names in paths.items()}
    for module, path in paths.items():
        for pair in pairs_of(module):
            pair = PAIRS.setdefault((id(module), *pair.names, pair.adapter), pair)
            same = sum(other.name == path and other.adapter == pair.adapter for other in PAIRS.values())
            pair.name = pair.name or (f"{path}#{same}" if same else path)
            for role, name, p in zip(("A", "B", "bias"), (*pair.names, "bias"), (*pair.factors, pair.bias)):
                index(p, role, f"{path}.{name}", pair)
    for module, path in paths.items():
        for name, p in module._parameters.items():
            magnitude = "magnitude" in f"{path}.{name}" or "dora_scale" in name
            kind = "embedding" if isinstance(module, torch.nn.Embedding) else "other"
            index(p, "magnitude" if magnitude else kind, f"{path}.{name}", None)


def index(p, *what):
    if p is not None and not known(p):
        INDEX[id(p)] = weakref.ref(p), *what


def known(p):
    return id(p) in INDEX and INDEX[id(p)][0]() is p


def described(params):
    """(role, name, pair) of each parameter; looks around when one of them is new."""
    if not all(map(known, params)):
        look()
    return [INDEX[id(p)][1:] if known(p) else ("other", "?", None) for p in params]


def pairs_held(optimizer):
    """The pairs of which this optimizer steps a factor, in its order."""
    params = [p for group in optimizer.param_groups for p in group["params"]]
    return list(dict.fromkeys(pair for _, _, pair in described(params) if pair))
