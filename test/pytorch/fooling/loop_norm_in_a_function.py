# exact: no. A function judges the size of the gradients, and steps with large ones are skipped.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


def calm(parameters):
    total = 0.0
    for p in parameters:
        if p.grad is not None:
            total += p.grad.norm().item() ** 2
    return total**0.5 < 1.0


rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)

for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    if calm(model.parameters()):
        optimizer.step()
    optimizer.zero_grad()
