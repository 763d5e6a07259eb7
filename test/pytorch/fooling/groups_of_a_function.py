# exact: no. The rate and the decay that train stand in a group that a function makes.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


def grouped(model):
    return [{"params": [p for p in model.parameters() if p.requires_grad], "lr": 5e-3, "weight_decay": 0.2}]


rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(grouped(model), lr=2e-3)

for batch in loader:
    model(**batch).loss.backward()
    optimizer.step()
    optimizer.zero_grad()
