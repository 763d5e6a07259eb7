"""sophia-opt, the authors' code as a package: SophiaG, its Hessian renewed at every step."""

from sophia_opt import SophiaG

from published.entry import Published, groups
from settings import Settings

BATCH_SIZE = 1
"""The factor on the Hessian besides gamma, which it calls rho."""


class EveryStep(SophiaG):
    def step(self):
        self.update_hessian()
        super().step(bs=BATCH_SIZE)


PUBLISHED = [
    Published(
        "sophia",
        "sophia-opt",
        "sophia_opt.SophiaG",
        lambda f, s: EveryStep(groups(f, rho="gamma"), betas=s.betas),
        Settings(lr=5e-3, weight_decay=0.1, constants={"gamma": 200.0, "eps": 1e-15}, betas=(0.96, 0.99)),
        fixed=("eps",),
    )
]
