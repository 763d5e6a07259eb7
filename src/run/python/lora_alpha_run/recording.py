"""The recording: what is known so far, how it is written, how the program ends. No torch here."""

import atexit
import json
import os
import sys

SETTINGS, PROCESS = json.loads(os.environ["LORA_ALPHA_RUN"]), os.getpid()
PLAN, NOISE = SETTINGS.get("plan") or {}, SETTINGS.get("noise")
RUN = {"format": "lora-alpha-run/1", "command": sys.argv, "steps": 0, "refused": None}
RUN |= {name: [] for name in "losses optimizers clips modules sketches notSeen".split()}
RUN |= {"others": {"count": 0, "names": []}, "precision": {"autocast": None, "scaler": None}}
LIBRARIES = """torch transformers peft trl accelerate diffusers unsloth axolotl llamafactory swift
litgpt lightning torchtune nemo_automodel bitsandbytes deepspeed loralib lycoris schedulefree
prodigyopt torchao datasets ray""".split()
DOUBTS = {
    "recorder": "The recorder failed:",
    "resumed": "The optimizer's state was loaded from a checkpoint, which no plan rescales.",
    "late": "LoRA was made, loaded, or came to the optimizer too late to be rescaled by a plan.",
    "hidden": "FSDP 1 and DeepSpeed keep factors in flat buffers and clip out of sight.",
    "fused": "The optimizer steps inside the backward pass, where no plan reaches its numbers.",
    "graph": "The step is captured in a CUDA graph, and its replay is not seen.",
    "gradients-changed": "The program changes gradients before the step (its own clipping?).",
    "factors-changed": "The program itself writes LoRA's factors between two steps.",
    "scaling-changed": "The program changed the scaling of LoRA during the run.",
    "uneven": "The loss, a hook or clipping treats A and B by themselves (a penalty?).",
    "patched": "The step of the optimizer runs other code too, so its rule may be another one:",
}


def doubt(what, is_so=True, detail=""):
    """What the recording does not show. Some would apply a plan by halves, so it is refused."""
    if is_so and what not in [seen["what"] for seen in RUN["notSeen"]]:
        RUN["notSeen"].append({"what": what, "why": f"{DOUBTS[what]} {detail}"[:500].strip()})
        if PLAN and what in ("recorder", "resumed", "late", "hidden", "fused"):
            refuse(RUN["notSeen"][-1]["why"])


def safely(function, *args):
    """The recorder's errors are its own: noted, and the program goes on, unless it has a plan."""
    try:
        return None if "ended" in RUN else function(*args)
    except Exception as error:
        doubt("recorder", detail=repr(error))


def plain(value):
    """As JSON can say it: tensors as numbers, inf and nan as words; anything else is null."""
    listed = lambda x: x.tolist() if hasattr(x, "tolist") and x.numel() <= 64 else None
    words = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
    return json.loads(json.dumps(value, default=listed, skipkeys=True), parse_constant=words.get)


def ranks():
    """This process's rank, and how many there are."""
    distributed = getattr(sys.modules.get("torch"), "distributed", None)
    if distributed and distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return int(os.environ.get("RANK") or 0), int(os.environ.get("WORLD_SIZE") or 1)


def write(ended, reason=""):
    """One file a rank, whole or not at all. A forked child writes nothing, a process without a step
    only where no other has."""
    (rank, size), (stem, ending) = ranks(), os.path.splitext(SETTINGS["out"])
    out = f"{stem}.rank{rank}{ending}" if rank else SETTINGS["out"]
    is_void = not RUN["steps"] and not RUN["refused"] and os.path.exists(out)
    if is_void or "ended" in RUN or os.getpid() != PROCESS or "torch" not in sys.modules:
        return
    loaded = {name: sys.modules[name] for name in LIBRARIES if name in sys.modules}
    RUN["versions"] = {name: str(getattr(lib, "__version__", "?")) for name, lib in loaded.items()}
    RUN["versions"]["python"], RUN["reason"] = sys.version.split()[0], reason
    RUN.update(ended=ended if RUN["steps"] else "no-step", world={"size": size, "rank": rank})
    with open(f"{out}.{PROCESS}", "w") as file:
        json.dump(plain(RUN), file)
    os.replace(file.name, out)


def end(ended, reason="", status=0):
    """Writes, then ends the process at once: no `finally` or callback may save or push."""
    try:
        write(ended, reason)
        said = reason or f"{RUN['steps']} steps recorded in {SETTINGS['out']}"
        print(f"LoRA Alpha: {said}", file=sys.stderr)
        sys.stdout.flush()
        if ended == "steps" and ranks()[1] > 1:  # others still write, and need this one
            sys.modules["torch"].distributed.barrier()
    finally:
        os._exit(status)


def refuse(why):
    RUN["refused"] = why
    end("exception", why, status=70)


@atexit.register
def at_exit():
    error = getattr(sys, "last_value", None)
    write("exception" if error else "program", repr(error)[:500] if error else "")
