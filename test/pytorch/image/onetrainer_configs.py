"""Configs of OneTrainer by name, for Stable Diffusion 1."""

import json
from typing import Any


def config(clip: float | None = None, optimizer: dict[str, Any] | None = None, **settings: Any) -> str:
    own = {
        "__version": 10,
        "training_method": "LORA",
        "lora_rank": 8,
        "lora_alpha": 4.0,
        "learning_rate": 0.002,
        "learning_rate_warmup_steps": 0,
        "epochs": 1,
        "train_dtype": "FLOAT_32",
        "clip_grad_norm": clip,
        "optimizer": optimizer or ADAMW,
    }
    return json.dumps({**own, **settings}, indent=2)


def custom(name: str, **params: str) -> dict[str, Any]:
    pairs = [{"key": key, "value": value} for key, value in params.items()]
    return {
        "learning_rate_scheduler": "CUSTOM",
        "custom_learning_rate_scheduler": f"torch.optim.lr_scheduler.{name}",
        "scheduler_params": pairs,
    }


ADAMW = {"optimizer": "ADAMW", "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}
ADAFACTOR = {
    **{"optimizer": "ADAFACTOR", "eps": 1e-30, "eps2": 1e-3, "clip_threshold": 1.0, "decay_rate": -0.8},
    **{"weight_decay": 0.0, "scale_parameter": False, "relative_step": False, "warmup_init": False},
}
SGD = {"optimizer": "SGD", "momentum": 0.9, "weight_decay": 0.01}

CONFIGS = {
    "OneTrainer, ADAMW, COSINE with warm-up": config(learning_rate_scheduler="COSINE", learning_rate_warmup_steps=2),
    "OneTrainer, ADAMW, clipped": config(clip=0.01, learning_rate_scheduler="COSINE"),
    "OneTrainer, ADAMW, two rates": config(unet={"learning_rate": 0.001}, text_encoder={"learning_rate": 0.0005}),
    "OneTrainer, ADAFACTOR, LINEAR": config(optimizer=ADAFACTOR, learning_rate_scheduler="LINEAR"),
    "OneTrainer, SGD, COSINE_WITH_HARD_RESTARTS": config(
        optimizer=SGD,
        learning_rate=0.5,
        learning_rate_scheduler="COSINE_WITH_HARD_RESTARTS",
        learning_rate_cycles=2.0,
        learning_rate_min_factor=0.1,
    ),
    "OneTrainer, CUSTOM CosineAnnealingLR": config(**custom("CosineAnnealingLR", T_max="%TOTAL_STEPS%", eta_min="0.001")),
    "OneTrainer, CUSTOM OneCycleLR": config(**custom("OneCycleLR", max_lr="0.002", total_steps="7")),
    "OneTrainer, CUSTOM OneCycleLR up to its own rate": config(**custom("OneCycleLR", max_lr="%LR%", total_steps="7")),
}
