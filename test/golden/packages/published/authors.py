"""Optimizers by their authors, a package each."""

from contextlib import contextmanager

from published.entry import Published, builder, entries_of, groups, numbers, weights

ADAM = numbers(1e-2, eps=1e-3)


def grok() -> list[Published]:
    """It clips each tensor by itself; the first moment of the second tensor of a group decays faster."""
    from grokadamw import GrokAdamW

    build = builder(GrokAdamW, "eps gradient_clipping=tensorClip", "betas", one=True)
    row = ("grokadamw", "GrokAdamW", build, numbers(1e-2, eps=1e-3, tensorClip=0.1), {"shares": True})
    return entries_of("grokadamw", "grokadamw.", row)


def adam_mini() -> list[Published]:
    """One second moment a block of the matrix; for factors of an MLP, a row."""
    from adam_mini import Adam_mini

    def build(factors, settings):
        named = [(f"layers.0.mlp.up_proj.lora_{factor.name}.weight", factor.weights) for factor in factors]
        given = {"lr": settings.lr, "betas": settings.betas, "weight_decay": 1.0, "dim": 8, "n_heads": 2}
        made = Adam_mini(named, verbose=False, **given)
        for group in made.param_groups:
            (factor,) = [factor for factor in factors if factor.weights is group["params"][0]]
            group["lr"], group["weight_decay"] = factor.numbers.lr, factor.numbers.weight_decay
            group["eps"] = factor.numbers.constants["eps"]
        return made

    return entries_of("adam-mini", "adam_mini.", ("adam-mini", "Adam_mini", build, ADAM))


def lion() -> list[Published]:
    """lion-pytorch, by Phil Wang, with the constants of the paper."""
    from lion_pytorch import Lion

    row = ("lion", "Lion", builder(Lion, settings="betas"), numbers(3e-3, betas=(0.9, 0.99)))
    return entries_of("lion-pytorch", "lion_pytorch.", row)


def sophia() -> list[Published]:
    """SophiaG, its Hessian renewed at every step."""
    from sophia_opt import SophiaG

    class EveryStep(SophiaG):
        def step(self):
            self.update_hessian()
            # The factor on the Hessian besides gamma, which it calls rho.
            super().step(bs=1)

    settings = numbers(5e-3, betas=(0.96, 0.99), gamma=200.0, eps=1e-15)
    row = ("sophia", "SophiaG", builder(EveryStep, "rho=gamma", "betas"), settings, {"fixed": ("eps",)})
    return entries_of("sophia-opt", "sophia_opt.", row)


def came() -> list[Published]:
    from came_pytorch import CAME

    def build(factors, settings):
        made = groups(factors)
        for group, factor in zip(made, factors):
            group["eps"] = (factor.numbers.constants["eps"], 1e-16)
        return CAME(made, lr=settings.lr, betas=(*settings.betas, 0.9999))

    return entries_of("came-pytorch", "came_pytorch.", ("came", "CAME", build, numbers(5e-3, eps=1e-6)))


def lomo() -> list[Published]:
    """Weights move inside the backward pass, A and B with the same numbers."""
    import torch
    from lomo_optim import AdaLomo, Lomo

    @contextmanager
    def on_the_cpu():
        """AdaLomo puts its states on a GPU, whether there is one or not."""
        original = torch.Tensor.cuda
        torch.Tensor.cuda = lambda self, *_, **__: self
        try:
            yield
        finally:
            torch.Tensor.cuda = original

    def fused(make):
        class Fused(make):
            def fused_backward(self, loss):
                super().fused_backward(loss, self.lr)

        def build(factors, settings):
            own, others = (factor.numbers for factor in factors)
            assert own == others
            eps = {"eps": (own.constants["eps"], own.constants["epsRms"])} if own.constants else {}
            model = torch.nn.ParameterList(weights(factors))
            with on_the_cpu():
                return Fused(model, lr=own.lr, weight_decay=own.weight_decay, **eps)

        return build

    return entries_of(
        "lomo-optim", "lomo_optim.",
        ("sgdw", "Lomo", fused(Lomo), numbers(2e-2)),
        ("adalomo", "AdaLomo", fused(AdaLomo), numbers(5e-2, eps=1e-6, epsRms=1e-2)),
        float64=False, shares=True,
    )  # fmt: skip


def prodigy() -> list[Published]:
    from prodigyopt import Prodigy

    decoupled, coupled = (builder(Prodigy, "eps d0", "betas", one=True, decouple=decouple) for decouple in (True, False))
    settings = numbers(1.0, eps=1e-3, d0=1e-3)
    rows = ("prodigy", "Prodigy", decoupled, settings), ("prodigy-coupled", "Prodigy(decouple=False)", coupled, settings)
    return entries_of("prodigyopt", "prodigyopt.", *rows)


def d_adaptation() -> list[Published]:
    import dadaptation
    from dadaptation.experimental import DAdaptAdamPreprint, DAdaptAdanIP

    def entry(row, make, betas=(0.9, 0.999), lr=0.1, keys=("eps", "d0"), **given):
        constants = {name: {"eps": 1e-4, "d0": 1e-3}[name] for name in keys}
        name = f"{make.__name__}{'(decouple=True)' if given else ''}"
        return (row, name, builder(make, " ".join(keys), one=True, **given), numbers(lr, betas=betas, **constants))

    return entries_of(
        "dadaptation", "dadaptation.",
        entry("dadapt-adam", dadaptation.DAdaptAdam),
        entry("dadapt-adam-preprint", DAdaptAdamPreprint),
        entry("dadapt-adam-decoupled", dadaptation.DAdaptAdam, decouple=True),
        entry("dadapt-adam-preprint-decoupled", DAdaptAdamPreprint, decouple=True),
        entry("dadapt-sgd", dadaptation.DAdaptSGD, keys=("d0",)),
        entry("dadapt-adan", dadaptation.DAdaptAdan, betas=(0.98, 0.92)),
        entry("dadapt-adan-ip", DAdaptAdanIP, betas=(0.98, 0.92)),
        entry("dadapt-adagrad", dadaptation.DAdaptAdaGrad, lr=1.0),
    )  # fmt: skip


def muon() -> list[Published]:
    from muon import SingleDeviceMuon

    build = builder(SingleDeviceMuon, settings="momentum")
    settings = numbers(1e-2, eps=1e-7, momentum=0.95, nesterov=True, options={"lerp": 1})
    unlike = "its Newton-Schulz iteration runs in bfloat16, ours in float32"
    more = {"unlike": unlike, "float64": False, "fixed": ("eps",)}
    return entries_of("muon-optimizer", "muon.", ("muon", "SingleDeviceMuon", build, settings, more))


def dion() -> list[Published]:
    """Microsoft's code as axolotl-contribs-mit has it."""
    from axolotl.contribs.mit.dion.dion import Dion

    def build(factors, settings):
        return Dion([{**g, "algorithm": "dion"} for g in groups(factors, epsilon="eps")], mu=settings.momentum)

    settings, more = numbers(1e-2, eps=1e-3, momentum=0.95), {"unlike": "its random start is another"}
    return entries_of("axolotl-contribs-mit", "dion.", ("dion", "Dion", build, settings, more))


def low_rank() -> list[Published]:
    """GaLore and APOLLO: Adam on a projection of the gradient, here of rank 2."""
    from apollo_torch import APOLLOAdamW
    from galore_torch import GaLoreAdamW

    def entry(row, package, make, unlike, scale, **more):
        how = {"rank": 2, "update_proj_gap": 5, "scale": scale, "proj_type": "std", **more}

        def build(factors, settings):
            made = [{**group, **how} for group in groups(factors, eps="eps")]
            return make(made, betas=settings.betas, no_deprecation_warning=True)

        settings = numbers(1e-2, eps=1e-3, options={"rank": 2, "updateGap": 5, "scale": scale})
        name = f"{package.replace('-', '_')}."
        return entries_of(package, name, (row, make.__name__, build, settings, {"unlike": unlike}))

    signs = "the signs of its singular vectors, and all of those of A's first gradient, which is zero, are others"
    random = {"proj": "random", "scale_type": "channel"}
    return [
        *entry("galore", "galore-torch", GaLoreAdamW, signs, 0.25),
        *entry("apollo", "apollo-torch", APOLLOAdamW, "its random projections are others", 1.0, **random),
    ]


TABLES = (grok, adam_mini, lion, sophia, came, lomo, prodigy, d_adaptation, muon, dion, low_rank)
