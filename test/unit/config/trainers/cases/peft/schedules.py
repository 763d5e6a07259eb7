from transformers import Trainer, TrainingArguments
from peft import LoraConfig, get_peft_model
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=4))
args = TrainingArguments(output_dir="x", learning_rate=2e-3, lr_scheduler_type="polynomial")
Trainer(model=model, args=args, train_dataset=data).train()
