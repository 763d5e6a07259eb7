"""A U-Net or a Flux with a CLIP text encoder, random and small enough to train in a moment, and batches for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from diffusers import FluxTransformer2DModel, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

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
