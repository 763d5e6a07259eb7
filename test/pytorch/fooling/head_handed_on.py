# exact: no. A function that is given its arguments by name unfreezes a part of the model, which has no scaling.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


def unfreeze(**parts):
    for part in parts.values():
        part.requires_grad_(True)


rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
unfreeze(head=model.base_model.model.lm_head)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)

for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
