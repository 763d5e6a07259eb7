"""What a program does besides backward pass and step, as far as its factors and numbers show it: each is `notSeen`."""

from .recording import LIBRARIES, NOT_SEEN, plain

WRITES = "The program itself writes LoRA's factors between two steps; a plan would have to change that code too."
UNEVEN = "The loss, a hook or clipping treats A and B by themselves, and not only B·A (a penalty on the weights?)."
PATCHED = "The step of the optimizer runs other code too, so its rule may be another one:"
SCALED = "The program changed the scaling of LoRA during the run; a plan would have to change that code too."

def begin(optimizer, seen):
    """At its first step. Each function around `step` must be torch's, a library's, or of the package of the class."""
    known, step, modules = {"torch", type(optimizer).__module__.split(".")[0], *LIBRARIES}, optimizer.step, []
    while step := getattr(step, "__func__", step):
        modules.append(getattr(step, "__globals__", {}).get("__name__", "torch"))
        step = getattr(step, "__wrapped__", None)
    if odd := [name for name in modules if name.split(".")[0] not in known]:
        NOT_SEEN["patched"] = f"{PATCHED} {odd[0]}"
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    factors = [p for pair in seen["pairs"] for p in pair.factors[:2] if id(p) in held and not hasattr(p, "full_tensor")]
    seen["factors"], seen["scalings"] = factors, [pair.scaling() for pair in seen["pairs"]]

def before_step(seen, is_value_clipped):
    """Of a loss of B·A alone, A times its gradient is B times its gradient, summed over all: held in the first two
    steps, where it is 0 at first. Rounding in 16 bits stays far below the limit."""
    if seen.get("versions", now := [p._version for p in seen["factors"]]) != now:
        NOT_SEEN["factors-changed"] = WRITES
    if seen["steps"] > 1 or is_value_clipped:
        return
    both = lambda factors: all(p.grad is not None and not hasattr(p, "full_tensor") for p in factors)
    sides = [pair.factors[:2] for pair in seen["pairs"] if both(pair.factors[:2])]
    if not sides:
        return
    sums, sizes = [], []
    for side in ({id(p): p for p in ps}.values() for ps in zip(*sides)):
        sums.append(sum((p.detach().double() * p.grad.double()).sum() for p in side))
        sizes.append(sum(p.detach().double().norm() * p.grad.double().norm() for p in side))
    if abs(float(sums[0] - sums[1])) > 0.02 * float(sizes[0] + sizes[1]):
        NOT_SEEN["uneven"] = UNEVEN

def after_step(optimizer, seen):
    seen["versions"] = [p._version for p in seen["factors"]]
    for group, recorded in zip(optimizer.param_groups, seen["groups"]):  # a hook of the program's may come after ours
        recorded["lr"][-1:] = [plain(group.get("lr"))]

def look(seen):
    """At every sketch: what no longer is as it was at the first step."""
    if [pair.scaling() for pair in seen["pairs"]] != seen["scalings"]:
        NOT_SEEN["scaling-changed"] = SCALED
    for group, recorded in zip(seen["self"].param_groups, seen["groups"]):
        numbers = recorded["numbers"]
        now = plain({name: group.get(name) for name in numbers if name != "lr"})
        recorded["changed"] = sorted({*recorded.get("changed", []), *(n for n in now if now[n] != numbers[n])})
