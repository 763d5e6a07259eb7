# exact: no. The backward pass of the accelerator clamps gradients by an absolute value.
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
    report_to="none", save_strategy="no", max_grad_norm=0.0)
trainer = Trainer(model=model, args=args, train_dataset=rows)
def backward(loss, **kw):
    loss.backward()
    for p in model.parameters():
        if p.grad is not None:
            p.grad.clamp_(-1e-3, 1e-3)
trainer.accelerator.backward = backward
trainer.train()
