# ruff: noqa: F821 (export-check.ts joins this file to check.py and verdict.py)
# --- train ---
def train(name, run, base, data):
    """One run: its losses, and what it learned. A name with code runs the code of the plan."""
    nudge = CONTROLS.get(name, 0)
    torch.manual_seed(ARGS.seed)
    config = peft.LoraConfig(**LORA, **run["lora"])
    model = peft.get_peft_model(copy.deepcopy(base).to(DEVICE), config).train()
    torch.manual_seed(nudge)
    for key, p in model.named_parameters():
        if nudge and "lora_" in key:  # Every element one unit in the last place up or down.
            p.data.mul_(1 + torch.finfo(p.dtype).eps * (torch.rand_like(p) - 0.5).sign())
    forward = spread(model)
    optimizer = OPTIMIZER(groups(model, run), **CONSTANTS, **run["numbers"])
    if name in CODE:
        rescale(model, optimizer, CODE[name])
    warmup = math.ceil(WARMUP * ARGS.steps)
    schedule = transformers.get_scheduler(SCHEDULE, optimizer, warmup, ARGS.steps)
    torch.manual_seed(ARGS.seed)
    losses, clips, first = [], 0, dict(learned(model))
    trained = [p for p in model.parameters() if p.requires_grad]
    for step in range(ARGS.steps):
        loss = forward(input_ids=data[step % BATCHES], labels=data[step % BATCHES]).loss
        loss.backward()
        clips += clipped([p for p in trained if p.grad is not None], run)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.detach() / PROCESSES)
        if PROCESSES > 1:
            torch.distributed.all_reduce(losses[-1])
        if not PROCESS and sys.stderr.isatty():
            print(f"\r{name}: step {step + 1} of {ARGS.steps}      ", end="\r", file=sys.stderr)
    losses = [loss.item() for loss in losses]
    return {"losses": losses, "learned": dict(learned(model)), "first": first, "clips": clips}


def clipped(parameters, run):
    """Clips as torch does, whose 1e-6 moves along here. Whether a gradient was long enough."""
    is_clipped, grads = False, [p.grad for p in parameters]
    if value := run.get("max_value"):
        is_clipped = any((whole(g.abs().max()) > value).item() for g in grads)
        torch.nn.utils.clip_grad_value_(parameters, value)
    if limit := run.get("max_norm"):
        guard = 1e-6 * limit / RUNS["base"]["max_norm"]
        norm = whole(torch.stack([g.norm() for g in grads]).norm()) + guard
        torch._foreach_mul_(grads, (limit / norm).clamp(max=1.0).item())
        is_clipped = is_clipped or (norm > limit).item()
    return is_clipped


def whole(t):
    """Of a tensor of which each process has a share."""
    return t.full_tensor() if hasattr(t, "full_tensor") else t


def seen(w):
    """A large matrix is seen through sixteen random columns, so that all runs fit into memory."""
    if w.numel() > 2**22:
        generator = torch.Generator().manual_seed(0)
        w = w.flatten(1) @ torch.randn(w[0].numel(), 16, generator=generator).to(w)
    return w.detach().double().cpu()


def learned(model):
    """ΔW of every adapted module, and every other trained parameter."""
    for name, m in model.named_modules():
        if hasattr(m, "get_delta_weight"):
            yield name, seen(whole(m.get_delta_weight("default")))
    for name, p in model.named_parameters():
        if p.requires_grad and not re.search(r"lora_(embedding_)?[AB]\.default(\.weight)?$", name):
            times = 1
            if ".lora_B" in name:  # lora_bias
                times = model.get_submodule(name.split(".lora_B")[0]).scaling["default"]
            yield name, times * seen(whole(p))
