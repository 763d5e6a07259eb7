"""transformers' Trainer on a PEFT model: `lora` are settings of LoraConfig, `args` of TrainingArguments."""

from __future__ import annotations

import transformers
from peft import get_peft_model
from tiny import OPTIONS, lora, model, rows

transformers.set_seed(5)
network = get_peft_model(model(**OPTIONS.get("model", {})), lora())
if OPTIONS.get("second"):
    network.add_adapter("second", lora(r=8))
    network.base_model.set_adapter(["default", "second"])
settings = {"max_steps": 12, "per_device_train_batch_size": 4, "learning_rate": 5e-3, "weight_decay": 0.01}
settings |= {"lr_scheduler_type": "cosine", "warmup_steps": 2, "report_to": [], "use_cpu": True, "save_steps": 5}
settings |= {"output_dir": OPTIONS.get("out", "out"), "logging_steps": 5, "disable_tqdm": True}
training = transformers.TrainingArguments(**settings | OPTIONS.get("args", {}))
trainer = transformers.Trainer(network, training, train_dataset=rows())
trainer.train()
network.save_pretrained("saved")
print("saved")
