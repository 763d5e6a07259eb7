"""TRL's trainers on a random Llama: `kind` is sft or dpo."""

from __future__ import annotations

import datasets
import transformers
import trl
from tiny import OPTIONS, lora, model, rows, tokenizer

transformers.set_seed(5)
words = [" ".join(str(int(i)) for i in row["input_ids"]) for row in rows()]
settings = {"max_steps": 10, "per_device_train_batch_size": 4, "learning_rate": 5e-3, "weight_decay": 0.01}
settings |= {"report_to": [], "use_cpu": True, "save_strategy": "no", "output_dir": "out", "logging_steps": 5}
settings |= {"bf16": False, "max_grad_norm": 1e3, **OPTIONS.get("args", {})}
pairs = [{"prompt": w[:8], "chosen": w[8:], "rejected": " ".join(reversed(w[8:].split()))} for w in words]
data = {"sft": [{"text": text} for text in words], "dpo": pairs}[OPTIONS["kind"]]
kind, config = {"sft": (trl.SFTTrainer, trl.SFTConfig), "dpo": (trl.DPOTrainer, trl.DPOConfig)}[OPTIONS["kind"]]
given = {"train_dataset": datasets.Dataset.from_list(data), "peft_config": lora(), "processing_class": tokenizer()}
trainer = kind(model(), args=config(**settings), **given)
trainer.train()
trainer.save_model("saved")
print("saved")
