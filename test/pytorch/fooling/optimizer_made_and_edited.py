# exact: no. The Trainer makes the optimizer, then its groups get another eps and rate.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

rows = torch.load("tiny/llama.pt")
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(
    r=8,
    lora_alpha=16,
    target_modules=["q_proj", "v_proj"],
)
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
trainer.create_optimizer_and_scheduler(num_training_steps=12)
for group in trainer.optimizer.param_groups:
    group["eps"] = 1e-3
trainer.train()
