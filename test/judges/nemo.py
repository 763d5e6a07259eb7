"""NeMo 2: OmegaConf, by which Hydra reads its configs; what is silent is as in nemo.collections.llm.peft."""

from judging import judge, need, taken

(omegaconf,) = need("omegaconf")

NAMES = {"model.peft.dim": "rank", "model.peft.alpha": "alpha", "optim.lr_scheduler.warmup_steps": "warmup"}
NAMES |= {"optim.config.lr": "learningRate", "optim.config.weight_decay": "weightDecay"}
NAMES |= {"optim.config.adam_eps": "eps", "optim.config.clip_grad": "maxGradNorm"}
# What the command line has to give.
GIVEN = ["model.restore_from_path"]
# Floors of the schedule, which move with the rate.
FLOORS = ["optim.lr_scheduler.min_lr"]


def read(path):
    loaded = omegaconf.OmegaConf.load(path)
    for key in GIVEN:
        node, _, name = key.rpartition(".")
        if omegaconf.OmegaConf.is_missing(omegaconf.OmegaConf.select(loaded, node), name):
            omegaconf.OmegaConf.update(loaded, key, "given")
    config = omegaconf.OmegaConf.to_container(loaded, resolve=True)
    ours = {name: taken(config, key) for key, name in NAMES.items()}
    for key in FLOORS:
        taken(config, key)
    if ours["alpha"] is None:
        ours["alpha"] = 32
    return {**ours, "rest": config}


judge(read)
