# exact: no. A group of parameters is merged from two dicts, and has a learning rate that no plan moves.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
slow = {"lr": 5e-4}
group = {"params": [p for p in model.parameters() if p.requires_grad]} | slow
optimizer = torch.optim.AdamW([group], lr=2e-3, weight_decay=0.1)

for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
