from peft import LoraConfig, get_peft_model, TaskType
from transformers import Trainer, TrainingArguments
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"], lora_bias=True)
model = get_peft_model(base, config)
args = TrainingArguments("out", learning_rate=2e-4, max_grad_norm=0.0)
trainer = Trainer(model=model, args=args, train_dataset=data)
trainer.train()
