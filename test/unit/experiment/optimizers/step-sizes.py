"""Makes step-sizes.json: short LoRA runs with optimizers that find the size of their steps themselves, as published.

    python3.11 -m venv VENV
    VENV/bin/pip install torch==2.13.0 transformers==5.24.0 lion-pytorch==0.2.5 prodigyopt==1.1.2 dadaptation==3.2
    VENV/bin/pip install --no-deps came-pytorch==0.1.3 lomo-optim==0.1.1 sophia-opt==0.2.2 timm==1.0.31
    VENV/bin/pip install --no-deps bitsandbytes==0.50.2 optimum-quanto==0.2.7 && git clone https://github.com/ostris/ai-toolkit
    VENV/bin/python test/unit/experiment/optimizers/step-sizes.py ai-toolkit

The layer is in layer.py.
"""

import importlib
import logging
import sys
import types
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import dadaptation
import torch
from bitsandbytes.backends.default import ops as bitsandbytes_kernels
from came_pytorch import CAME
from dadaptation.experimental import DAdaptAdamPreprint, DAdaptAdanIP
from layer import Case, drawn, write
from lion_pytorch import Lion
from lomo_optim import AdaLomo
from prodigyopt import Prodigy
from sophia_opt import SophiaG
from transformers.optimization import Adafactor

def without_its_package(name: str):
    """A module of a package whose start would load far more than its optimizers."""
    parts = name.split(".")
    for depth in range(1, len(parts)):
        package = ".".join(parts[:depth])
        if package not in sys.modules:
            found = types.ModuleType(package)
            found.__path__ = [str(path) for folder in sys.path if (path := Path(folder, *parts[:depth])).is_dir()]
            sys.modules[package] = found
    return importlib.import_module(name)


class SophiaEveryStep(SophiaG):
    """SophiaG with its estimate of the Hessian renewed at every step."""

    def step(self):
        self.update_hessian()
        super().step(bs=1)


class FusedAdaLomo(torch.optim.Optimizer):
    """AdaLomo, which steps inside its own backward pass."""

    def __init__(self, groups, **settings):
        super().__init__(groups, {})
        model = torch.nn.ParameterList(p for group in groups for p in group["params"])
        numbers = {name: value for name, value in groups[0].items() if name != "params"}
        original = torch.Tensor.cuda
        torch.Tensor.cuda = lambda self, *_, **__: self
        try:
            self.lomo = AdaLomo(model, **numbers)
        finally:
            torch.Tensor.cuda = original

    def fused_step(self, loss):
        self.lomo.fused_backward(loss, self.param_groups[0]["lr"])


class OfKernel(torch.optim.Optimizer):
    """LAMB or LARS of bitsandbytes: its kernels in PyTorch, which are its CUDA kernels line by line but for the place of the decay."""

    IDS = {"lamb": bitsandbytes_kernels.ADAM, "lars": bitsandbytes_kernels.MOMENTUM}

    def __init__(self, groups, name, betas):
        super().__init__(groups, {"eps": 0.0})
        self.betas, self.id, self.count = betas, self.IDS[name], 0

    @torch.no_grad()
    def step(self):
        self.count += 1
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state.update(one=torch.zeros_like(p), two=torch.zeros_like(p))
                norm, weights = torch.zeros(1), torch.norm(p)
                numbers = (group["eps"], group["weight_decay"], self.count, group["lr"], 1.0, self.id)
                bitsandbytes_kernels._optimizer_precondition_32bit(
                    p.grad, p, state["one"], state["two"], norm, *self.betas, *numbers)
                bitsandbytes_kernels._optimizer_update_32bit(
                    p.grad, p, state["one"], state["two"], norm, group["max_unorm"], weights, *self.betas, 0.0, 0.0, *numbers)


class InOneGroup:
    """For classes that share one distance: A and B are a group, and its start is the class's."""

    def __init__(self, make):
        self.make = make

    def __call__(self, groups):
        numbers = dict(groups[0])
        d0 = numbers.pop("d0")
        return self.make([{**numbers, "params": [p for group in groups for p in group["params"]]}], d0=d0)


def automagic(folder: Path, name: str, **settings):
    """An optimizer of ai-toolkit, by its file."""
    sys.path.insert(0, str(folder))
    module = without_its_package(f"toolkit.optimizers.{name.lower()}")
    # Automagic has its bounds and its start for all groups alike.
    return lambda groups: getattr(module, name)([p for group in groups for p in group["params"]], **settings)


lamb, lars = without_its_package("timm.optim.lamb").Lamb, without_its_package("timm.optim.lars").Lars
toolkit = Path(sys.argv[1])

D = {"weight_decay": 0.5}
E = {"eps": 1e-3}
COSINE, LINEAR = ("cosine", 3), ("linear", 2)
RMS = {"eps": (1e-2, 0.05)}
MAGIC = {"lr": 9e-4, "min_lr": 7e-4, "max_lr": 3e-3, "weight_decay": 0.5, "eps": 1e-4}

LOW = {"lr": 1e-3, "min_lr": 5e-3, "max_lr": 0.03, "weight_decay": 0.5, "eps": 1e-4}


def hf(scale, relative, **more):
    ways = {"scale_parameter": scale, "relative_step": relative, **more}
    return lambda groups: (
        Adafactor(groups, lr=None, **{**ways, "relative_step": True}) if relative else Adafactor(groups, lr=1.0, **ways)
    )


# id -> row, make, numbers of each factor, betas, momentum, options in the product's words, schedule
TABLE = {
    "lion": ("lion", lambda g: Lion(g, betas=(0.8, 0.95)), {"lr": 0.01, **D}, (0.8, 0.95), 0, {}, COSINE),
    "sophia": ("sophia", lambda g: SophiaEveryStep(g, betas=(0.9, 0.95)), {"lr": 0.03, "rho": 20.0, **D},
               (0.9, 0.95), 0, {}, COSINE),
    "adafactor": ("adafactor-hf", hf(False, False), {"lr": 0.02, "eps": (1e-3, 0), **D}, None, 0, {}, COSINE),
    "adafactor-mean": ("adafactor-hf", hf(False, False, beta1=0.7, clip_threshold=0.6, decay_rate=-0.6),
                       {"lr": 0.02, "eps": (1e-3, 0), **D}, None, 0,
                       {"beta1": 0.7, "clipThreshold": 0.6, "decayRate": -0.6}, LINEAR),
    "adafactor-scale": ("adafactor-hf-scale", hf(True, False), {"lr": 0.1, **RMS, **D}, None, 0, {}, COSINE),
    "adafactor-relative": ("adafactor-hf-relative", hf(False, True), {"eps": (1e-3, 0), **D}, None, 0, {}, None),
    "adafactor-warm-up": ("adafactor-hf-relative", hf(False, True, warmup_init=True), {"eps": (1e-2, 0), "weight_decay": 30.0},
                          None, 0, {"warmupInit": 1}, None),
    "adafactor-scale-relative": ("adafactor-hf-scale-relative", hf(True, True), {**RMS, **D}, None, 0, {}, None),
    "adafactor-torch": ("adafactor-torch", lambda g: torch.optim.Adafactor(g, d=1.05, beta2_decay=-0.7, foreach=False),
                        {"lr": 0.4, "eps": (0.1, 0.05), **D}, None, 0,
                        {"clipThreshold": 1.05, "decayRate": -0.7}, COSINE),
    "came": ("came", lambda g: CAME([{**group, "eps": (group["eps"], 1e-3)} for group in g], lr=1, betas=(0.8, 0.95, 0.98), clip_threshold=0.7),
             {"lr": 0.02, "eps": 1e-2, **D}, (0.8, 0.95), 0,
             {"beta3": 0.98, "clipThreshold": 0.7, "epsInstability": 1e-3}, COSINE),
    "adalomo": ("adalomo", FusedAdaLomo, {"lr": 0.1, **RMS, **D}, None, 0, {}, COSINE),
    "lamb": ("lamb", lambda g: lamb(g, betas=(0.8, 0.95), max_grad_norm=None, always_adapt=True, foreach=False),
             {"lr": 0.03, **E, **D}, (0.8, 0.95), 0, {}, COSINE),
    "lars": ("lars", lambda g: lars(g, lr=1, momentum=0.7, trust_coeff=0.02, always_adapt=True, foreach=False),
             {"lr": 0.4, **E, **D}, None, 0.7, {"trust": 0.02}, None),
    "bnb-lamb": ("bnb-lamb", lambda g: OfKernel(g, "lamb", (0.8, 0.95)), {"lr": 0.05, "max_unorm": 0.3, **E, **D},
                 (0.8, 0.95), 0, {}, COSINE),
    "bnb-lars": ("bnb-lars", lambda g: OfKernel(g, "lars", (0.7, 0.0)), {"lr": 0.4, "max_unorm": 0.25, **D},
                 None, 0.7, {}, COSINE),
    "prodigy": ("prodigy", InOneGroup(lambda g, **d: Prodigy(g, **d, betas=(0.8, 0.95))),
                {"lr": 0.5, **E, **D, "d0": 1e-2}, (0.8, 0.95), 0, {}, COSINE),
    "prodigy-guarded": ("prodigy", InOneGroup(lambda g, **d: Prodigy(g, **d, d_coef=3, use_bias_correction=True,
                                                                     safeguard_warmup=True)),
                        {"lr": 1.5, **E, **D, "d0": 1e-3}, (0.9, 0.999), 0,
                        {"dCoef": 3.0, "biasCorrection": 1, "safeguardWarmup": 1}, COSINE),
    "prodigy-slow": ("prodigy", InOneGroup(lambda g, **d: Prodigy(g, **d, growth_rate=1.3)),
                     {"lr": 1.0, **E, **D, "d0": 3e-3}, (0.9, 0.999), 0, {"growthRate": 1.3}, None),
    "prodigy-coupled": ("prodigy-coupled", InOneGroup(lambda g, **d: Prodigy(g, **d, decouple=False)),
                        {"lr": 0.5, **E, **D, "d0": 1e-2}, (0.9, 0.999), 0, {}, None),
    "dadapt-adam": ("dadapt-adam", InOneGroup(lambda g, **d: dadaptation.DAdaptAdam(g, **d, betas=(0.8, 0.95))),
                    {"lr": 0.5, **E, **D, "d0": 1e-2}, (0.8, 0.95), 0, {}, COSINE),
    "dadapt-adam-decoupled": ("dadapt-adam-decoupled",
                              InOneGroup(lambda g, **d: dadaptation.DAdaptAdam(g, **d, decouple=True, use_bias_correction=True,
                                                                          growth_rate=1.1)),
                              {"lr": 0.2, **E, **D, "d0": 1e-2}, (0.9, 0.999), 0,
                              {"biasCorrection": 1, "growthRate": 1.1}, LINEAR),
    "dadapt-adam-preprint": ("dadapt-adam-preprint", InOneGroup(lambda g, **d: DAdaptAdamPreprint(g, **d, betas=(0.8, 0.95))),
                             {"lr": 0.5, **E, **D, "d0": 1e-2}, (0.8, 0.95), 0, {}, COSINE),
    "dadapt-adam-preprint-decoupled": ("dadapt-adam-preprint-decoupled",
                                       InOneGroup(lambda g, **d: DAdaptAdamPreprint(g, **d, betas=(0.8, 0.95), decouple=True)),
                                       {"lr": 0.5, **E, **D, "d0": 1e-2}, (0.8, 0.95), 0, {}, None),
    "dadapt-lion": ("dadapt-lion", InOneGroup(lambda g, **d: dadaptation.DAdaptLion(g, **d, betas=(0.8, 0.95))),
                    {"lr": 0.5, **D, "d0": 0.03}, (0.8, 0.95), 0, {}, COSINE),
    "dadapt-sgd": ("dadapt-sgd", InOneGroup(lambda g, **d: dadaptation.DAdaptSGD(g, **d, momentum=0.6)),
                   {"lr": 0.5, **D, "d0": 0.05}, None, 0.6, {}, None),
    "dadapt-adan": ("dadapt-adan", InOneGroup(lambda g, **d: dadaptation.DAdaptAdan(g, **d, betas=(0.9, 0.8, 0.95))),
                    {"lr": 0.3, **E, **D, "d0": 1e-2}, (0.9, 0.8), 0, {"beta3": 0.95}, COSINE),
    "dadapt-adan-no-prox": ("dadapt-adan", InOneGroup(lambda g, **d: dadaptation.DAdaptAdan(g, **d, betas=(0.9, 0.8, 0.95),
                                                                                       no_prox=True)),
                            {"lr": 0.3, **E, **D, "d0": 1e-2}, (0.9, 0.8), 0, {"beta3": 0.95, "noProx": 1}, None),
    "dadapt-adan-ip": ("dadapt-adan-ip", InOneGroup(lambda g, **d: DAdaptAdanIP(g, **d, betas=(0.9, 0.8, 0.95))),
                       {"lr": 0.3, **E, **D, "d0": 1e-2}, (0.9, 0.8), 0, {"beta3": 0.95}, COSINE),
    "dadapt-adagrad": ("dadapt-adagrad", InOneGroup(lambda g, **d: dadaptation.DAdaptAdaGrad(g, **d, momentum=0.6)),
                       {"lr": 1.0, **E, **D, "d0": 0.05}, None, 0.6, {}, COSINE),
    "automagic": ("automagic", automagic(toolkit, "Automagic", lr_bump=3e-4, beta2=0.95, clip_threshold=0.8, **MAGIC),
                  {**MAGIC, "lr_bump": 3e-4}, None, 0, {"beta2": 0.95, "clipThreshold": 0.8}, None),
    "automagic3": ("automagic3", automagic(toolkit, "Automagic3", beta2=0.95, clip_threshold=0.8, polarity_history=3,
                                           fused=False, **MAGIC),
                   MAGIC, None, 0, {"beta2": 0.95, "clipThreshold": 0.8, "polarityHistory": 3}, None),
    "automagic3-low": ("automagic3", automagic(toolkit, "Automagic3", fused=False, **LOW), LOW, None, 0, {}, None),
}  # fmt: skip

FLOAT32 = {"adalomo", "bnb-lamb", "bnb-lars", "automagic", "automagic3", "automagic3-low"}
ALIKE = ("adalomo", "automagic", "prodigy", "dadapt")


def case_of(name: str) -> Case:
    row, make, numbers, betas, momentum, options, schedule = TABLE[name]
    flags = {"alike": name.startswith(ALIKE), "float32": name in FLOAT32, "filled": name.startswith("bnb-")}
    return Case(row, make, numbers, {}, schedule, betas, momentum, options, **flags)


if __name__ == "__main__":
    write(__file__, drawn(23), {name: case_of(name) for name in TABLE})
