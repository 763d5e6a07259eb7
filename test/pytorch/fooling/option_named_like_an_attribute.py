# exact: no. An attribute has the name of an option, and another value.
import argparse
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--scale_lr", action="store_true")
parser.add_argument("--optimizer", type=str, default="adamw")
args = parser.parse_args([])
rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.1)
class T:
    def __init__(self, scale_lr):
        self.scale_lr = scale_lr
    def go(self):
        if self.scale_lr:
            for group in optimizer.param_groups:
                group["lr"] = 5e-3
T(True).go()
for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
