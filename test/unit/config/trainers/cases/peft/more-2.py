from peft import LoraConfig
c = LoraConfig(r=8, lora_alpha=16, task_type=TaskType.CAUSAL_LM)
a = TrainingArguments("o", learning_rate=1e-4)
t = Trainer(model=m, args=a)
