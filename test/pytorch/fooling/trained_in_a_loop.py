# exact: may. A function that trains is called twice; code behind the Trainer divides twice.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

def main(model):
    rows = torch.load("tiny/llama.pt")
    args = TrainingArguments(output_dir="out", learning_rate=2e-3, weight_decay=0.1, max_steps=6, per_device_train_batch_size=8, report_to="none", save_strategy="no", max_grad_norm=0.0)
    trainer = Trainer(model=model, args=args, train_dataset=rows)
    trainer.train()

model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
for _ in range(2):
    main(model)
