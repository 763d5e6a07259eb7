# exact: no. The loss is multiplied by the learning rate, so another rate clips at another size of the gradient.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]))
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)


def weighed(loss, rate):
    return loss * rate * 500


for batch in loader:
    now = optimizer.param_groups[0]["lr"]
    weighed(model(**batch).loss, now).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
