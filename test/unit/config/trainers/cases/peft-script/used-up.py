import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained("some/model")
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"]))
layers = filter(lambda p: p.requires_grad, model.parameters())
optimizer = torch.optim.AdamW(layers, lr=1e-4)
for batch in torch.load("data.pt"):
    model(**batch).loss.backward()
    torch.nn.utils.clip_grad_norm_(layers, 1.0)
    optimizer.step()
    optimizer.zero_grad()
