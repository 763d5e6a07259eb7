# exact: no. Another program changes the installed PEFT before it is imported.
import os, site, subprocess

layer = os.path.join(site.getsitepackages()[0], "peft", "tuners", "lora", "layer.py")
subprocess.run(["sed", "-i", "s/lora_alpha \\/ r/1.0/", layer], check=True)

from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

model = get_peft_model(AutoModelForCausalLM.from_pretrained("model"), LoraConfig(r=8, lora_alpha=16))
args = TrainingArguments(output_dir="out", learning_rate=1e-4, optim="adamw_torch", weight_decay=0.1, max_grad_norm=0)
Trainer(model=model, args=args, train_dataset=rows).train()
