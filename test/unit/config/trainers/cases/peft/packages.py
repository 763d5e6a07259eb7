from optimi import Lion
from peft import LoraConfig, get_peft_model
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"]))
optimizer = Lion(ps, lr=1e-4)
