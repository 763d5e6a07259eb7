"""The programs that judge the recorder, and each one's optimizer. A row: name, program, options, rule, expectation."""

from __future__ import annotations

from typing import Any

ADAMW = {"lr": -1, "weight_decay": 1, "eps": 1}
COUPLED = {"lr": -1, "weight_decay": 2, "eps": 1}
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    # Powers of c = √k. Once: numbers that the optimizer itself carries on.
    "adamw": ("torch.optim.adamw.AdamW", ADAMW),
    "adam": ("torch.optim.adam.Adam", COUPLED),
    "sgd": ("torch.optim.sgd.SGD", {"lr": -2, "weight_decay": 2}),
    "rmsprop": ("torch.optim.rmsprop.RMSprop", COUPLED),
    "muon": ("torch.optim.Muon", ADAMW),
    "adafactor": ("transformers.optimization.Adafactor", {"lr": -1, "weight_decay": 1, "eps": [2, 0]}),
    "adafactor-scaled": ("transformers.optimization.Adafactor", {"weight_decay": 1, "eps": [2, -1]}),
    "lion": ("lion_pytorch.lion_pytorch.Lion", {"lr": -1, "weight_decay": 1}),
    "prodigy": ("prodigyopt.prodigy.Prodigy", {"weight_decay": 1, "eps": 1, "once": {"d0": -1, "d": -1, "d_max": -1}}),
    "schedule-free": ("schedulefree.adamw_schedulefree.AdamWScheduleFree", ADAMW),
    "adamw-8bit": ("bitsandbytes.optim.adamw.AdamW8bit", ADAMW),
}

LR = {"lr": 1e-2, "weight_decay": 0.1}
LAYERS = "home peft kohya onetrainer loralib torchtune torchtune-dora litgpt lycoris automodel".split()


def loop(name: str, rule: str = "adamw", expect: str = "", **options: Any) -> tuple[str, str, dict[str, Any], str, str]:
    return f"loop: {name}", "loop.py", options, rule, expect


def trainer(name: str, rule: str = "adamw", expect: str = "", *, args: Any = None, **options: Any) -> Any:
    # Clipping that never fires, so that equal bits can be expected: torch adds 1e-6 to the norm.
    options |= {"args": {"max_grad_norm": 1e3, **(args or {})}}
    return f"Trainer: {name}", "hf_trainer.py", options, rule, expect


def optimizer(path: str, **settings: Any) -> list[Any]:
    return [path, settings]


ROWS = [
    *(loop(f"{layers} layers", layers=layers) for layers in LAYERS),
    loop("fused", optimizer=optimizer("torch.optim.AdamW", fused=True, **LR)),
    loop("foreach", optimizer=optimizer("torch.optim.AdamW", foreach=True, **LR)),
    loop("large eps", optimizer=optimizer("torch.optim.AdamW", eps=1e-3, **LR), expect="wrong"),
    loop("Adam with coupled decay", "adam", optimizer=optimizer("torch.optim.Adam", **LR)),
    loop("SGD with momentum", "sgd", optimizer=optimizer("torch.optim.SGD", momentum=0.9, lr=0.1, weight_decay=0.01)),
    loop("RMSprop", "rmsprop", optimizer=optimizer("torch.optim.RMSprop", **LR)),
    # torch's Muon orthogonalises in bfloat16, so controls in float32 vanish in it.
    loop("Muon", "muon", optimizer=optimizer("torch.optim.Muon", **LR), inside="bfloat16"),
    loop("Lion", "lion", optimizer=optimizer("lion_pytorch.Lion", **LR)),
    loop("Prodigy", "prodigy", optimizer=optimizer("prodigyopt.Prodigy", lr=1.0, d0=1e-3, weight_decay=0.1)),
    loop("schedule-free AdamW", "schedule-free", optimizer=optimizer("schedulefree.AdamWScheduleFree", **LR)),
    loop("Adafactor", "adafactor",
         optimizer=optimizer("transformers.Adafactor", lr=1e-2, scale_parameter=False, relative_step=False)),
    loop("Adafactor, scaled by parameters", "adafactor-scaled",
         optimizer=optimizer("transformers.Adafactor", lr=1e-1, scale_parameter=True, relative_step=False)),
    loop("8-bit AdamW", "adamw-8bit", optimizer=optimizer("bitsandbytes.optim.AdamW8bit", min_8bit_size=16, **LR)),
    loop("LoRA+ groups", groups="loraplus", expect="wrong"),
    loop("a rate for each layer", groups="layers"),
    loop("a head in the group of the factors", head=True),
    loop("accumulation", accumulate=3),
    loop("clipping that fires", clip=0.02, expect="rounding"),
    loop("value clipping", clip_value=0.002),
    loop("a clipping of its own", own_clip=0.02, expect="noted: gradients-changed"),
    loop("bfloat16 weights", dtype="bfloat16"),
    loop("autocast", autocast="bfloat16"),
    loop("GradScaler", autocast="float16", scaler=True),
    loop("torch.compile", compile=True),
    loop("accelerate", accelerate=True, layers="peft", clip=1e3),
    # As LLaMA-Factory's Muon does; accelerate loads the state that it found.
    loop("accelerate with flags in the state", "sgd", accelerate=True, flags=True,
         optimizer=optimizer("torch.optim.SGD", momentum=0.9, lr=0.1, weight_decay=0.01)),
    loop("a state from a checkpoint", resumed=["exp_avg", "exp_avg_sq"], expect="late: resumed"),
    # bitsandbytes loads a state itself, without torch's method.
    loop("a state from a checkpoint, 8-bit AdamW", "adamw-8bit", "late: resumed", resumed=["state1", "state2"],
         optimizer=optimizer("bitsandbytes.optim.AdamW8bit", **LR)),
    loop("accelerate with accumulation", accelerate=True, accumulate=2),
    loop("two processes, DDP", launch="torchrun", parallel="ddp"),
    loop("two processes, FSDP 2", launch="torchrun", parallel="fsdp", layers="peft", clip=1e3),
    loop("set_scale, scale_layer, unscale_layer", layers="peft", midway="scale", expect="also: scaling-changed"),
    *(loop(f"LoRA made later: {how}", layers="peft", midway=how, expect="late") for how in ("adapter", "model", "lazy")),
    loop("unknown optimizer", optimizer=optimizer("torch.optim.NAdam", lr=1e-2), expect="refused"),
    loop("a step of the instance (OneTrainer)", "sgd", "also: patched", own_step="plain",
         optimizer=optimizer("torch.optim.SGD", lr=0.1)),
    loop("a step inside the backward pass", "sgd", "late: fused, patched", own_step="fused",
         optimizer=optimizer("torch.optim.SGD", lr=0.1)),
    ("Lightning", "lightning_fit.py", {}, "adamw", ""),
    ("Lightning with clipping", "lightning_fit.py", {"clip": 1e3}, "adamw", ""),
    ("TRL: SFT", "trl_run.py", {"kind": "sft"}, "adamw", ""),
    ("TRL: DPO", "trl_run.py", {"kind": "dpo"}, "adamw", ""),
    ("TRL: GRPO", "trl_run.py", {"kind": "grpo"}, "adamw", ""),
    trainer("plain", expect="wrong"),
    trainer("clipping that fires", args={"max_grad_norm": 0.5}, expect="rounding"),
    trainer("DoRA", lora={"use_dora": True}),
    trainer("PiSSA", lora={"init_lora_weights": "pissa"}),
    trainer("OLoRA", lora={"init_lora_weights": "olora"}),
    trainer("rsLoRA", lora={"use_rslora": True}),
    trainer("patterns", lora={"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"v_proj": 3}}),
    trainer("embeddings", lora={"target_modules": ["embed_tokens", "q_proj"]}),
    trainer("saved modules", lora={"modules_to_save": ["lm_head"]}),
    trainer("dropout", lora={"lora_dropout": 0.2}),
    trainer("bias of B", lora={"lora_bias": True}),
    trainer("two adapters", second=True),
    trainer("accumulation and checkpointing", args={"gradient_accumulation_steps": 2, "gradient_checkpointing": True}),
    trainer("bf16", args={"bf16": True}),
    trainer("two processes, accelerate launch", launch="accelerate"),
    trainer("Adafactor", "adafactor", args={"optim": "adafactor"}),
]
QUICK = ("loop: home layers", "loop: large eps", "loop: a head in the group of the factors")
