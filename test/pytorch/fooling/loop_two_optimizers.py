# exact: may. Two optimizers, of A and of B, whose rates can both be moved.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, get_cosine_schedule_with_warmup

rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
optimizer = torch.optim.AdamW([p for name, p in named if "lora_A" in name], lr=1e-3)
optimizer_b = torch.optim.SGD([p for name, p in named if "lora_B" in name], lr=0.1)

for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer_b.step()
    optimizer_b.zero_grad()
    optimizer.zero_grad()
