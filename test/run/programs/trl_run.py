"""TRL's trainers on a random Llama: `kind` is sft, dpo or grpo."""

from __future__ import annotations

from typing import Any

import datasets
import transformers
import trl
from tiny import OPTIONS, lora, model, rows, tokenizer

transformers.set_seed(5)
words = [" ".join(str(int(i)) for i in row["input_ids"]) for row in rows()]
settings = {"max_steps": 10, "per_device_train_batch_size": 4, "learning_rate": 5e-3, "weight_decay": 0.01}
settings |= {"report_to": [], "use_cpu": True, "save_strategy": "no", "output_dir": "out", "logging_steps": 5}
settings |= {"bf16": False, "max_grad_norm": 1e3, **OPTIONS.get("args", {})}
given: dict[str, Any] = {"peft_config": lora(), "processing_class": tokenizer()}
kind = OPTIONS["kind"]
if kind == "sft":
    trainer, config, data = trl.SFTTrainer, trl.SFTConfig, [{"text": text} for text in words]
elif kind == "dpo":
    trainer, config = trl.DPOTrainer, trl.DPOConfig
    data = [{"prompt": w[:8], "chosen": w[8:], "rejected": " ".join(reversed(w[8:].split()))} for w in words]
else:
    trainer, config, data = trl.GRPOTrainer, trl.GRPOConfig, [{"prompt": w[:12]} for w in words]
    settings |= {"num_generations": 4, "max_completion_length": 8, "temperature": 1.0}
    given["reward_funcs"] = lambda completions, **_: [len(set(text.split())) / 8 for text in completions]
running = trainer(model(), args=config(**settings), train_dataset=datasets.Dataset.from_list(data), **given)
running.train()
running.save_model("saved")
print("saved")
