"""What a module has learned, as eight numbers and a hash: s·B·A·u in float64 for eight fixed random directions u.
Each operation commutes with powers of two, so runs whose factors differ by powers of two have equal hashes."""

import hashlib

import torch


def whole(p):
    """Gathers a sharded parameter, on all ranks at once."""
    return (p.full_tensor() if hasattr(p, "full_tensor") else p).detach()


def oriented(a, b):
    """The factors as [.., r, in] and [.., out, r], whichever way the library keeps them."""
    if a.ndim == b.ndim == 3 and b.shape[2] > 1:  # one matrix an expert, x·A·B
        return a.transpose(1, 2), b.transpose(1, 2)
    a, b = a.flatten(1), b.flatten(1)
    fits = a.shape[0] == b.shape[1] or (a.shape[1] != b.shape[0] and a.shape[0] % b.shape[1] == 0)
    return (a, b) if fits else (a.T, b.T)


def drawn(rows, columns, seed):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@torch.no_grad()
def sketch(pair):
    """`norm` estimates the norm of ΔW; the root mean square of the difference of two runs' `values` that of the
    difference. Where A has several times r rows (litgpt's QKV, loralib's merged layers), the groups are summed."""
    a, b = oriented(*(whole(p).to("cpu", torch.float64) for p in pair.factors))
    inner = a @ drawn(a.shape[-1], 8, seed=0)
    inner = inner.unflatten(-2, (-1, b.shape[-1])).sum(-3)
    y = (b @ inner * pair.scaling).flatten(0, -2)
    values = drawn(1, len(y), seed=1).sign() @ y
    sha = hashlib.sha256((y + 0.0).numpy().tobytes()).hexdigest()[:16]
    return {"norm": float(y.norm()) / 8**0.5, "values": values[0].tolist(), "sha": sha}
