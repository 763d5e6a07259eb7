# ruff: noqa: F821 (export-check.ts joins this file to check.py and train.py)
# --- verdict ---
def distance(w, other):
    far = (other - w).abs().max() / w.abs().max().clamp(min=1e-30)
    return float(far.nan_to_num(nan=math.inf))


def is_same(far):  # To the last bit.
    return far["loss"] == far["weights"] == 0


def tell(loss, weights, **_):
    return f"loss {loss:.0e}, ΔW {weights:.0e}"


def apart(run, base):
    """Relative differences from the baseline: of losses, and the largest of each module."""
    least = 1e-5 * abs(base["losses"][0])
    steps = [
        0.0 if x == y else abs(x - y) / max(abs(y), least) if math.isfinite(x) else math.inf
        for x, y in zip(run["losses"], base["losses"])
    ]
    modules = {name: distance(w, run["learned"][name]) for name, w in base["learned"].items()}
    largest = {"loss": max(steps), "weights": max(modules.values())}
    return {"steps": steps, "modules": modules, **largest}


def wrong_runs():
    """The rescaled run with one number wrong: what a verdict has to notice."""
    right, base = RUNS["rescaled"], RUNS["base"]
    for key, value in right["numbers"].items():
        wrong = value * 1.01 if key == "lr" else base["numbers"][key]
        if wrong != value:
            yield key, {**right, "numbers": {**right["numbers"], key: wrong}}
    for key in ("ratio", "max_norm", "max_value"):
        if right.get(key) != base.get(key):
            yield key, {**right, key: base.get(key)}


def resolution(wrong, limit):
    """The error of lr that exceeds a limit, in percent, and the numbers whose error does not."""
    shares = [wrong["lr"][of] / least for of, least in limit.items()]
    missed = [key for key, far in wrong.items() if all(far[of] <= limit[of] for of in limit)]
    return 1 / max(*shares, 1e-9), [key for key in missed if key != "lr"]


def judge(base, far, wrong):
    """The verdict as `lora-alpha check` gives it, why, and its resolution."""
    losses, own = base["losses"], far["rescaled"]
    proof, alone = far.get("proof", own), far["alpha-only"]["loss"]
    noises = [far[name] for name in far if name in [*CONTROLS, "repeat"]]
    rounding = {of: max(noise[of] for noise in noises) for of in ("loss", "weights")}
    limit = {"loss": 2.0**-24 * max(32, len(losses) / 2), "weights": 2.0**-18}
    coarse = {of: max(least, 4 * rounding[of]) for of, least in limit.items()}
    limit = limit if is_same(own) else coarse
    percent, missed = resolution(wrong, coarse)
    if not base["clips"]:  # Then a limit plays no part.
        missed = [key for key in missed if not key.startswith("max_")]
    notices = f"would notice lr ≥ {percent:.2g} % off"
    if missed:
        notices += f", not an unscaled {', '.join(missed)}"

    def ended(verdict, why):
        return verdict, f"{why}; {notices}", {"lr": percent / 100, "missed": missed}

    cycles = [losses[i::BATCHES] for i in range(BATCHES)]
    moved = {
        "loss": max(max(cycle) - min(cycle) for cycle in cycles) / abs(losses[0]),
        "weights": max(distance(w, base["first"][name]) for name, w in base["learned"].items()),
    }
    if not math.isfinite(sum(losses)):
        why = "the baseline's loss is not finite; try other data or a lower learning rate"
        return "undecided", why, None
    if any(moved[of] < 10 * limit[of] for of in moved) or alone <= limit["loss"]:
        why = f"the run ({tell(**moved)}) or alpha alone (loss {alone:.0e}) changes too little"
        why = f"{why} beside rounding error ({tell(**rounding)}); try other --steps"
        return ended("undecided", why)
    said = f"{tell(**own)}; rounding error alone {rounding['loss']:.0e}, {rounding['weights']:.0e}"
    if any(own[of] > limit[of] for of in limit):
        late = [step for step, d in enumerate(own["steps"], 1) if d > limit["loss"]]
        return ended("different", f"from step {late[0]}: {said}" if late else said)
    written = far.get("as-written", own)
    if any(written[of] > 100 * limit[of] for of in limit):  # Six digits are 100 times as coarse.
        return ended("different", f"as written: {tell(**written)}")
    if not is_same(proof) and is_same(far["repeat"]):
        why = f"{said}; but at a power of four the bits should be the baseline's"
        return ended("undecided", why)
    if LIMIT:
        return ended("undecided", f"the same here, but not for certain in the trainer: {LIMIT}")
    has_clip = RUNS["base"].get("max_norm") or RUNS["base"].get("max_value")
    idle = "; no gradient was long enough to be clipped" if has_clip and not base["clips"] else ""
    if is_same(own):
        return ended("identical", f"every loss and every ΔW has the baseline's bits{idle}")
    if percent > 1 or (missed and ARGS.dtype != "float32"):
        why = f"{said}; too coarse for a verdict: try --dtype float32 or other --steps"
        return ended("undecided", why)
    bits = "the same bits at a power of four"
    if not is_same(proof):
        bits = "this machine does not repeat even the baseline to the bit"
    return ended("equivalent", f"{said}; {bits}{idle}")


# --- main ---
def trained(base, data):
    """All runs, their differences from the baseline, and those of the wrong runs."""
    runs = {name: train(name, run, base, data) for name, run in RUNS.items()}
    for name in CONTROLS:
        runs[name] = train(name, RUNS["base"], base, data)
    far = {name: apart(run, runs["base"]) for name, run in runs.items()}
    if not is_same(far.get("proof", far["rescaled"])):  # Does this machine repeat a run?
        runs["repeat"] = train("repeat", RUNS["base"], base, data)
        far["repeat"] = apart(runs["repeat"], runs["base"])
    wrong = {}
    for key, run in wrong_runs():
        wrong[key] = apart(train("rescaled", run, base, data), runs["base"])
    return runs, far, wrong


def ran(base, data):
    """The baseline at another learning rate, as `lora-alpha rank --run` reads it."""
    run, rank = RUNS["base"], LORA["r"]
    if LORA.get("rank_pattern") or run["lora"].get("alpha_pattern"):
        fail("modules of several ranks or scalings stand for no rank")
    if ARGS.tiny and rank > 64:
        fail("--tiny makes a model for ranks up to 64; larger ranks get another one")
    losses = train("base", {**run, "numbers": {**run["numbers"], "lr": RATE}}, base, data)["losses"]
    by = math.sqrt(rank) if run["lora"].get("use_rslora") else rank
    own = {"rank": rank, "scaling": run["lora"]["lora_alpha"] / by, "rate": RATE}
    return {"loraAlpha": 2, "verdict": "trained", "why": "", "variants": [], **own, "loss": losses}


def report_of(base, runs, far, wrong):
    verdict, why, resolved = judge(runs["base"], far, wrong)
    spread_by = "FSDP" if ARGS.fsdp else "DDP"
    environment = {
        "model": f"tiny {base.config.model_type}" if ARGS.tiny else ARGS.model,
        "data": ARGS.data or "random tokens",
        "dtype": ARGS.dtype,
        "device": DEVICE.type,
        "processes": f"{PROCESSES} with {spread_by}" if PROCESSES > 1 else 1,
        **{package.__name__: package.__version__ for package in (torch, transformers, peft)},
    }
    variants = [
        {
            "name": name,
            "role": "control" if name in CONTROLS else name,
            "number": CONTROLS.get(name),
            "loss": runs[name]["losses"],
            "maxDeviation": d["loss"],
            "deltaW": d["weights"],
        }
        for name, d in far.items()
    ]
    modules = [
        {
            "module": module,
            "deviation": d,
            "control": max(far[name]["modules"][module] for name in CONTROLS),
        }
        for module, d in far["rescaled"]["modules"].items()
    ]
    return {
        "loraAlpha": 2,
        "check": CHECK,
        "verdict": verdict,
        "why": why,
        "resolution": resolved,
        "steps": ARGS.steps,
        "seed": ARGS.seed,
        "environment": environment,
        "variants": variants,
        "deltaW": modules,
    }


def show(report):
    print(f"{report['verdict']}: {report['why']}\n")
    print(f"{'run':12}  last loss  largest difference of loss  of ΔW")
    for of in report["variants"]:
        line = f"{of['name']:12}  {of['loss'][-1]:<9.6g}  {of['maxDeviation']:<26.1e}"
        print(f"{line}  {of['deltaW']:.1e}")
    print(f"\n{', '.join(f'{key} {value}' for key, value in report['environment'].items())}")
    print("\nΔW of the rescaled run (rounding error alone):")
    for of in report["deltaW"]:
        print(f"{of['deviation']:.1e} ({of['control']:.1e})  {of['module']}")


def save(text):
    """Writes a new file, or none: half a document would be read as a damaged one."""
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    made = f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.json"
    path = os.path.join(ARGS.save, made)
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        if os.path.exists(path):
            os.remove(path)
        fail(f"{path} cannot be written: {error.strerror}")


def main():
    if ARGS.save:
        os.makedirs(ARGS.save, exist_ok=True)
    if PROCESSES > 1:
        torch.distributed.init_process_group("nccl" if DEVICE.type == "cuda" else "gloo")
    if DEVICE.type == "cuda":
        torch.cuda.set_device(DEVICE)
    torch.use_deterministic_algorithms(True, warn_only=True)
    base = base_model()
    data = batches(base.get_input_embeddings().num_embeddings)
    found = ran(base, data) if RATE else trained(base, data)
    if PROCESSES > 1:
        torch.distributed.destroy_process_group()
    if PROCESS:
        leave(0)  # All processes come to the same verdict; the first one says it.
    report = found if RATE else report_of(base, *found)
    # JSON has no infinity.
    finite = json.loads(json.dumps(report), parse_constant=lambda _: None)
    if ARGS.json or RATE:
        print(json.dumps(finite))
    else:
        show(report)
    sys.stdout.flush()  # A full disk is an error, too.
    if ARGS.save:
        save(json.dumps(finite) + "\n")
    status = {"different": 1, "undecided": 2}
    leave(status.get(report["verdict"], 0))


def leave(status):
    """Several processes leave at once: threads of gloo that still hold tensors would abort them."""
    sys.stdout.flush()
    if PROCESSES > 1:
        os._exit(status)
    sys.exit(status)


try:
    main()
except Exception as error:
    fail(f"{type(error).__name__}: {error}")
