"""prime-rl: tomllib; what is silent is as in its LoRAConfig and BaseOptimizerConfig (559b4477)."""

import tomllib

from judging import at, judge, taken, text_of

PLACES = ["trainer.model.lora", "trainer.model.experimental.lora", "model.lora"]


def read(path):
    config = tomllib.loads(text_of(path))
    place = next(place for place in PLACES if at(config, place) is not None)
    lora, trainer = at(config, place), config["trainer"] if place.startswith("trainer.") else config
    optim = trainer.get("optim", {})
    ours = {
        **{"rank": lora.pop("rank", 16), "alpha": lora.pop("alpha", 32), "learningRate": optim.pop("lr", 1e-6)},
        **{"weightDecay": optim.pop("weight_decay", 0.01), "maxGradNorm": optim.pop("max_norm", 1.0)},
    }
    # The orchestrator's alpha must be the trainer's, and the floor moves with the rate.
    copy = taken(config, "orchestrator.model.lora.alpha")
    if copy is not None and copy != ours["alpha"]:
        return {"refused": "orchestrator.model.lora.alpha conflicts with trainer.model.lora.alpha"}
    taken(trainer, "scheduler.min_lr")
    return {**ours, "rest": config}


judge(read)
