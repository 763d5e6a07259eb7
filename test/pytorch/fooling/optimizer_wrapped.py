# exact: no. A wrapper around the optimizer perturbs the weights by a radius of its own (SAM).
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
class Sharpness(torch.optim.AdamW):
    def step(self, closure=None):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p.add_(p.grad.sign(), alpha=1e-3)
        return super().step(closure)


optimizer = Sharpness([p for p in model.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.1)
trainer = Trainer(model=model, args=args, train_dataset=rows, optimizers=(optimizer, None))
trainer.train()
