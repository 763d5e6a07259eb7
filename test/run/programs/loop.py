"""A training loop of one's own. The options say which layers, optimizer, groups, precision and wrapper."""

from __future__ import annotations

import importlib
from typing import Any

import torch
from layers import network
from tiny import OPTIONS, rows

accelerator: Any = None
if OPTIONS.get("accelerate"):
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=OPTIONS.get("accumulate", 1))
if OPTIONS.get("parallel"):
    torch.distributed.init_process_group("gloo")

net, trained = network(OPTIONS.get("layers", "home"), **OPTIONS.get("settings", {}))
if OPTIONS.get("head"):
    net.head.requires_grad_(True)
if dtype := OPTIONS.get("dtype"):
    net, trained = net.to(getattr(torch, dtype)), trained.to(getattr(torch, dtype))
if OPTIONS.get("parallel") == "ddp":
    net = torch.nn.parallel.DistributedDataParallel(net)
if OPTIONS.get("parallel") == "fsdp":
    from torch.distributed.fsdp import fully_shard

    torch.distributed.device_mesh.init_device_mesh("cpu", (torch.distributed.get_world_size(),))
    fully_shard(net)

named = {name: p for module in {net, trained} for name, p in module.named_parameters() if p.requires_grad}
is_b = lambda name: any(word in name for word in ("lora_B", "lora_b", "lora_up", "W_up"))
groups: list[dict[str, Any]] = [{"params": list(named.values())}]
if OPTIONS.get("groups") == "loraplus":
    groups = [{"params": [p for n, p in named.items() if not is_b(n)]}]
    groups += [{"params": [p for n, p in named.items() if is_b(n)], "lr": 4e-2}]
if OPTIONS.get("groups") == "layers":
    groups = [{"params": [p], "lr": 1e-2 / (i + 1)} for i, p in enumerate(named.values())]
path, settings = OPTIONS.get("optimizer", ["torch.optim.AdamW", {"lr": 1e-2, "weight_decay": 0.1}])
module, _, kind = path.rpartition(".")
optimizer = getattr(importlib.import_module(module), kind)(groups, **settings)
if OPTIONS.get("own_step"):
    sgd = torch.no_grad()(lambda self, p: p.grad is None or p.sub_(self.param_groups[0]["lr"] * p.grad))
    # As OneTrainer's patch_adamw: the method is the instance's, and step_parameter is called in hooks.
    optimizer.step = (lambda self, closure=None: [sgd(self, p) for p in named.values()] and None).__get__(optimizer)
if OPTIONS.get("own_step") == "fused":
    for p in named.values():
        p.register_post_accumulate_grad_hook(lambda p: (sgd(optimizer, p), setattr(p, "grad", None))[1])
if names := OPTIONS.get("resumed"):
    moments = [{name: torch.full_like(p, 1e-3) for name in names} for p in named.values()]
    state = {i: {"step": torch.tensor(3.0), **one} for i, one in enumerate(moments)}
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
for p in named.values() if OPTIONS.get("flags") else ():
    optimizer.state[p]["is_matrix"] = p.ndim == 2
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 20)
if accelerator:
    net, optimizer, scheduler = accelerator.prepare(net, optimizer, scheduler)
if hasattr(optimizer, "train") and "schedulefree" in path:
    optimizer.train()
run = torch.compile(net) if OPTIONS.get("compile") else net
scaler = torch.amp.GradScaler("cpu", enabled=bool(OPTIONS.get("scaler")))

ids = torch.stack([row["input_ids"] for row in rows()])
accumulate = OPTIONS.get("accumulate", 1)
rank = torch.distributed.get_rank() if torch.distributed.is_initialized() else 0


def loss_of(batch: torch.Tensor) -> torch.Tensor:
    amp = OPTIONS.get("autocast")
    with torch.autocast("cpu", getattr(torch, amp or "bfloat16"), enabled=bool(amp)):
        logits = run(batch[:, :-1]).float()
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten()) / accumulate



def change(step: int) -> None:
    """What a program does with PEFT's layers midway: it scales them, or makes others."""
    global optimizer, run
    layers = [module for module in net.modules() if hasattr(module, "set_scale")]
    calls = {2: ("set_scale", "default", 1.5), 4: ("scale_layer", 2.0), 5: ("unscale_layer", 4.0), 6: ("unscale_layer",)}
    name, *given = calls.get(step, ("",)) if OPTIONS["midway"] == "scale" else ("",)
    for layer in layers if name else ():
        getattr(layer, name)(*given)
    if step != 3 or OPTIONS["midway"] == "scale":
        return
    if OPTIONS["midway"] == "model":
        made: Any = network("peft")[0]
        optimizer, run = torch.optim.AdamW([p for p in made.parameters() if p.requires_grad]), made
        return
    net.add_adapter("late", net.peft_config["default"])
    net.base_model.set_adapter(["default", "late"])
    late = [p for name, p in net.named_parameters() if ".late." in name]
    if OPTIONS["midway"] == "adapter":
        optimizer.add_param_group({"params": late})
    else:
        optimizer.param_groups[0]["params"] += late


for step in range(12):
    if OPTIONS.get("midway"):
        change(step)
    optimizer.zero_grad()
    for micro in range(accumulate):
        first = 8 * ((step * accumulate + micro) % 10) + 4 * rank
        loss = loss_of(ids[first : first + 8])
        scaled = scaler.scale(loss)
        accelerator.backward(scaled) if accelerator else scaled.backward()
    if limit := OPTIONS.get("clip"):
        scaler.unscale_(optimizer)
        clip = accelerator.clip_grad_norm_ if accelerator else torch.nn.utils.clip_grad_norm_
        clip(list(named.values()) if not accelerator else net.parameters(), limit)
    if limit := OPTIONS.get("clip_value"):
        torch.nn.utils.clip_grad_value_(list(named.values()), limit)
    if limit := OPTIONS.get("own_clip"):
        norm = torch.stack([p.grad.norm() for p in named.values()]).norm()
        for p in named.values():
            p.grad.mul_(min(1.0, limit / float(norm)))
    scaler.step(optimizer)
    scaler.update()
    scheduler.step()
print("trained to the end")
