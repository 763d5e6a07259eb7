"""The recording: what is known so far, how it is written, and how the program is ended. Works without torch."""

import json
import os
import sys
import time

SETTINGS = json.loads(os.environ["LORA_ALPHA_RUN"])
PLAN, NOISE, PROCESS, NOT_SEEN = SETTINGS.get("plan"), SETTINGS.get("noise"), os.getpid(), {}
RUN = {"format": "lora-alpha-run/1", "steps": 0, "device": None, "microBatches": 0, "applied": None, "refused": None}
RUN |= {"losses": [], "optimizers": [], "clips": [], "modules": [], "sketches": [], "others": {"count": 0, "names": []}}
RUN |= {"precision": {"autocast": None, "scaler": None}, "seconds": {"step": 0.0, "recorder": 0.0}}
SPENT = {"seconds": 0.0}
LIBRARIES = """torch transformers peft trl accelerate diffusers unsloth axolotl llamafactory swift lightning litgpt
torchtune nemo_automodel bitsandbytes deepspeed loralib lycoris schedulefree prodigyopt torchao datasets""".split()

def start():
    from . import hooks
    hooks.start()

def safely(function, *args):
    """The recorder's errors are its own: noted, and the program goes on, unless a plan may be applied by halves."""
    begin = time.perf_counter()
    try:
        return function(*args)
    except Exception as error:
        NOT_SEEN["recorder"] = f"The recorder failed in {getattr(function, '__name__', function)}: {error!r}"[:500]
        return refuse(NOT_SEEN["recorder"]) if PLAN else None
    finally:
        SPENT["seconds"] += time.perf_counter() - begin

def plain(value):
    """As JSON can say it: tensors as numbers, numbers that are not finite as words; anything else is null."""
    listed = lambda x: x.tolist() if hasattr(x, "tolist") and x.numel() <= 64 else None
    words = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
    return json.loads(json.dumps(value, default=listed, skipkeys=True), parse_constant=words.get)

def ranks():
    """(torch.distributed, rank, size), the first once it connects several processes."""
    distributed = getattr(sys.modules.get("torch"), "distributed", None)
    if distributed and distributed.is_available() and distributed.is_initialized():
        return distributed, distributed.get_rank(), distributed.get_world_size()
    return None, int(os.environ.get("RANK") or 0), int(os.environ.get("WORLD_SIZE") or 1)

def write(ended, reason=""):
    """One file a rank, whole or not at all. A forked child writes nothing, and a process without a step does not
    replace the recording of another."""
    (_, rank, size), (stem, ending) = ranks(), os.path.splitext(SETTINGS["out"])
    out = f"{stem}.rank{rank}{ending}" if rank else SETTINGS["out"]
    silent = ended == "no-step" and not RUN["refused"] and os.path.exists(out)
    if silent or "ended" in RUN or os.getpid() != PROCESS:
        return
    if hooks := sys.modules.get("lora_alpha_run.hooks"):
        safely(hooks.collect)
    versions = {m: str(getattr(sys.modules[m], "__version__", "?")) for m in LIBRARIES if m in sys.modules}
    versions["python"] = sys.version.split()[0]
    RUN.update(command=sys.argv, cwd=os.getcwd(), versions=versions, world={"size": size, "rank": rank})
    RUN.update(ended=ended, reason=reason, notSeen=[{"what": what, "why": why} for what, why in NOT_SEEN.items()])
    with open(f"{out}.{PROCESS}", "w") as file:
        json.dump(plain(RUN), file)
    os.replace(file.name, out)

def end(ended, reason="", status=0):
    """Writes, then ends the process at once: no `finally`, exit handler or callback may save or push."""
    try:
        write(ended, reason)
        print(f"LoRA Alpha: {reason or '%d steps recorded in %s' % (RUN['steps'], SETTINGS['out'])}", file=sys.stderr)
        sys.stdout.flush()
        if ended == "steps" and (distributed := ranks()[0]):
            distributed.barrier()  # no rank may break the collectives of another that is still writing
    finally:
        os._exit(status)

def refuse(why):
    RUN["refused"] = why
    end("exception" if RUN["steps"] else "no-step", why, status=70)

def at_exit():
    """The program ended before the recorder did."""
    error = [repr(sys.last_value)[:500]] if getattr(sys, "last_value", None) else []
    seen = "no optimizer stepped LoRA factors" if "torch" in sys.modules else "torch was not imported"
    reason = "; ".join([*([] if RUN["steps"] else [seen, *NOT_SEEN.values()]), *error])
    write("no-step" if not RUN["steps"] else "exception" if error else "program", reason)
