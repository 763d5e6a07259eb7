"""LoRA by its shape: which modules hold a pair of factors, their scaling, what they learned, and what else trains."""

import gc
import hashlib
import re
import weakref

import torch

FACTOR, PARTNER = re.compile(r"(lora.*?)(A|a|down)"), {"A": "B", "a": "b", "down": "up"}
"""lora_A, lora_embedding_A (PEFT, loralib, litgpt), lora_a (torchtune), lora_down (kohya, LyCORIS, OneTrainer,
ai-toolkit), lora_gate_and_up_A (Automodel's experts). NeMo and early diffusers use common words, beside an alpha."""
COMMON, RANKS = {"linear_in": "linear_out", "down": "up"}, ("rank", "dim", "lora_dim", "r")
SCALINGS, ALPHAS = ("scaling", "scale"), ("alpha", "lora_alpha", "network_alpha")
WRAPPERS = re.compile(r"\b(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
PAIRS, INDEX, KINDS = {}, {}, set()
"""KINDS: names of modules' classes. INDEX, by id of a parameter: a weak reference to it, its role, name and pair."""

class Pair:
    """One adapter of one module. Factors are looked up anew each time: FSDP puts others in their place."""

    def __init__(self, module, names, adapter):
        self.module, self.names, self.adapter, self.name = module, names, adapter, None

    @property
    def factors(self):
        """A, B and the bias of B; None for what is not there."""
        a, b = (entries(self.module, name).get(self.adapter) for name in self.names)
        return tensor(a), tensor(b), getattr(b, "bias", None)

    def slot(self):
        """(holder, key, divisor): this pair is scaled by holder[key] / divisor, which is nan where it is not found."""
        own = vars(self.module)
        rank = next((own[name] for name in RANKS if is_number(own.get(name))), 1)
        for name in SCALINGS + ALPHAS:
            holder, key = own if name in own else self.module._buffers, name
            if isinstance(holder.get(key), dict):
                holder, key = holder[key], self.adapter
            if is_number(holder.get(key)):
                return holder, key, rank if name in ALPHAS else 1
        return {"": float("nan")}, "", 1

    def scaling(self):
        holder, key, divisor = self.slot()
        return float(holder[key]) / float(divisor)

    def matrices(self):
        """The factors as [.., r, in] and [.., out, r] in float64, whichever way the library keeps them."""
        a, b = (whole(p).to("cpu", torch.float64) for p in self.factors[:2])
        if a.ndim == b.ndim == 3 and b.shape[2] > 1:  # one matrix an expert, x·A·B
            return a.transpose(1, 2), b.transpose(1, 2)
        a, b = a.flatten(1), b.flatten(1)
        fits = a.shape[0] == b.shape[1] or (a.shape[1] != b.shape[0] and a.shape[0] % b.shape[1] == 0)
        return (a, b) if fits else (a.T, b.T)

    def sketch(self):
        """s·B·A·u for eight fixed random u. Each operation commutes with powers of two, so runs whose factors differ
        by powers of two have equal hashes. `norm` estimates that of ΔW; the root mean square of the difference of
        two runs' `values` that of the difference. Groups of r rows of A (litgpt's QKV) are summed."""
        (a, b), random = self.matrices(), torch.Generator().manual_seed(0)
        u = torch.randn(a.shape[-1], 8, generator=random, dtype=torch.float64)
        y = (b @ (a @ u).unflatten(-2, (-1, b.shape[-1])).sum(-3) * self.scaling()).flatten(0, -2) + 0.0
        values = torch.randn(len(y), generator=random, dtype=torch.float64).sign() @ y
        sha = hashlib.sha256(y.numpy().tobytes()).hexdigest()[:16]
        return {"norm": float(y.norm()) / 8**0.5, "values": values.tolist(), "sha": sha}

    def facts(self, held):
        """The module's entry in the recording; `held`: ids of the parameters that the optimizer steps."""
        (a, b), (p, q, bias), kind = self.matrices(), self.factors, class_path(self.module)
        dropout = entries(self.module, "lora_dropout" if hasattr(self.module, "lora_dropout") else "dropout")
        dropout = getattr(dropout.get(self.adapter), "p", dropout.get(self.adapter))
        trains = {role: x.requires_grad and id(x) in held for role, x in (("A", p), ("B", q))}
        dora = any("magnitude" in name or "dora_scale" in name for name, _ in self.module.named_parameters())
        return {
            **{"name": self.name, "adapter": self.adapter, "kind": kind, "rank": b.shape[-1], "trains": trains},
            **{"scaling": self.scaling(), "dtype": str(p.dtype)[6:], "dropout": dropout if is_number(dropout) else 0},
            **{"initA": {"std": a.std(), "max": a.abs().max()}, "initB": {"max": b.abs().max()}, "dora": dora},
            **{"bias": bias is not None, "embedding": "embedding" in f"{self.names[0]} {kind}".lower()},
        }

def class_path(thing):
    return f"{type(thing).__module__}.{type(thing).__qualname__}"

def whole(p):
    """Gathers a sharded parameter, on all ranks at once."""
    return (p.full_tensor() if hasattr(p, "full_tensor") else p).detach()

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
    """The pairs that this very module holds. Without names: two trained matrices, and nothing else trained, that
    agree in a dimension smaller than the others, beside a scaling or in a class called LoRA. B starts at zero."""
    named, members = [], {**module._modules, **module._parameters}
    for name, match in ((name, FACTOR.fullmatch(name)) for name in members):
        partner = match[1] + PARTNER[match[2]] if match else COMMON.get(name)
        if partner and (match or any(hasattr(module, alpha) for alpha in ALPHAS)):
            named += [Pair(module, (name, partner), adapter) for adapter in entries(module, name)]
    if named := [pair for pair in named if pair.factors[0] is not None and pair.factors[1] is not None]:
        return named
    held = {name: p for name, e in members.items() if (p := tensor(e)) is not None and p.requires_grad}
    beside = any(is_number(getattr(module, name, None)) for name in SCALINGS + ALPHAS)
    if not (beside or "lora" in type(module).__name__.lower()) or [p.ndim for p in held.values()] != [2, 2]:
        return []
    a, b = sorted(held, key=lambda name: not held[name].any())
    (x, y), (v, w) = held[a].shape, held[b].shape
    return [Pair(module, (a, b), "default")] if y == v < min(x, w) or x == w < min(y, v) else []

def look():
    """Indexes every parameter of every module that is alive: the factors of pairs first, then what is left."""
    modules = [m for m in gc.get_objects() if issubclass(type(m), torch.nn.Module) and "_modules" in vars(m)]
    KINDS.update(type(module).__name__ for module in modules)
    children, paths, found = {child for module in modules for child in module._modules.values()}, {}, []
    for path, module in (item for m in modules if m not in children for item in m.named_modules()):
        path = WRAPPERS.sub("", f"{path}.").strip(".")
        paths[module] = min(paths.get(module, path), path, key=lambda path: (len(path), path))
    for pair in (pair for module in paths for pair in pairs_of(module)):
        pair, path = PAIRS.setdefault((id(pair.module), *pair.names, pair.adapter), pair), paths[pair.module]
        same = sum((other.name, other.adapter) == (path, pair.adapter) for other in PAIRS.values())
        pair.name = pair.name or (f"{path}#{same}" if same else path)
        found += zip(pair.factors, ("A", "B", "bias"), (f"{path}.{name}" for name in (*pair.names, "bias")), [pair] * 3)
    for module, path in paths.items():
        for name, p in ((f"{path}.{name}".strip("."), p) for name, p in module._parameters.items()):
            role = "embedding" if isinstance(module, torch.nn.Embedding) else "other"
            found.append((p, "magnitude" if "magnitude" in name or "dora_scale" in name else role, name, None))
    new = [(id(p), (weakref.ref(p), *what)) for p, *what in reversed(found) if p is not None and not known(p)]
    INDEX.update(new)

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
