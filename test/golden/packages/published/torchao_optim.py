"""torchao's AdamW with states of few bits, as torchtune and transformers use it."""

from torchao.optim import AdamW4bit, AdamW8bit

from published.entry import Published, groups
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})


def entry(make, bits):
    return Published(
        "adamw",
        "torchao",
        f"torchao.optim.{make.__name__}",
        # A block holds 64 elements, as many as B has here.
        lambda f, s: make(groups(f, eps="eps"), betas=s.betas, block_size=64),
        ADAM,
        unlike=f"its states are rounded to {bits} bits",
        float64=False,
    )


PUBLISHED = [entry(AdamW8bit, 8), entry(AdamW4bit, 4)]
