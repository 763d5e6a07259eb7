"""Scripts with a loop of their own that try to be called exact; see `fooling.py`."""

from __future__ import annotations

from cells.fooling import may, nearly, no

PARSER = """
import argparse, json, types
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--scale_lr", action="store_true")
parser.add_argument("--optimizer", type=str, default="adamw")
"""
FIELDS = """
import json
from dataclasses import dataclass
from transformers import HfArgumentParser
@dataclass
class Options:
    lr: float = 2e-3
    scale_lr: bool = False
"""
MORE_FIELDS = """
@dataclass
class More(Options):
    def __post_init__(self):
        self.scale_lr = True
args = HfArgumentParser(More).parse_args_into_dataclasses(args=[])[0]
"""
ADAMW = "optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.1)\n"
SCALED = f"""{ADAMW}
if args.scale_lr:
    for group in optimizer.param_groups:
        group["lr"] = 5e-3
"""
SCHEDULED = "optimizer.step()\nscheduler.step()"
CLIPPED = "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\noptimizer.step()"
BACKWARD = "model(**batch).loss.backward()"
WITHIN = """
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM
class Weighed(torch.nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body
        self.head = torch.nn.Linear(1, 1)
    def forward(self, **batch):
        return self.head(self.body(**batch).loss.reshape(1, 1)).squeeze() ** 2
rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
torch.manual_seed(0)
net = Weighed(AutoModelForCausalLM.from_pretrained("tiny/llama"))
net.body = get_peft_model(net.body, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]))
net.train()
optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.1)
for batch in loader:
    loss = net(**batch)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
"""


CELLS = [
    no("defaults_summed", "The defaults of all options, the alpha among them, decide how long the warm-up is.", imports=f"""{PARSER}
parser.add_argument("--alpha", type=int, default=16)
args = parser.parse_args([])
total = sum(a.default for a in parser._actions if isinstance(a.default, int))
""", alpha="args.alpha", optimizer=ADAMW, step=SCHEDULED,
       scheduler="scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, total_iters=total)"),
    no("groups_merged", "A group of parameters is merged from two dicts, and has a learning rate that no plan moves.", optimizer="""
        slow = {"lr": 5e-4}
        group = {"params": [p for p in model.parameters() if p.requires_grad]} | slow
        optimizer = torch.optim.AdamW([group], lr=2e-3, weight_decay=0.1)
    """),
    no("groups_of_a_function", "The rate and the decay that train stand in a group that a function makes.", imports="""
        def grouped(model):
            return [{"params": [p for p in model.parameters() if p.requires_grad], "lr": 5e-3, "weight_decay": 0.2}]
    """, optimizer="optimizer = torch.optim.AdamW(grouped(model), lr=2e-3)", loss=BACKWARD),
    no("head_handed_on", "A function that is given its arguments by name unfreezes a part of the model.", imports="""
        def unfreeze(**parts):
            for part in parts.values():
                part.requires_grad_(True)
    """, after="unfreeze(head=model.base_model.model.lm_head)", step="optimizer.step()"),
    no("head_unfrozen_in_a_loop", "The head trains too, unfrozen parameter by parameter, and has no scaling.", after="""
        for parameter in model.lm_head.parameters():
            parameter.requires_grad = True
    """, optimizer="""
        optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.1)
    """, loss=BACKWARD),
    nearly("loop_accelerate_clip", "accelerate clips, by a norm that can be moved.", scheduler="""
        accelerator = Accelerator()
        model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    """, step="accelerator.clip_grad_norm_(model.parameters(), 0.05)\noptimizer.step()",
           imports="from accelerate import Accelerator"),
    no("loop_adaptive_clip", "Gradients are clipped against the size of their weights, which moves the other way.", step="""
        for p in model.parameters():
            if p.grad is not None:
                most = 0.01 * p.norm().clamp(min=1e-3)
                if p.grad.norm() > most:
                    p.grad.mul_(most / p.grad.norm())
        optimizer.step()
    """),
    no("loop_autocast_by_name", "float16 under a name that sounds like a test: small gradients are lost, others in each run.", imports="""
        def latest(model, batch):
            with torch.autocast("cpu", dtype=torch.float16):
                return model(**batch).loss
    """, loss="latest(model, batch).backward()"),
    may("loop_betas_written", "Betas have no unit.", step="""
        for group in optimizer.param_groups:
            group["betas"] = (0.8, 0.99)
        optimizer.step()
    """),
    may("loop_ema", "An average of the weights replaces them at the end; averages have no unit.", scheduler="""
        from torch.optim.swa_utils import AveragedModel
        average = AveragedModel(model)
    """, step="optimizer.step()\naverage.update_parameters(model)"),
    no("loop_floor_in_lambda", "A lambda divides an absolute floor by the rate at the start.", scheduler="""
        optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(FLOOR / 2e-3, 1 - step / 12))
    """, optimizer="RATE, FLOOR = 2e-3, 1e-3", step=SCHEDULED),
    no("loop_manual_schedule", "The loop computes each rate, from a peak of its own.", step="""
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - loss.item() / 100)
        optimizer.step()
    """),
    no("loop_norm_in_a_function", "A function judges the size of the gradients, and steps with large ones are skipped.", imports="""
        def calm(parameters):
            total = 0.0
            for p in parameters:
                if p.grad is not None:
                    total += p.grad.norm().item() ** 2
            return total**0.5 < 1.0
    """, step="if calm(model.parameters()):\n    optimizer.step()"),
    no("loop_norm_of_weights", "Each step ends with weights of an absolute length at most.", step="""
        optimizer.step()
        with torch.no_grad():
            for name, p in model.named_parameters():
                if "lora_" in name:
                    p.copy_(torch.renorm(p, 2, 0, 0.05))
    """),
    no("loop_rate_halfway", "The rate of the group is replaced half way.",
       step='optimizer.step()\nif loss < 5:\n    optimizer.param_groups[0]["lr"] = 5e-4'),
    no("loop_sgd_by_hand", "The loop moves the weights itself, at a rate that no optimizer holds.", step="""
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p.sub_(0.05 * p.grad)
    """),
    no("loop_skips_large_steps", "Steps with large gradients are skipped, at an absolute size behind a test for NaN.", step="""
        size = torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9)
        optimizer.step() if torch.isfinite(size) and size < 0.5 else None
    """),
    no("loop_skips_steps", "Steps with small gradients are skipped, at an absolute size.", step="""
        norm = sum(p.grad.norm() for p in model.parameters() if p.grad is not None)
        if norm > 0.5:
            optimizer.step()
    """),
    no("loop_steps_in_else", "The step stands in the else of a test of the gradient's size.", step="""
        grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9)
        if grad_norm > 0.5:
            print("skipped")
        else:
            optimizer.step()
    """, loss=BACKWARD),
    no("loop_steps_by_and", "Steps with large gradients are skipped, by an `and` that is assigned.", step="""
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9)
        _ = norm < 0.4 and optimizer.step()
    """),
    no("loop_steps_by_text", "Steps with large gradients are skipped, by a text of their norm.", step="""
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9)
        if float(f"{norm:.3f}") < 0.4:
            optimizer.step()
    """),
    no("loop_swa", "SWALR anneals to an absolute rate.", scheduler="""
        from torch.optim.swa_utils import SWALR
        scheduler = SWALR(optimizer, swa_lr=5e-4, anneal_epochs=6)
    """, step=SCHEDULED),
    may("loop_two_optimizers", "Two optimizers, of A and of B, whose rates can both be moved.", scheduler="""
        optimizer = torch.optim.AdamW([p for name, p in named if "lora_A" in name], lr=1e-3)
        optimizer_b = torch.optim.SGD([p for name, p in named if "lora_B" in name], lr=0.1)
    """, optimizer="named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]",
        step="optimizer.step()\noptimizer_b.step()\noptimizer_b.zero_grad()"),
    no("loop_weights_by_numpy", "NumPy clips the memory of the weights.", imports="import numpy as np", step="""
        optimizer.step()
        for p in model.parameters():
            view = p.detach().numpy()
            if p.requires_grad:
                np.clip(view, -0.02, 0.02, out=view)
    """),
    no("loss_times_scaling", "The loss is multiplied by the scaling, so another alpha clips at another size of the gradient.",
       loss="loss = model(**batch).loss * config.lora_alpha / config.r\nloss.backward()", step=CLIPPED),
    no("model_by_attribute", "A function finds the model by the name of an attribute, and clamps it.", imports="""
        class Bag:
            pass
        def tame(layer):
            if type(layer) is torch.nn.Linear:
                layer.weight.data.clamp_(-0.02, 0.02)
    """, after="bag = Bag()\nbag.first = model", step="optimizer.step()\nfor which in (\"first\",):\n    getattr(bag, which).apply(tame)"),
    no("model_within_another", "The model with LoRA is part of another, whose head trains whole beside it.", text=WITHIN),
    no("optimizer_by_place", "Momentum and weight decay are given by their place, and the decay does not move.",
       optimizer="optimizer = torch.optim.SGD(model.parameters(), 0.1, 0.9, 0, 0.1)"),
    no("option_named_like_an_attribute", "An attribute has the name of an option, and another value.", optimizer=f"""{ADAMW}
class T:
    def __init__(self, scale_lr):
        self.scale_lr = scale_lr
    def go(self):
        if self.scale_lr:
            for group in optimizer.param_groups:
                group["lr"] = 5e-3
T(True).go()
""", imports=f"{PARSER}args = parser.parse_args([])"),
    no("options_by_dict", "A dict fills the fields, and turns on what sets an absolute rate.", optimizer=SCALED,
       imports=FIELDS + "args = HfArgumentParser(Options).parse_dict(json.loads('{\"scale_lr\": true}'))[0]"),
    no("options_by_namespace", "The namespace that the parser fills sets another value than the default.", optimizer=SCALED,
       imports=f"{PARSER}args = parser.parse_args([], namespace=argparse.Namespace(scale_lr=True))"),
    no("options_by_text", "A command line in the program turns on what sets an absolute rate.", optimizer=SCALED,
       imports=f'{PARSER}args = parser.parse_args("--scale_lr --lr 5e-4".split())'),
    no("options_of_another_object", "An object that is no command line turns on what sets an absolute rate.", imports=f"""{PARSER}
args = parser.parse_known_args()[0]
def tune(cfg, optimizer):
    if cfg.scale_lr:
        for group in optimizer.param_groups:
            group["lr"] = 5e-3
""", optimizer=ADAMW + """
tune(json.loads('{"scale_lr": true}', object_hook=lambda d: types.SimpleNamespace(**d)), optimizer)
"""),
    no("options_of_subclass", "A derived class turns on what sets an absolute rate.", imports=FIELDS + MORE_FIELDS, optimizer=SCALED),
    no("rate_in_the_loss", "The loss is multiplied by the rate, so another rate clips at another size of the gradient.", imports="""
        def weighed(loss, rate):
            return loss * rate * 500
    """, loss="""
        now = optimizer.param_groups[0]["lr"]
        weighed(model(**batch).loss, now).backward()
    """, step=CLIPPED),
]
