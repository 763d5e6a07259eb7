# exact: no. A is trained as direction and length.
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
for module in model.modules():
    if hasattr(module, "lora_A") and "default" in module.lora_A:
        torch.nn.utils.parametrizations.weight_norm(module.lora_A["default"])
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
