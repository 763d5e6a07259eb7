# exact: no. An object that is no command line turns on what sets an absolute rate.
import argparse
import json
import types
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--scale_lr", action="store_true")
parser.add_argument("--optimizer", type=str, default="adamw")
args = parser.parse_known_args()[0]
def tune(cfg, optimizer):
    if cfg.scale_lr:
        for group in optimizer.param_groups:
            group["lr"] = 5e-3
rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.1)
tune(json.loads('{"scale_lr": true}', object_hook=lambda d: types.SimpleNamespace(**d)), optimizer)
for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
