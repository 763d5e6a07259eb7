"""grokadamw. It clips each tensor by itself; the first moment of the second tensor of a group decays faster."""

from grokadamw import GrokAdamW

from published.entry import Published, one_group
from settings import Settings

PUBLISHED = [
    Published(
        "grokadamw",
        "grokadamw",
        "grokadamw.GrokAdamW",
        lambda f, s: GrokAdamW(**one_group(f, eps="eps", gradient_clipping="tensorClip"), betas=s.betas),
        Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3, "tensorClip": 0.1}),
        shares=True,
    )
]
