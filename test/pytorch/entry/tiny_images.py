"""
Image trainers on a tiny model: a U-Net or a Flux with a CLIP text encoder, and statements of the trainer that adapt and
train it. A model that their own commands load is never small: they build it from fixed sizes.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import os
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

import torch
from diffusers import FluxTransformer2DModel, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

STEPS = 6
WIDTH = 8
TEXT = {"hidden_size": WIDTH, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 2}
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Noisy latents, timesteps, words, and the target output of the model."""


@dataclass(frozen=True)
class Tiny:
    make: Callable[[], Any]
    latents: tuple[int, ...]
    times: Callable[[torch.Generator], torch.Tensor]
    run: Callable[[Any, torch.Tensor, torch.Tensor, Any], torch.Tensor]
    """What the model makes of latents, timesteps and the encoded text."""
    text: dict[str, int] = field(default_factory=dict)

    def models(self) -> tuple[Any, Any]:
        torch.manual_seed(0)
        model = self.make()
        encoder = CLIPTextModel(CLIPTextConfig(vocab_size=50, max_position_embeddings=8, **self.text, **TEXT))
        return model.requires_grad_(False), encoder.requires_grad_(False)

    def sample(self, seed: int) -> Batch:
        random = torch.Generator().manual_seed(seed)
        noisy, noise = (torch.randn(2, *self.latents, generator=random) for _ in range(2))
        return noisy, self.times(random), torch.randint(0, 50, (2, 8), generator=random), noise

    def output(self, model: Any, encoder: Any, batch: Batch) -> torch.Tensor:
        noisy, times, words, _ = batch
        return self.run(model, noisy, times, encoder(words))


UNET = Tiny(
    make=lambda: UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=8,
        attention_head_dim=2,
        norm_num_groups=4,
    ),
    latents=(4, 8, 8),
    times=lambda random: torch.randint(0, 1000, (2,), generator=random),
    run=lambda unet, noisy, times, text: unet(noisy, times, text[0]).sample,
)
FLUX = Tiny(
    make=lambda: FluxTransformer2DModel(
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=WIDTH,
        pooled_projection_dim=WIDTH,
        guidance_embeds=False,
        axes_dims_rope=(2, 2, 4),
    ),
    latents=(16, 4),
    times=lambda random: torch.rand(2, generator=random),
    run=lambda flux, noisy, times, text: flux(
        hidden_states=noisy,
        timestep=times,
        pooled_projections=text.pooler_output,
        encoder_hidden_states=text.last_hidden_state,
        txt_ids=torch.zeros(8, 3),
        img_ids=torch.zeros(16, 3),
    ).sample,
    text={"eos_token_id": 49},
)

SetUp = Callable[[Any, Any], tuple[Callable[[torch.Tensor], None], contextlib.AbstractContextManager[Any]]]
"""Adapts a model and its encoder. Returns a step of training on a loss, and what the network is on within."""


def train(tiny: Tiny, set_up: SetUp) -> None:
    model, encoder = tiny.models()
    torch.manual_seed(1)
    step, network = set_up(model, encoder)
    for number in range(STEPS):
        batch = tiny.sample(number)
        with network:
            loss = (tiny.output(model, encoder, batch) - batch[3]).pow(2).mean()
        step(loss)


def clone(name: str) -> Path:
    """The folder of a clone, whose modules can be imported from then on."""
    folder = Path(os.environ["LORA_ALPHA_JUDGE_SOURCES"]) / name
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return folder


def execute(source: str, function: str, first: str, last: str, names: dict[str, Any]) -> None:
    """Runs one block of a function, from the statement that begins with `first` to one that begins with `last`."""
    exec(compiled(source, function, first, last), names)


@functools.cache
def compiled(source: str, function: str, first: str, last: str) -> CodeType:
    own = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = source.splitlines()
    for node in ast.walk(own):
        block = getattr(node, "body", [])
        starts = [lines[statement.lineno - 1].strip() for statement in block] if isinstance(block, list) else []
        start = next((i for i, line in enumerate(starts) if line.startswith(first)), None)
        if start is not None and any(line.startswith(last) for line in starts[start:]):
            end = next(i for i in range(start, len(starts)) if starts[i].startswith(last))
            text = "\n".join(lines[block[start].lineno - 1 : block[end].end_lineno])
            return compile(textwrap.dedent(text), function, "exec")
    raise LookupError(f"{function} has no block from {first!r} to {last!r}")
