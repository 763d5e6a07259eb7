"""LoRA by its shape: modules with a pair of factors, their scaling, what they learned."""

import hashlib
import re

import torch
from torch.utils.weak import WeakIdKeyDictionary

from .recording import NOISE, PLAN, RUN, refuse

FACTOR, PARTNER = re.compile(r"(lora.*?)(A|a|down)"), {"A": "B", "a": "b", "down": "up"}
"""lora_A, lora_embedding_A (PEFT, loralib, litgpt), lora_a (torchtune), lora_down (kohya, LyCORIS,
OneTrainer, ai-toolkit), lora_gate_and_up_A (Automodel's experts). NeMo and early diffusers use
common words, beside an alpha."""
COMMON, RANKS = {"linear_in": "linear_out", "down": "up"}, ("rank", "dim", "lora_dim", "r")
SCALINGS, ALPHAS = ("scaling", "scale"), ("alpha", "lora_alpha", "network_alpha")
MAGNITUDE = re.compile("magnitude|dora_scale")
WRAPPERS = re.compile(r"\b(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
MADE, INDEX, PAIRS = WeakIdKeyDictionary(), WeakIdKeyDictionary(), {}
"""MADE: all modules, as they were made. INDEX, by parameter: its role, name and pair."""
class_path = lambda thing: f"{type(thing).__module__}.{type(thing).__qualname__}"
held_by = lambda optimizer: [p for group in optimizer.param_groups for p in group["params"]]
pairs_in = lambda held: list(dict.fromkeys(pair for _, _, pair in described(held) if pair))
whole = lambda p: (p.full_tensor() if hasattr(p, "full_tensor") else p).detach()  # on all ranks
weight_of = lambda entry: entry.weight if hasattr(entry, "weight") else entry
norm_of = lambda p: float(whole(p).double().norm())
is_number = lambda x: isinstance(x, (int, float)) or torch.is_tensor(x) and x.numel() == 1


class Pair:
    """One adapter of one module. Factors are looked up each time: FSDP replaces them."""

    def __init__(self, module, names, adapter):
        self.module, self.names, self.adapter = module, names, adapter
        self.size, self.steps = None, RUN["steps"]

    def get(self, name):
        held = entries(self.module, name)
        return held.get(self.adapter, held.get("default"))

    @property
    def factors(self):
        """A, B and the bias of B; None for what is not there."""
        a, b = map(self.get, self.names)
        return weight_of(a), weight_of(b), getattr(b, "bias", None)

    @property
    def scaling(self):
        """What stands in front of B·A, or alpha over the rank."""
        of = lambda *names: [float(x) for x in map(self.get, names) if is_number(x)]
        scaling, alpha, rank = of(*SCALINGS), of(*ALPHAS), of(*RANKS) + [1]
        return (scaling + [x / rank[0] for x in alpha] + [float("nan")])[0]

    @torch.no_grad()
    def move(self):
        """As the plan or a control says, once. The mark is the module's: copies keep it."""
        (a, b, bias), marks = self.factors, vars(self.module).setdefault("_lora_alpha_moved", [])
        if (self.names, self.adapter) in marks or a.is_meta:
            return
        if PLAN:
            self.scaling > 0 or refuse(f"{self.name} has no scaling.")
            for name in SCALINGS + ALPHAS:  # PEFT's `set_scale` makes the scaling from its alpha
                held = getattr(self.module, name, None)
                if isinstance(held, dict):
                    held[self.adapter] = held[self.adapter] * PLAN["k"]
                elif is_number(held) and not marks:  # kohya's Flux has one for several pairs
                    setattr(self.module, name, held * PLAN["k"])
            for p, factor in ((a, PLAN["A"]), (b, PLAN["B"]), (bias, PLAN["k"])):
                if p is not None and not hasattr(p, "_lora_alpha_moved"):  # modules may share one
                    p.div_(factor)._lora_alpha_moved = True
        if NOISE:  # each element by one unit in the last place of its type, or of autocast's
            p, dtype = a if whole(a).any() else b, NOISE.get("dtype") or str(a.dtype)[6:]
            p = p.to_local() if hasattr(p, "to_local") else p
            draw = torch.rand(p.shape, generator=torch.Generator().manual_seed(NOISE["seed"]))
            by = (draw - 0.5).sign().double() * 0.51 * torch.finfo(getattr(torch, dtype)).eps
            p.copy_(p.double() * (1 + by.to(p.device)))
        marks.append((self.names, self.adapter))
        self.size = norm_of(a)

    def is_late(self):
        """Found after the first step, or no longer as a plan has left it: loaded, drawn anew."""
        norm = norm_of(self.factors[0]) if PLAN else 0
        return self.steps > 0 or PLAN and not abs(norm - (self.size or 0)) <= 0.01 * norm

    def matrices(self):
        """The factors as [.., r, in] and [.., out, r] in float64, however they are kept."""
        a, b = (whole(p).to("cpu", torch.float64) for p in self.factors[:2])
        if a.ndim == b.ndim == 3 and b.shape[2] > 1:  # one matrix an expert, x·A·B
            return a.transpose(1, 2), b.transpose(1, 2)
        a, b = a.flatten(1), b.flatten(1)
        (x, y), (v, w) = a.shape, b.shape
        return (a, b) if x == w or (y != v and x % w == 0) else (a.T, b.T)

    def sketch(self):
        """s·B·A·u for eight fixed random u. Each operation commutes with powers of two, so runs
        whose factors differ by powers of two have equal hashes. `norm` estimates that of ΔW; the
        root mean square of the difference of two runs' `values` that of the difference. Groups of
        r rows of A (litgpt's QKV) are summed."""
        (a, b), random = self.matrices(), torch.Generator().manual_seed(0)
        u = torch.randn(a.shape[-1], 8, generator=random, dtype=torch.float64)
        y = b @ (a @ u).unflatten(-2, (-1, b.shape[-1])).sum(-3) * self.scaling
        y = y.flatten(0, -2) + 0.0
        signs = torch.randn(len(y), generator=random, dtype=torch.float64).sign()
        sha = hashlib.sha256(y.numpy().tobytes()).hexdigest()[:16]
        return {"norm": float(y.norm()) / 8**0.5, "values": (signs @ y).tolist(), "sha": sha}

    def facts(self, held):
        """The module's entry in the recording; `held`: ids of the parameters that are stepped."""
        (a, b), (p, q, bias), kind = self.matrices(), self.factors, class_path(self.module)
        drops = [getattr(drop, "p", drop) for drop in map(self.get, ("lora_dropout", "dropout"))]
        return {
            **{"name": self.name, "adapter": self.adapter, "kind": kind, "rank": b.shape[-1]},
            **{"scaling": self.scaling, "dtype": str(p.dtype)[6:], "bias": bias is not None},
            **{"initA": {"std": a.std(), "max": a.abs().max()}, "initB": {"max": b.abs().max()}},
            "dora": any(MAGNITUDE.search(name) for name, _ in self.module.named_parameters()),
            "dropout": [*filter(is_number, drops), 0][0],
            "embedding": "embedding" in f"{self.names[0]} {kind}".lower(),
            "trains": {n: x.requires_grad and id(x) in held for n, x in (("A", p), ("B", q))},
        }


def entries(module, name):
    """By adapter: PEFT keeps a dictionary, kohya's Flux a list, others one module or parameter."""
    held = getattr(module, name, None)
    parts = held._modules if isinstance(held, torch.nn.ModuleList) else held
    return dict(parts.items()) if hasattr(parts, "items") else {"default": held}


def pairs_of(module):
    """The pairs that this very module holds. Without names: two trained matrices, and nothing
    else trained, that agree in a dimension smaller than the others, beside a scaling or in a class
    called LoRA. B starts at zero."""
    members, found = {**module._modules, **module._parameters}, []
    for name in members:
        match = FACTOR.fullmatch(name)
        partner = match[1] + PARTNER[match[2]] if match else COMMON.get(name)
        if partner and (match or any(hasattr(module, alpha) for alpha in ALPHAS)):
            found += [Pair(module, (name, partner), adapter) for adapter in entries(module, name)]
    if found := [pair for pair in found if all(map(torch.is_tensor, pair.factors[:2]))]:
        return found
    weights = {name: weight_of(entry) for name, entry in members.items()}
    trained = {name: p for name, p in weights.items() if getattr(p, "requires_grad", False)}
    if [p.ndim for p in trained.values()] != [2, 2]:
        return []
    pair = Pair(module, sorted(trained, key=lambda name: not trained[name].any()), "default")
    (x, y), (v, w) = (trained[name].shape for name in pair.names)
    is_lora = pair.scaling > 0 or "lora" in type(module).__name__.lower()
    return [pair] if is_lora and (y == v < min(x, w) or x == w < min(y, v)) else []


def look():
    """Indexes every parameter of every module that is alive: the factors of pairs first."""
    modules, paths = list(MADE), {}
    children = {child for module in modules for child in module._modules.values()}
    for path, module in (item for m in modules if m not in children for item in m.named_modules()):
        paths.setdefault(module, WRAPPERS.sub("", f"{path}.").strip("."))
    for pair in (pair for module in paths for pair in pairs_of(module)):
        path, key = paths[pair.module], (id(pair.module), *pair.names, pair.adapter)
        pair.name = f"{path}#{len(PAIRS)}" if (path, pair.adapter) in PAIRS else path
        pair = PAIRS.setdefault(key, pair)
        PAIRS.setdefault((path, pair.adapter), pair)
        for p, role, name in zip(pair.factors, ("A", "B", "bias"), (*pair.names, "bias")):
            p is None or INDEX.setdefault(p, (role, f"{path}.{name}", pair))
    for module, path in paths.items():
        usual = "embedding" if isinstance(module, torch.nn.Embedding) else "other"
        for name, p in module._parameters.items():
            role = "magnitude" if MAGNITUDE.search(name) else usual
            p is None or INDEX.setdefault(p, (role, f"{path}.{name}".strip("."), None))
    return {type(module).__name__ for module in modules}


def described(params):
    """(role, name, pair) of each parameter; looks around when one of them is new."""
    if not all(p in INDEX for p in params):
        look()
    return [INDEX.setdefault(p, ("other", "?", None)) for p in params]
