"""A U-Net and a CLIP text encoder with random weights, small enough to train in a moment, and batches for them."""

from __future__ import annotations

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel


def models() -> tuple[UNet2DConditionModel, CLIPTextModel]:
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=8,
        attention_head_dim=2,
        norm_num_groups=4,
    )
    size = {"hidden_size": 8, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 2}
    encoder = CLIPTextModel(CLIPTextConfig(vocab_size=50, max_position_embeddings=8, **size))
    unet.requires_grad_(False)
    encoder.requires_grad_(False)
    return unet, encoder


def sample(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    noisy, noise = (torch.randn(2, 4, 8, 8, generator=random) for _ in range(2))
    times = torch.randint(0, 1000, (2,), generator=random)
    return noisy, times, torch.randint(0, 50, (2, 8), generator=random), noise


def output(unet: UNet2DConditionModel, encoder: CLIPTextModel, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    noisy, times, words, _ = batch
    return unet(noisy, times, encoder(words)[0]).sample
