"""torchao's AdamW with states of few bits, as torchtune and transformers use it."""

from torchao.optim import AdamW4bit, AdamW8bit

from published.entry import Published, groups
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})


def entry(make, bits):
    class Rounded(make):
        """It keeps tensors below 4096 elements in 32 bits; ours are smaller, and rounded here as large ones are."""

        def _new_buffer(self, p, signed):
            return self._subclass_zeros(p, signed, self.block_size)

    return Published(
        "adamw",
        "torchao",
        f"torchao.optim.{make.__name__}",
        # A block holds 64 elements, as many as B has here.
        lambda f, s: Rounded(groups(f, eps="eps"), betas=s.betas, block_size=64),
        ADAM,
        unlike=f"its states are rounded to {bits} bits",
        float64=False,
    )


PUBLISHED = [entry(AdamW8bit, 8), entry(AdamW4bit, 4)]
