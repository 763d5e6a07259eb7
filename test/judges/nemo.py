"""NeMo: OmegaConf, by which Hydra reads its configs; what is silent is as in nemo.collections.nlp.parts.peft_config."""

from judging import judge, need

(omegaconf,) = need("omegaconf")


def taken(config, path):
    *outer, last = path.split(".")
    for step in outer:
        config = config.get(step) or {}
    return config.pop(last, None)


MEGATRON = {
    "model.peft.lora_tuning.adapter_dim": "rank",
    "model.peft.lora_tuning.alpha": "alpha",
    "model.peft.lora_tuning.adapter_dropout": "dropout",
    "model.optim.lr": "learningRate",
    "model.optim.weight_decay": "weightDecay",
    "model.optim.eps": "eps",
    "model.optim.betas": "betas",
    "model.optim.sched.warmup_steps": "warmup",
    "trainer.gradient_clip_val": "maxGradNorm",
}
SECOND = {
    "model.peft.dim": "rank",
    "model.peft.alpha": "alpha",
    "optim.config.lr": "learningRate",
    "optim.config.weight_decay": "weightDecay",
    "optim.config.adam_eps": "eps",
    "optim.config.clip_grad": "maxGradNorm",
    "optim.lr_scheduler.warmup_steps": "warmup",
}
# What the command line has to give.
GIVEN = ["model.restore_from_path"]
# Floors of the schedule, which move with the rate.
FLOORS = ["model.optim.sched.min_lr", "optim.lr_scheduler.min_lr"]


def read(path):
    loaded = omegaconf.OmegaConf.load(path)
    for key in GIVEN:
        node, _, name = key.rpartition(".")
        if omegaconf.OmegaConf.is_missing(omegaconf.OmegaConf.select(loaded, node), name):
            omegaconf.OmegaConf.update(loaded, key, "given")
    config = omegaconf.OmegaConf.to_container(loaded, resolve=True)
    names = SECOND if "_target_" in config["model"]["peft"] else MEGATRON
    ours = {name: taken(config, key) for key, name in names.items()}
    for key in FLOORS:
        taken(config, key)
    if ours["alpha"] is None:
        ours["alpha"] = 32 if names is SECOND else ours["rank"]
    return {**ours, "rest": config}


judge(read)
