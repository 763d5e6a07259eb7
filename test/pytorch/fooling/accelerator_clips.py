# exact: no. The accelerator clips by a norm of its own.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

rows = torch.load("tiny/llama.pt")
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
args = TrainingArguments(output_dir="out", learning_rate=2e-3, weight_decay=0.1,
    max_steps=12,
    per_device_train_batch_size=8,
    report_to="none", save_strategy="no", max_grad_norm=1e4)
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.accelerator.clip_grad_norm_ = lambda parameters, max_norm, norm_type=2: torch.nn.utils.clip_grad_norm_(parameters, 0.01)
trainer.train()
