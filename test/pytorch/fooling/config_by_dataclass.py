# exact: may. A dataclass holds the numbers, and its instance overrides one.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from dataclasses import dataclass

rows = torch.load("tiny/llama.pt")
model = AutoModelForCausalLM.from_pretrained("tiny/llama")


@dataclass
class Settings:
    rank: int = 8
    alpha: float = 16
    rate: float = 1e-3


settings = Settings(rate=2e-3, alpha=32)
config = LoraConfig(
    r=settings.rank,
    lora_alpha=settings.alpha,
    target_modules=["q_proj", "v_proj"],
)
model = get_peft_model(model, config)
args = TrainingArguments(
    output_dir="out",
    learning_rate=settings.rate,
    max_steps=12,
    per_device_train_batch_size=8,
    report_to="none",
    save_strategy="no",
    max_grad_norm=0.0,
    weight_decay=0.1,
)
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.train()
