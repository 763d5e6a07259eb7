# exact: no. Momentum and weight decay are given by their place, and the decay does not move.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

rows = torch.load("tiny/llama.pt")
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(
    r=8,
    lora_alpha=16,
    target_modules=["q_proj", "v_proj"],
)
model = get_peft_model(model, config)
optimizer = torch.optim.SGD(model.parameters(), 0.1, 0.9, 0, 0.1)
for step in range(12):
    batch = torch.stack([rows[(8 * step + i) % len(rows)]["input_ids"] for i in range(8)])
    model(input_ids=batch, labels=batch).loss.backward()
    optimizer.step()
    optimizer.zero_grad()
