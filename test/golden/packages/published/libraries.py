"""Optimizers of the libraries that trainers are built on."""

from published.entry import Published, builder, entries_of, groups, numbers

ADAM = numbers(1e-2, eps=1e-3)
AMSGRAD = numbers(1e-2, eps=1e-3, options={"amsgrad": 1})


def adam_like(make, **given):
    return builder(make, "eps", "betas", **given)


def torch_optim() -> list[Published]:
    import torch.optim as optim

    def adagrad(factors, settings):
        made = optim.Adagrad(groups(factors, eps="eps"))
        # Its initial_accumulator_value is one number for all groups.
        for factor in factors:
            made.state[factor.weights]["sum"].fill_(factor.numbers.constants["initialAccumulator"])
        return made

    def rprop(factors, settings):
        # It does not know the word weight_decay.
        made = optim.Rprop([{"params": [factor.weights], "lr": factor.numbers.lr} for factor in factors])
        for group, factor in zip(made.param_groups, factors):
            constants = factor.numbers.constants
            group["step_sizes"] = (constants["stepMin"], constants["stepMax"])
        return made

    nesterov = builder(optim.SGD, "", "momentum nesterov")
    rmsprop = builder(optim.RMSprop, "eps", "alpha=smoothing centered momentum")
    plain, centered = {"smoothing": 0.99, "centered": 0}, {"smoothing": 0.99, "centered": 1}
    coarse = {"unlike": "its Newton-Schulz iteration runs in bfloat16, ours in float32", "float64": False}
    return entries_of(
        "torch", "torch.optim.",
        ("sgd", "SGD", builder(optim.SGD), numbers(2e-2)),
        ("sgd", "SGD(momentum, nesterov)", nesterov, numbers(1e-2, momentum=0.9, nesterov=True)),
        ("asgd", "ASGD", builder(optim.ASGD, "lambd"), numbers(2e-2, lambd=1e-1)),
        ("adadelta", "Adadelta", builder(optim.Adadelta, "eps", "rho"), numbers(1.0, eps=1e-6, options={"rho": 0.9})),
        ("adam", "Adam", adam_like(optim.Adam), ADAM),
        ("adam", "Adam(amsgrad)", adam_like(optim.Adam, amsgrad=True), AMSGRAD),
        ("adamw", "AdamW", adam_like(optim.AdamW), ADAM),
        ("adamw", "AdamW(fused)", adam_like(optim.AdamW, fused=True), ADAM),
        ("adamw", "AdamW(amsgrad)", adam_like(optim.AdamW, amsgrad=True), AMSGRAD),
        ("adamax", "Adamax", adam_like(optim.Adamax), ADAM),
        ("nadam", "NAdam", adam_like(optim.NAdam), ADAM),
        ("nadam-decoupled", "NAdam(decoupled)", adam_like(optim.NAdam, decoupled_weight_decay=True), ADAM),
        ("radam", "RAdam", adam_like(optim.RAdam), numbers(1e-2, eps=1e-4)),
        ("rmsprop", "RMSprop", rmsprop, numbers(3e-3, eps=1e-3, options=plain)),
        ("rmsprop", "RMSprop(momentum, centered)", rmsprop, numbers(1e-3, eps=1e-3, momentum=0.9, options=centered)),
        ("adagrad", "Adagrad", adagrad, numbers(2e-2, eps=1e-3, initialAccumulator=1e-3)),
        ("rprop", "Rprop", rprop, numbers(1e-3, decay=0.0, stepMin=1e-6, stepMax=5e-3)),
        ("adafactor-torch", "Adafactor", lambda f, s: optim.Adafactor(groups(f, eps=("eps", "epsRms"))),
         numbers(1e-1, eps=1e-3, epsRms=1e-3)),
        ("muon", "Muon", builder(optim.Muon, "eps", "momentum nesterov"),
         numbers(1e-2, eps=0.1, momentum=0.95, nesterov=True, options={"lerp": 1, "clampNorm": 1}), coarse),
    )  # fmt: skip


def transformers() -> list[Published]:
    """Adafactor, in its four ways to set a rate."""
    from transformers.optimization import Adafactor

    def adafactor(scale, relative):
        def build(factors, settings):
            made = groups(factors, eps=("eps", "epsRms") if scale else ("eps", "eps"))
            for group in made:
                if relative:
                    group["lr"] = None
            return Adafactor(made, lr=None if relative else 1.0, scale_parameter=scale, relative_step=relative)

        return build

    scaled = {"eps": 1e-6, "epsRms": 1e-2}
    return entries_of(
        "transformers", "transformers.Adafactor",
        ("adafactor-hf", "(scale_parameter=False, relative_step=False)", adafactor(False, False),
         numbers(1e-2, eps=1e-6)),
        ("adafactor-hf-scale", "(relative_step=False)", adafactor(True, False), numbers(5e-2, **scaled)),
        ("adafactor-hf-relative", "(scale_parameter=False)", adafactor(False, True), numbers(1.0, eps=1e-6),
         {"fixed": ("lr",)}),
        ("adafactor-hf-scale-relative", "(the defaults)", adafactor(True, True), numbers(1.0, **scaled)),
    )  # fmt: skip


def peft() -> list[Published]:
    """LoRA-FA: A is frozen, B trains with AdamW along a corrected gradient."""
    from peft.optimizers.lorafa import LoraFAOptimizer

    def lora_fa(factors, settings):
        a, b = factors
        a.weights.requires_grad_(False)
        group = {
            "params": [a.weights, b.weights],
            "names": ["layer.lora_A.default.weight", "layer.lora_B.default.weight"],
            "scaling_factors": [a.scaling, b.scaling],
            "lr": b.numbers.lr,
            "weight_decay": b.numbers.weight_decay,
            "betas": settings.betas,
            "eps": b.numbers.constants["eps"],
            "correct_bias": True,
        }
        return LoraFAOptimizer([group])

    unlike = {"unlike": "it multiplies in bfloat16 where it can"}
    return entries_of("peft", "peft.optimizers.", ("lora-fa", "LoraFAOptimizer", lora_fa, ADAM, unlike))


def bitsandbytes() -> list[Published]:
    """On the CPU: states in 32 bits, and in 8 bits, which are kept relative to the largest of a block.

    Its AdEMAMix is left out: in 0.50.2 it stops on a CPU, where the two first moments it keeps in one tensor are taken
    for one.
    """
    import bitsandbytes.optim as bnb

    lion = numbers(3e-3, betas=(0.9, 0.99))
    coarse = {"unlike": "its states are rounded to 8 bits"}
    return entries_of(
        "bitsandbytes", "bitsandbytes.optim.",
        ("adamw", "AdamW32bit", adam_like(bnb.AdamW32bit), ADAM),
        ("adamw", "AdamW8bit", adam_like(bnb.AdamW8bit, min_8bit_size=0), ADAM, coarse),
        ("adamw", "Adam32bit, whose decay is AdamW's", adam_like(bnb.Adam32bit), ADAM),
        ("lion", "Lion32bit", builder(bnb.Lion32bit, "", "betas"), lion),
        ("lion", "Lion8bit", builder(bnb.Lion8bit, "", "betas", min_8bit_size=0), lion, coarse),
        ("sgd", "SGD32bit(momentum)", builder(bnb.SGD32bit, "", "lr momentum"), numbers(1e-2, momentum=0.9)),
        ("rmsprop", "RMSprop32bit", builder(bnb.RMSprop32bit, "eps", "alpha=smoothing"),
         numbers(3e-3, eps=1e-3, options={"smoothing": 0.99})),
        ("adagrad", "Adagrad32bit", builder(bnb.Adagrad32bit, "eps"),
         numbers(2e-2, eps=1e-3, initialAccumulator=0.0), {"fixed": ("initialAccumulator",)}),
        float64=False,
    )  # fmt: skip


def torchao() -> list[Published]:
    """AdamW with states of few bits, as torchtune and transformers use it."""
    from torchao.optim import AdamW4bit, AdamW8bit

    def rounded(make, bits):
        class Rounded(make):
            """It keeps tensors below 4096 elements in 32 bits; ours are smaller, and rounded here as large ones are."""

            def _new_buffer(self, p, signed):
                return self._subclass_zeros(p, signed, self.block_size)

        # A block holds 64 elements, as many as B has here.
        build = lambda f, s: Rounded(groups(f, eps="eps"), betas=s.betas, block_size=64)
        return ("adamw", make.__name__, build, ADAM, {"unlike": f"its states are rounded to {bits} bits"})

    return entries_of("torchao", "torchao.optim.", rounded(AdamW8bit, 8), rounded(AdamW4bit, 4), float64=False)


TABLES = (torch_optim, transformers, peft, bitsandbytes, torchao)
