"""prime-rl: tomllib; what is silent is as in its LoRAConfig and BaseOptimizerConfig (559b4477)."""

import pathlib
import tomllib

from judging import judge

PLACES = [
    (["trainer", "model", "lora"], ["trainer"]),
    (["trainer", "model", "experimental", "lora"], ["trainer"]),
    (["model", "lora"], []),
]


def at(config, path):
    for step in path:
        config = config.get(step)
        if config is None:
            return None
    return config


def read(path):
    config = tomllib.loads(pathlib.Path(path).read_text())
    lora_at, trainer_at = next(place for place in PLACES if at(config, place[0]) is not None)
    lora, trainer = at(config, lora_at), at(config, trainer_at)
    optim = trainer.get("optim", {})
    ours = {
        "rank": lora.pop("rank", 16),
        "alpha": lora.pop("alpha", 32),
        "learningRate": optim.pop("lr", 1e-6),
        "weightDecay": optim.pop("weight_decay", 0.01),
        "maxGradNorm": optim.pop("max_norm", 1.0),
    }
    # The orchestrator's alpha must be the trainer's, and the floor moves with the rate.
    copy = (at(config, ["orchestrator", "model", "lora"]) or {}).pop("alpha", None)
    if copy is not None and copy != ours["alpha"]:
        return {"refused": "orchestrator.model.lora.alpha conflicts with trainer.model.lora.alpha"}
    trainer.get("scheduler", {}).pop("min_lr", None)
    return {**ours, "rest": config}


judge(read)
