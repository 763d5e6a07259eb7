from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16), autocast_adapter_dtype=False)
Trainer(model=model, args=TrainingArguments("o", learning_rate=1e-4, max_grad_norm=0.0)).train()
