# exact: may. A function returns the config, and its call overrides the default.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

rows = torch.load("tiny/llama.pt")
model = AutoModelForCausalLM.from_pretrained("tiny/llama")


def lora(rank=8, alpha=16, modules=("q_proj", "v_proj")):
    return LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(modules))


config = lora(alpha=32)
model = get_peft_model(model, config)
args = TrainingArguments(
    output_dir="out",
    learning_rate=2e-3,
    max_steps=12,
    per_device_train_batch_size=8,
    report_to="none",
    save_strategy="no",
    max_grad_norm=0.0,
    weight_decay=0.1,
)
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.train()
