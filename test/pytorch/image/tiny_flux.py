"""A Flux and a CLIP text encoder with random weights, small enough to train in a moment, and batches for them."""

from __future__ import annotations

import torch
from diffusers import FluxTransformer2DModel
from transformers import CLIPTextConfig, CLIPTextModel

WIDTH = 8


def models() -> tuple[FluxTransformer2DModel, CLIPTextModel]:
    torch.manual_seed(0)
    transformer = FluxTransformer2DModel(
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=WIDTH,
        pooled_projection_dim=WIDTH,
        guidance_embeds=False,
        axes_dims_rope=(2, 2, 4),
    )
    size = {"hidden_size": WIDTH, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 2}
    encoder = CLIPTextModel(CLIPTextConfig(vocab_size=50, max_position_embeddings=8, eos_token_id=49, **size))
    transformer.requires_grad_(False)
    encoder.requires_grad_(False)
    return transformer, encoder


def sample(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Noisy latents, timesteps, words, and the target output of the transformer."""
    random = torch.Generator().manual_seed(seed)
    noisy, noise = (torch.randn(2, 16, 4, generator=random) for _ in range(2))
    times = torch.rand(2, generator=random)
    return noisy, times, torch.randint(0, 50, (2, 8), generator=random), noise


def output(transformer: FluxTransformer2DModel, encoder: CLIPTextModel, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    noisy, times, words, _ = batch
    text = encoder(words)
    return transformer(
        hidden_states=noisy,
        timestep=times,
        pooled_projections=text.pooler_output,
        encoder_hidden_states=text.last_hidden_state,
        txt_ids=torch.zeros(8, 3),
        img_ids=torch.zeros(16, 3),
    ).sample
