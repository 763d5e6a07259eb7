# exact: no. A dict fills the fields, and turns on what sets an absolute rate.
import json
import torch
from dataclasses import dataclass
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, HfArgumentParser

@dataclass
class Options:
    lr: float = 2e-3
    scale_lr: bool = False

args = HfArgumentParser(Options).parse_dict(json.loads('{"scale_lr": true}'))[0]
rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.1)
if args.scale_lr:
    for group in optimizer.param_groups:
        group["lr"] = 5e-3
for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
