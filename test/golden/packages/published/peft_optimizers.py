"""LoRA-FA of PEFT: A is frozen, B trains with AdamW along a corrected gradient."""

from peft.optimizers.lorafa import LoraFAOptimizer

from published.entry import Published
from settings import Settings


def lora_fa(factors, settings):
    a, b = factors
    a.weights.requires_grad_(False)
    numbers = b.numbers
    group = {
        "params": [a.weights, b.weights],
        "names": ["layer.lora_A.default.weight", "layer.lora_B.default.weight"],
        "scaling_factors": [a.scaling, b.scaling],
        "lr": numbers.lr,
        "weight_decay": numbers.weight_decay,
        "betas": settings.betas,
        "eps": numbers.constants["eps"],
        "correct_bias": True,
    }
    return LoraFAOptimizer([group])


PUBLISHED = [
    Published(
        "lora-fa",
        "peft",
        "peft.optimizers.LoraFAOptimizer",
        lora_fa,
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}),
        unlike="it multiplies in bfloat16 where it can",
    )
]
