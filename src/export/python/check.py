# --- about ---
"""LoRA Alpha: a check with PyTorch. train.py at alpha 64 (k = 4) against 16: an example, which an export replaces."""
# --- imports ---
import argparse, copy, json, math, os, re, sys
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # Otherwise CUDA may sum in another order each time.
try:
    import peft, torch, transformers
except ImportError as error: sys.exit(print(f"{error}; install torch, transformers, peft", file=sys.stderr) or 2)

# --- recipe ---
MODEL, SEED, BATCH = None, 42, 8
LORA = dict(r=8, target_modules=["q_proj", "v_proj"])
OPTIMIZER, CONSTANTS = torch.optim.AdamW, dict(betas=(0.9, 0.999))
NO_DECAY, VECTORS_WITH_B = None, False
SCHEDULE, WARMUP = "linear", 0.0
LIMIT = None
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
DEVICE, BATCHES, LENGTH = "cuda" if torch.cuda.is_available() else "cpu", 4, 32  # Batches in turn; tokens of a row.
CONTROLS = ["control-1", "control-2", "control-3"]  # The baseline again, with rounding noise on A and B.

def fail(message):
    sys.exit(print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr) or 64)

def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: fail(f"{message} (see --help)")
    parser.add_argument("--model", default=MODEL, help="name or path of the base model (default: %(default)s)")
    parser.add_argument("--tiny", nargs="?", const="auto", choices=["auto", "llama", "qwen2", "gpt2", "t5"], help="a small model")
    parser.add_argument("--data", help="JSONL file to train on: input_ids, text, or the whole row as text")
    parser.add_argument("--steps", type=lambda text: max(8, int(text)), default=24, help="8 or more")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    args = parser.parse_args()
    if not args.model and not args.tiny: parser.error("the config names no model; give --model or --tiny")
    return args

def base_model(args):  # The base model of the config, or a small random one of the same architecture.
    named = next((kind for kind in ("t5", "gpt2", "qwen2") if kind in str(args.model).lower()), "llama")
    read, kind, dtype = transformers.AutoConfig, named if args.tiny == "auto" else args.tiny, {"dtype": getattr(torch, args.dtype)}
    sizes = dict(hidden_size=64 * math.ceil(LORA["r"] / 64), intermediate_size=96, num_hidden_layers=2, vocab_size=128,
                 num_attention_heads=4, num_key_value_heads=4, initializer_range=0.2, pad_token_id=0, decoder_start_token_id=0)
    torch.manual_seed(SEED)
    try:
        config = read.for_model(kind, **sizes) if args.tiny else read.from_pretrained(args.model)
        auto = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
        return auto.from_config(config, **dtype) if args.tiny else auto.from_pretrained(args.model, **dtype)
    except Exception as error: fail(f"the model {args.model} cannot be loaded: {error}")

def batches(args, vocabulary):  # The mini-batches of every run: random tokens, or those of --data, one row after the other.
    tokens = torch.randint(vocabulary, (BATCHES * BATCH * LENGTH,)).tolist()
    if args.data:
        try:
            rows = [json.loads(line) for line in open(args.data, encoding="utf-8") if line.strip()]
            tokenizer = None if args.tiny else transformers.AutoTokenizer.from_pretrained(args.model)
            read = lambda text: tokenizer(text)["input_ids"] if tokenizer else list(text.encode())  # tiny: bytes
            some = [t for row in rows for t in row.get("input_ids") or read(str(row.get("text") or json.dumps(row)))]
            tokens = [int(some[i % len(some)]) for i, _ in enumerate(tokens)]
        except Exception as error:
            fail(f"{args.data} cannot be read as JSONL with an object in each line: {error}")
    return (torch.tensor(tokens) % vocabulary).view(BATCHES, BATCH, LENGTH)

def groups(model, run):  # The parameters as the trainer groups them: B's rate is the LoRA+ ratio times A's.
    made = {}
    for name, p in ((name, p) for name, p in model.named_parameters() if p.requires_grad):
        is_b = "lora_B" in name or (VECTORS_WITH_B and p.ndim == 1)
        is_free = NO_DECAY is not None and re.search(NO_DECAY, name.lower())
        made.setdefault((run.get("ratio", 1) if is_b else 1, 0.0 if is_free else run["numbers"]["weight_decay"]), []).append(p)
    return [{"params": ps, "lr": run["numbers"]["lr"] * ratio, "weight_decay": decay} for (ratio, decay), ps in made.items()]

def train(name, base, data, args):  # One run: its losses, and what it learned.
    run, nudge = RUNS[name], int(name.partition("control-")[2] or 0)
    torch.manual_seed(SEED)
    try:
        model = peft.get_peft_model(copy.deepcopy(base).to(DEVICE), peft.LoraConfig(**LORA, **run["lora"])).train()
    except Exception as error: fail(f"PEFT cannot build the adapter: {error}")
    optimizer = OPTIMIZER(groups(model, run), **CONSTANTS, **run["numbers"])
    if name in CODE: rescale(model, optimizer, CODE[name])
    torch.manual_seed(nudge)
    for key, p in model.named_parameters():  # A control: every element one unit in the last place up or down.
        if nudge and "lora_" in key: p.data.mul_(1 + torch.finfo(p.dtype).eps * (torch.rand_like(p) - 0.5).sign())
    schedule = transformers.get_scheduler(SCHEDULE, optimizer, math.ceil(WARMUP * args.steps), args.steps)
    torch.manual_seed(SEED)
    losses, clips, first, trained = [], 0, dict(learned(model)), [p for p in model.parameters() if p.requires_grad]
    for step in range(args.steps):
        tokens = data[step % BATCHES].to(DEVICE)
        loss = model(input_ids=tokens, labels=tokens).loss
        loss.backward()
        if run.get("max_value"): torch.nn.utils.clip_grad_value_(trained, run["max_value"])
        if run.get("max_norm"):  # torch.nn.utils.clip_grad_norm_, whose 1e-6 moves along here.
            grads, times = [p.grad for p in trained if p.grad is not None], run["max_norm"] / RUNS["base"]["max_norm"]
            norm = torch.stack([g.norm() for g in grads]).norm() + 1e-6 * times
            torch._foreach_mul_(grads, (run["max_norm"] / norm).clamp(max=1.0))
            clips += int(norm > run["max_norm"])
        optimizer.step(), schedule.step(), optimizer.zero_grad(), losses.append(loss.item())
        if sys.stderr.isatty(): print(f"\r{name}: step {step + 1} of {args.steps}      ", end="\r", file=sys.stderr)
    return {"losses": losses, "learned": dict(learned(model)), "first": first, "clips": clips}

def seen(w):  # A large matrix is seen through sixteen random columns, so that all runs fit into memory.
    if w.numel() > 2**22: w = w.flatten(1) @ torch.randn(w[0].numel(), 16, generator=torch.Generator().manual_seed(0)).to(w)
    return w.detach().double().cpu()

def learned(model):  # ΔW of every adapted module, and every other trained parameter.
    for name, m in model.named_modules():
        if hasattr(m, "get_delta_weight"): yield name, seen(m.get_delta_weight("default"))
    for name, p in model.named_parameters():
        if p.requires_grad and not re.search(r"lora_(embedding_)?[AB]\.default(\.weight)?$", name):
            layer = model.get_submodule(name.split(".lora_B")[0]) if ".lora_B" in name else None  # lora_bias
            yield name, (layer.scaling["default"] if layer else 1) * seen(p)

distance = lambda w, other: float(((other - w).abs().max() / w.abs().max().clamp(min=1e-30)).nan_to_num(nan=math.inf))

def apart(run, base):  # Relative differences from the baseline: of each loss, and the largest of each module. 0 = the same bits.
    least, pairs = 1e-5 * abs(base["losses"][0]), zip(run["losses"], base["losses"])
    steps = [0.0 if x == y else abs(x - y) / max(abs(y), least) if math.isfinite(x) else math.inf for x, y in pairs]
    modules = {name: distance(w, run["learned"][name]) for name, w in base["learned"].items()}
    return {"steps": steps, "loss": max(steps), "modules": modules, "weights": max(modules.values())}

def powers(name):  # The numbers of a run as powers of k, by which they are multiples of the baseline's.
    scaling = lambda run: run["lora"]["lora_alpha"] / LORA["r"] ** (0.5 if run["lora"].get("use_rslora") else 1)
    flat = lambda run: [float(x) for x in re.findall(r"\d[\d.e+-]*", repr({**run, "lora": None}))]
    run, base, k = RUNS[name], RUNS["base"], scaling(RUNS[name]) / scaling(RUNS["base"])
    factors = [x / y if x and y else 1 for x, y in zip(flat(run), flat(base), strict=True)] + CODE.get(name, [])
    return [math.log(x, k) for x in factors]

def judge(base, far):  # The verdict as `lora-alpha check` gives it, and why. The controls say what rounding error alone does.
    losses, own, alone, proof = base["losses"], far["rescaled"], far["alpha-only"]["loss"], far.get("proof", far["rescaled"])
    rounding, heavy = (max(run[of] for name, run in far.items() if name in CONTROLS) for of in ("loss", "weights"))
    least, said = 2.0**-24 * max(32, len(losses) / 2), f"loss {own['loss']:.0e}, ΔW {own['weights']:.0e}"
    limit, is_same = max(4 * rounding, least), own["loss"] == own["weights"] == 0
    moved = max(max(losses[i::BATCHES]) - min(losses[i::BATCHES]) for i in range(BATCHES)) / abs(losses[0])
    beyond = next((f"from step {i}" for i, d in enumerate(own["steps"], 1) if d > limit), None)
    travel = max(distance(w, base["first"][name]) for name, w in base["learned"].items())
    still = moved < 10 * (least if is_same else limit) or travel < 10 * (least if is_same else max(4 * heavy, 2e-5))
    if still or not math.isfinite(sum(losses)):
        return "undecided", f"the baseline moves too little or not at all: loss {moved:.0e}, weights {travel:.0e}"
    if alone <= (least if is_same else limit):
        return "undecided", "alpha alone changes no more than rounding error; train more steps"
    departs = "proof" in RUNS and any(abs(x - y) > 1e-6 for x, y in zip(powers("rescaled"), powers("proof")))
    if beyond or own["weights"] > max(4 * heavy, 2e-5) or departs:
        return "different", f"{said}, {'its numbers are not those of the proof' if departs else beyond or 'in the weights'}; rounding error alone {rounding:.0e}, {heavy:.0e}"
    if not proof["loss"] == proof["weights"] == 0:
        return "undecided", f"{said}: within rounding error, but at a power of four the bits should be the baseline's"
    if LIMIT: return "undecided", f"the same here, but not for certain in the trainer: {LIMIT}"
    idle = "; no gradient was long enough to be clipped" if RUNS["base"].get("max_norm") and not base["clips"] else ""
    within = f"{said}; rounding error alone {rounding:.0e}, {heavy:.0e}; the same bits at a power of four{idle}"
    return ("identical", f"every loss and every weight has the baseline's bits{idle}") if is_same else ("equivalent", within)

def main():
    args = arguments()
    if args.dtype == "bfloat16": print("Expect the same bits at powers of four, else differences of 1e-2", file=sys.stderr)
    torch.use_deterministic_algorithms(True, warn_only=True)
    base = base_model(args)
    data = batches(args, base.get_input_embeddings().num_embeddings)
    RUNS.update({name: RUNS["base"] for name in CONTROLS})
    runs = {name: train(name, base, data, args) for name in RUNS}
    far = {name: apart(run, runs["base"]) for name, run in runs.items()}
    verdict, why = judge(runs["base"], far)
    modules = [{"module": module, "deviation": d, "control": max(far[name]["modules"][module] for name in CONTROLS)}
               for module, d in far["rescaled"]["modules"].items()]
    variants = [{"name": name, "loss": run["losses"], "maxDeviation": far[name]["loss"], "deltaW": far[name]["weights"]}
                for name, run in runs.items()]
    made = {"model": f"tiny {base.config.model_type}" if args.tiny else args.model, "data": args.data or "random tokens"}
    made |= {"dtype": args.dtype, "device": DEVICE} | {package.__name__: package.__version__ for package in (torch, transformers, peft)}
    if args.json:
        whole = {"verdict": verdict, "why": why, "steps": args.steps, "variants": variants, "deltaW": modules, "environment": made}
        print(json.dumps(json.loads(json.dumps(whole), parse_constant=lambda _: None)))  # JSON has no infinity.
    else:
        print(f"{verdict}: {why}\n\n{'run':12}  last loss  largest difference of loss  of ΔW")
        for of in variants: print(f"{of['name']:12}  {of['loss'][-1]:<9.6g}  {of['maxDeviation']:<26.1e}  {of['deltaW']:.1e}")
        print(f"\n{', '.join(f'{key} {value}' for key, value in made.items())}\n\nΔW of the rescaled run (rounding error alone):")
        for of in modules: print(f"{of['deviation']:.1e} ({of['control']:.1e})  {of['module']}")
    sys.exit({"identical": 0, "equivalent": 0, "different": 1, "undecided": 2}[verdict])
try: main()
except Exception as error: fail(f"{type(error).__name__}: {error}")
