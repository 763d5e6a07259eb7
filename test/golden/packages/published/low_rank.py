"""GaLore and APOLLO, by their authors: Adam on a projection of the gradient, here of rank 2."""

from apollo_torch import APOLLOAdamW
from galore_torch import GaLoreAdamW

from published.entry import Published, groups
from settings import Settings

GALORE = {"rank": 2, "update_proj_gap": 5, "scale": 0.25, "proj_type": "std"}
APOLLO = {"rank": 2, "update_proj_gap": 5, "scale": 1.0, "proj_type": "std", "proj": "random", "scale_type": "channel"}


def projected(make, how):
    def build(factors, settings):
        made = [{**group, **how} for group in groups(factors, eps="eps")]
        return make(made, betas=settings.betas, no_deprecation_warning=True)

    return build


def settings_of(how):
    options = {"rank": how["rank"], "updateGap": how["update_proj_gap"], "scale": how["scale"]}
    return Settings(lr=1e-2, weight_decay=0.1, constants={"eps": 1e-3}, options=options)


PUBLISHED = [
    Published(
        "galore",
        "galore-torch",
        "galore_torch.GaLoreAdamW",
        projected(GaLoreAdamW, GALORE),
        settings_of(GALORE),
        unlike="the signs of its singular vectors, and all of those of A's first gradient, which is zero, are others",
    ),
    Published(
        "apollo",
        "apollo-torch",
        "apollo_torch.APOLLOAdamW",
        projected(APOLLOAdamW, APOLLO),
        settings_of(APOLLO),
        unlike="its random projections are others",
    ),
]
