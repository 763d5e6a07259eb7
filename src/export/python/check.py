# --- about ---
"""LoRA Alpha: a check with PyTorch. train.py at alpha 64 (k = 4) against 16: an example, which an export replaces."""
# --- imports ---
import argparse, copy, json, math, os, re, sys, time
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # Otherwise CUDA may sum in another order each time.
try: import peft, torch, transformers
except ImportError as error: sys.exit(print(f"{error}; install torch, transformers, peft", file=sys.stderr) or 2)

# --- recipe ---
CHECK = dict(config="train.py", trainer="PEFT", plan="symmetric", alpha=(16, 64), k=4)
MODEL, SEED, BATCH = None, 42, 8
LORA = dict(r=8, target_modules=["q_proj", "v_proj"])
OPTIMIZER, CONSTANTS = torch.optim.AdamW, dict(betas=(0.9, 0.999))
NO_DECAY, VECTORS_WITH_B = None, False
SCHEDULE, WARMUP, LIMIT = "linear", 0.0, None
RUNS = {
    "base": dict(lora=dict(lora_alpha=16), numbers=dict(lr=2e-3, weight_decay=0.01, eps=1e-8), max_norm=1.0),
    "rescaled": dict(lora=dict(lora_alpha=64), numbers=dict(lr=1e-3, weight_decay=0.02, eps=2e-8), max_norm=2.0),
    "alpha-only": dict(lora=dict(lora_alpha=64), numbers=dict(lr=2e-3, weight_decay=0.01, eps=1e-8), max_norm=1.0),
}

CODE = {"rescaled": [2.0]}


def rescale(model, optimizer, by):  # What the plan does when the optimizer is made.
    for name, p in model.named_parameters():
        if name.endswith((".lora_A.default.weight", ".lora_B.default.weight")):
            p.data.div_(by[0])


# --- check ---
BATCHES, LENGTH = 4, 32  # Mini-batches, which are trained on in turn, and the tokens of a row.
CONTROLS = {f"control-{n}": n for n in (1, 2, 3)}  # The baseline again, with rounding noise on A and B from this seed.
PROCESS, PROCESSES, GPU = (int(os.environ.get(name, usual)) for name, usual in (("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0)))
DEVICE = torch.device("cuda", GPU) if torch.cuda.is_available() else torch.device("cpu")
def fail(message): sys.exit(print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr) or 64)
def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: fail(f"{message} (see --help)")
    parser.add_argument("--model", default=MODEL, help="name or path of the base model (default: %(default)s)")
    parser.add_argument("--tiny", nargs="?", const="auto", choices=["auto", "llama", "qwen2", "gpt2", "t5"], help="a small model")
    parser.add_argument("--data", help="JSONL file; the first tokens of its input_ids, text, or rows are trained on")
    parser.add_argument("--steps", type=lambda text: max(8, int(text)), default=24, help="8 or more")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32",
                        help="in bfloat16 expect the same bits at powers of four, else differences of 1e-2")
    parser.add_argument("--fsdp", action="store_true", help="under torchrun, accelerate: a share of the model in each process")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--save", metavar="FOLDER", help="write the document to a new file in this folder")
    args = parser.parse_args()
    return args if args.model or args.tiny else parser.error("the config names no model; give --model or --tiny")

def base_model(args):  # The base model of the config, or a small random one of the same architecture.
    named = next((kind for kind in ("t5", "gpt2", "qwen2") if kind in str(args.model).lower()), "llama")
    read, kind, dtype = transformers.AutoConfig, named if args.tiny == "auto" else args.tiny, {"dtype": getattr(torch, args.dtype)}
    sizes = dict(hidden_size=64 * math.ceil(LORA["r"] / 64), intermediate_size=96, num_hidden_layers=2, vocab_size=128,
                 num_attention_heads=4, num_key_value_heads=4, initializer_range=0.2, pad_token_id=0, decoder_start_token_id=0)
    torch.manual_seed(args.seed)
    try: config = read.for_model(kind, **sizes) if args.tiny else read.from_pretrained(args.model)
    except Exception as error: fail(f"the model {args.model} cannot be loaded: {error}")
    auto = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
    return auto.from_config(config, **dtype) if args.tiny else auto.from_pretrained(args.model, **dtype)
def batches(args, vocabulary):  # The mini-batches of this process: random tokens, or those of --data, one row after the other.
    tokens = torch.randint(vocabulary, (BATCHES, PROCESSES, BATCH, LENGTH))
    try:
        if args.data:
            rows = [json.loads(line) for line in open(args.data, encoding="utf-8-sig") if line.strip()] or fail(f"{args.data} is empty")
            tokenizer = None if args.tiny else transformers.AutoTokenizer.from_pretrained(args.model)
            read = lambda text: tokenizer(text)["input_ids"] if tokenizer else list(text.encode())  # tiny: bytes
            some = [t for row in rows for t in row.get("input_ids") or read(str(row.get("text") or json.dumps(row)))]
            tokens = torch.tensor([int(some[i % len(some)]) for i in range(tokens.numel())]).view_as(tokens) % (vocabulary if args.tiny else 2**62)
    except Exception as error: fail(f"{args.data} cannot be read as JSONL with an object in each line: {error}")
    return tokens[:, PROCESS].to(DEVICE)
def groups(model, run):  # The parameters as the trainer groups them: B's rate is the LoRA+ ratio times A's.
    made, numbers = {}, run["numbers"]
    for name, p in model.named_parameters():
        lr = numbers["lr"] * run.get("ratio", 1) if "lora_B" in name or (VECTORS_WITH_B and p.ndim == 1) else numbers["lr"]
        decay = 0.0 if NO_DECAY and re.search(NO_DECAY, name.lower()) else numbers["weight_decay"]
        if p.requires_grad: made.setdefault((lr, decay), []).append(p)
    return [{"params": ps, "lr": lr, "weight_decay": decay} for (lr, decay), ps in made.items()]
def spread(model, args):  # Over the processes: the whole model in each, or a share of every block.
    if PROCESSES == 1 or not args.fsdp: return torch.nn.parallel.DistributedDataParallel(model) if PROCESSES > 1 else model
    blocks = [m for m in model.modules() if type(m).__name__ in (model._no_split_modules or [])]
    return [torch.distributed.fsdp.fully_shard(m) for m in [*blocks, model]][-1]

def train(name, base, data, args):  # One run: its losses, and what it learned.
    run, nudge = RUNS.get(name, RUNS["base"]), CONTROLS.get(name, 0)
    torch.manual_seed(args.seed)
    model = peft.get_peft_model(copy.deepcopy(base).to(DEVICE), peft.LoraConfig(**LORA, **run["lora"])).train()
    torch.manual_seed(nudge)
    for key, p in model.named_parameters():  # A control: every element one unit in the last place up or down.
        if nudge and "lora_" in key: p.data.mul_(1 + torch.finfo(p.dtype).eps * (torch.rand_like(p) - 0.5).sign())
    forward = spread(model, args)
    optimizer = OPTIMIZER(groups(model, run), **CONSTANTS, **run["numbers"])
    if name in CODE: rescale(model, optimizer, CODE[name])
    schedule = transformers.get_scheduler(SCHEDULE, optimizer, math.ceil(WARMUP * args.steps), args.steps)
    torch.manual_seed(args.seed)
    losses, clips, first, trained = [], 0, dict(learned(model)), [p for p in model.parameters() if p.requires_grad]
    for step in range(args.steps):
        loss = forward(input_ids=data[step % BATCHES], labels=data[step % BATCHES]).loss
        loss.backward()
        if run.get("max_value"): torch.nn.utils.clip_grad_value_(trained, run["max_value"])
        if run.get("max_norm"):  # torch.nn.utils.clip_grad_norm_, whose 1e-6 moves along here.
            grads, times = [p.grad for p in trained if p.grad is not None], run["max_norm"] / RUNS["base"]["max_norm"]
            norm = whole(torch.stack([g.norm() for g in grads]).norm()) + 1e-6 * times
            torch._foreach_mul_(grads, (run["max_norm"] / norm).clamp(max=1.0).item())
            clips += int(norm > run["max_norm"])
        optimizer.step(), schedule.step(), optimizer.zero_grad()
        losses.append(loss.detach() / PROCESSES)
        if PROCESSES > 1: torch.distributed.all_reduce(losses[-1])
        if not PROCESS and sys.stderr.isatty(): print(f"\r{name}: step {step + 1} of {args.steps}      ", end="\r", file=sys.stderr)
    return {"losses": [loss.item() for loss in losses], "learned": dict(learned(model)), "first": first, "clips": clips}
whole = lambda t: t.full_tensor() if hasattr(t, "full_tensor") else t  # The processes may have a share of it each.
def seen(w):  # A large matrix is seen through sixteen random columns, so that all runs fit into memory.
    if w.numel() > 2**22: w = w.flatten(1) @ torch.randn(w[0].numel(), 16, generator=torch.Generator().manual_seed(0)).to(w)
    return w.detach().double().cpu()

def learned(model):  # ΔW of every adapted module, and every other trained parameter.
    for name, m in model.named_modules():
        if hasattr(m, "get_delta_weight"): yield name, seen(whole(m.get_delta_weight("default")))
    for name, p in model.named_parameters():
        if p.requires_grad and not re.search(r"lora_(embedding_)?[AB]\.default(\.weight)?$", name):
            layer = model.get_submodule(name.split(".lora_B")[0]) if ".lora_B" in name else None  # lora_bias
            yield name, (layer.scaling["default"] if layer else 1) * seen(whole(p))
distance = lambda w, other: float(((other - w).abs().max() / w.abs().max().clamp(min=1e-30)).nan_to_num(nan=math.inf))
is_same = lambda far: far["loss"] == far["weights"] == 0  # To the last bit.
tell = lambda loss, weights, **_: f"loss {loss:.0e}, ΔW {weights:.0e}"
def apart(run, base):  # Relative differences from the baseline: of each loss, and the largest of each module. 0 = the same bits.
    least, pairs = 1e-5 * abs(base["losses"][0]), zip(run["losses"], base["losses"])
    steps = [0.0 if x == y else abs(x - y) / max(abs(y), least) if math.isfinite(x) else math.inf for x, y in pairs]
    modules = {name: distance(w, run["learned"][name]) for name, w in base["learned"].items()}
    return {"steps": steps, "loss": max(steps), "modules": modules, "weights": max(modules.values())}

def judge(base, far):  # The verdict as `lora-alpha check` gives it, and why. The controls say what rounding error alone does.
    losses, own, proof, alone = base["losses"], far["rescaled"], far.get("proof", far["rescaled"]), far["alpha-only"]["loss"]
    rounding = {of: max(far[name][of] for name in far if name in [*CONTROLS, "repeat"]) for of in ("loss", "weights")}
    limit = {"loss": 2.0**-24 * max(32, len(losses) / 2), "weights": 2.0**-18}
    if not is_same(own): limit = {of: max(least, 4 * rounding[of]) for of, least in limit.items()}
    moved = {"loss": max(max(losses[i::BATCHES]) - min(losses[i::BATCHES]) for i in range(BATCHES)) / abs(losses[0]),
             "weights": max(distance(w, base["first"][name]) for name, w in base["learned"].items())}
    if not math.isfinite(sum(losses)): return "undecided", "the baseline's loss is not finite; try other data or a lower learning rate"
    if any(moved[of] < 10 * limit[of] for of in moved) or alone <= limit["loss"]:
        changes = f"the run ({tell(**moved)}) or alpha alone (loss {alone:.0e}) changes too little"
        return "undecided", f"{changes} beside rounding error ({tell(**rounding)}); try other --steps"
    said = tell(**own) + "; rounding error alone {loss:.0e}, {weights:.0e}".format(**rounding)
    if any(own[of] > limit[of] for of in limit):
        return "different", next((f"from step {i}: " for i, d in enumerate(own["steps"], 1) if d > limit["loss"]), "") + said
    if any(far.get("as-written", own)[of] > 100 * limit[of] for of in limit):  # Six digits are 100 times as coarse.
        return "different", f"as written: {tell(**far['as-written'])}"
    if not is_same(proof) and is_same(far["repeat"]):
        return "undecided", f"{said}; but at a power of four the bits should be the baseline's"
    if LIMIT: return "undecided", f"the same here, but not for certain in the trainer: {LIMIT}"
    idle = "; no gradient was long enough to be clipped" if RUNS["base"].get("max_norm") and not base["clips"] else ""
    if is_same(own): return "identical", f"every loss and every ΔW has the baseline's bits{idle}"
    bits = "the same bits at a power of four" if is_same(proof) else "this machine does not repeat even the baseline to the bit"
    return "equivalent", f"{said}; {bits}{idle}"

def main():
    args = arguments()
    name = f"{os.path.splitext(os.path.basename(sys.argv[0]))[0]}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.json"
    if args.save: os.makedirs(args.save, exist_ok=True)
    if PROCESSES > 1: torch.distributed.init_process_group("nccl" if DEVICE.type == "cuda" else "gloo")
    if DEVICE.type == "cuda": torch.cuda.set_device(DEVICE)
    torch.use_deterministic_algorithms(True, warn_only=True)
    data = batches(args, (base := base_model(args)).get_input_embeddings().num_embeddings)
    runs = {name: train(name, base, data, args) for name in [*RUNS, *CONTROLS]}
    far = {name: apart(run, runs["base"]) for name, run in runs.items()}
    if not is_same(far.get("proof", far["rescaled"])):  # Does this machine repeat a run to the bit?
        runs["repeat"] = train("repeat", base, data, args)
        far["repeat"] = apart(runs["repeat"], runs["base"])
    if PROCESSES > 1: torch.distributed.destroy_process_group()
    if PROCESS: sys.exit()  # All processes come to the same verdict; the first one says it.
    verdict, why = judge(runs["base"], far)
    made = {"model": f"tiny {base.config.model_type}" if args.tiny else args.model, "data": args.data or "random tokens",
            "dtype": args.dtype, "device": DEVICE.type, "processes": f"{PROCESSES} with {'FSDP' if args.fsdp else 'DDP'}" if PROCESSES > 1 else 1,
            **{package.__name__: package.__version__ for package in (torch, transformers, peft)}}
    report = {"loraAlpha": 2, "check": CHECK, "verdict": verdict, "why": why, "steps": args.steps, "seed": args.seed, "environment": made}
    report["variants"] = [{"name": n, "role": "control" if n in CONTROLS else n, "number": CONTROLS.get(n), "loss": runs[n]["losses"],
                           "maxDeviation": d["loss"], "deltaW": d["weights"]} for n, d in far.items()]
    report["deltaW"] = [{"module": module, "deviation": d, "control": max(far[name]["modules"][module] for name in CONTROLS)}
                        for module, d in far["rescaled"]["modules"].items()]
    text = json.dumps(json.loads(json.dumps(report), parse_constant=lambda _: None))  # JSON has no infinity.
    if args.json: print(text)
    else:
        print(f"{verdict}: {why}\n\n{'run':12}  last loss  largest difference of loss  of ΔW")
        for of in report["variants"]: print("{name:12}  {last:<9.6g}  {maxDeviation:<26.1e}  {deltaW:.1e}".format(**of, last=of["loss"][-1]))
        print(f"\n{', '.join(f'{key} {value}' for key, value in made.items())}\n\nΔW of the rescaled run (rounding error alone):")
        for of in report["deltaW"]: print("{deviation:.1e} ({control:.1e})  {module}".format(**of))
    if args.save: print(text, file=open(os.path.join(args.save, name), "x", encoding="utf-8"))
    sys.exit({"identical": 0, "equivalent": 0, "different": 1, "undecided": 2}[verdict])
try: main()
except Exception as error: fail(f"{type(error).__name__}: {error}")
