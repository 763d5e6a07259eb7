# exact: no. A loop trains two models, one after the other, with one config; the rates differ.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

rows = torch.load("tiny/llama.pt")
config = LoraConfig(
    r=8,
    lora_alpha=16,
    target_modules=["q_proj", "v_proj"],
)
for name, rate in [("tiny/llama", 2e-3), ("tiny/llama-tied", 5e-4)]:
    model = AutoModelForCausalLM.from_pretrained(name)
    model = get_peft_model(model, config)
    args = TrainingArguments(
        output_dir="out",
        learning_rate=rate,
        max_steps=12,
        per_device_train_batch_size=8,
        report_to="none",
        save_strategy="no",
        max_grad_norm=0.0,
    )
    trainer = Trainer(model=model, args=args, train_dataset=rows)
    trainer.train()
