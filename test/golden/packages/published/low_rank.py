"""GaLore and APOLLO, by their authors: Adam on a projection of the gradient, here of rank 2."""

from apollo_torch import APOLLOAdamW
from galore_torch import GaLoreAdamW

from published.entry import Published, groups
from settings import Settings

ADAM = Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3})
GALORE = {"rank": 2, "update_proj_gap": 5, "scale": 0.25, "proj_type": "std"}
APOLLO = {"rank": 2, "update_proj_gap": 5, "scale": 1.0, "proj_type": "std", "proj": "random", "scale_type": "channel"}


def projected(make, how):
    return lambda f, s: make([{**group, **how} for group in groups(f, eps="eps")], betas=s.betas, no_deprecation_warning=True)


PUBLISHED = [
    Published("galore", "galore-torch", "galore_torch.GaLoreAdamW", projected(GaLoreAdamW, GALORE), ADAM),
    Published("apollo", "apollo-torch", "apollo_torch.APOLLOAdamW", projected(APOLLOAdamW, APOLLO), ADAM),
]
