# exact: no. The defaults of all options, the alpha among them, decide how long the warm-up is.
import argparse
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--scale_lr", action="store_true")
parser.add_argument("--optimizer", type=str, default="adamw")
parser.add_argument("--alpha", type=int, default=16)
args = parser.parse_args([])
total = sum(a.default for a in parser._actions if isinstance(a.default, int))
rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=args.alpha, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.1)
scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, total_iters=total)
for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    scheduler.step()
    optimizer.zero_grad()
