# exact: may. Two groups of parameters with a rate each, both of which can be moved.
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
named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(
    [
        {"params": [p for name, p in named if "lora_A" in name], "lr": 1e-3},
        {"params": [p for name, p in named if "lora_B" in name], "lr": 8e-3},
    ],
    weight_decay=0.1,
)
trainer = Trainer(model=model, args=args, train_dataset=rows, optimizers=(optimizer, None))
trainer.train()
