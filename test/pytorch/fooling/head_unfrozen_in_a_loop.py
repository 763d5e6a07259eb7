# exact: no. The head trains too, unfrozen parameter by parameter, and has no scaling.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
for parameter in model.lm_head.parameters():
    parameter.requires_grad = True
model.train()
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.1)

for batch in loader:
    model(**batch).loss.backward()
    optimizer.step()
    optimizer.zero_grad()
