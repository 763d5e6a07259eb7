"""Lightning's Trainer, whose optimizer steps with a closure."""

from __future__ import annotations

import lightning
import torch
from layers import network
from tiny import OPTIONS, rows


class Module(lightning.LightningModule):
    def __init__(self) -> None:
        super().__init__()
        self.net, _ = network(OPTIONS.get("layers", "home"))

    def training_step(self, batch: torch.Tensor, _: int) -> torch.Tensor:
        logits = self.net(batch[:, :-1])
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW([p for p in self.parameters() if p.requires_grad], lr=1e-2, weight_decay=0.1)


ids = torch.stack([row["input_ids"] for row in rows()])
quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "enable_checkpointing": False}
trainer = lightning.Trainer(max_steps=12, accelerator="cpu", gradient_clip_val=OPTIONS.get("clip"), **quiet)
trainer.fit(Module(), torch.utils.data.DataLoader(ids, batch_size=8))
