"""Plans that keep one factor: code gives the other numbers of its own, whatever else trains."""

from __future__ import annotations

from cell import Cell
from cells.templates import NO_CLIP, loop_script, trainer_script

BOTH = ("keep-init", "keep-b")
DECAY = "weight_decay=0.1,"

OF = """
def of(part):
    return [p for name, p in model.named_parameters() if part in name and p.requires_grad]
"""


def kept(name: str, text: str, **cell: object) -> Cell:
    options = {"exact": BOTH, **cell}
    return Cell(f"own groups {name}", text, **options)  # type: ignore[arg-type]


def optim(name: str, options: str = "", lr: str = "2e-3") -> Cell:
    handed = f'\noptim_args="{options}",' if options else ""
    args = f'{NO_CLIP}\n{DECAY}\noptim="{name}",{handed}'
    return kept(f"{name} {options}".strip(), trainer_script(args=args, lr=lr))


def loop(name: str, optimizer: str, imports: str = "", **cell: object) -> Cell:
    return kept(f"in a loop, {name}", loop_script(optimizer=f"optimizer = {optimizer}", imports=imports), **cell)


CELLS = [
    kept(
        "eps, betas and decay",
        trainer_script(args=f"{NO_CLIP}\n{DECAY}\nadam_epsilon=1e-6,\nadam_beta2=0.95,"),
        quick=True,
    ),
    kept("DoRA", trainer_script(lora="use_dora=True,", args=f"{NO_CLIP}\n{DECAY}"), quick=True),
    kept("a head besides", trainer_script(lora='modules_to_save=["lm_head"],', args=f"{NO_CLIP}\n{DECAY}")),
    kept("SEQ_CLS", trainer_script(model="llama-classes", lora='task_type="SEQ_CLS",', args=f"{NO_CLIP}\n{DECAY}"), quick=True),
    kept("bias of B", trainer_script(model="qwen2", lora="lora_bias=True,", args=f"{NO_CLIP}\n{DECAY}"), quick=True),
    kept(
        "bias of B, SGD",
        trainer_script(model="qwen2", lora="lora_bias=True,", args=f'{NO_CLIP}\noptim="sgd",', lr="0.1"),
    ),
    kept(
        "random B with a bias",
        trainer_script(model="qwen2", lora="lora_bias=True,\ninit_lora_weights=False,", args=NO_CLIP, lr="5e-4"),
    ),
    kept("trained biases", trainer_script(model="qwen2", lora='bias="all",', args=f"{NO_CLIP}\n{DECAY}")),
    kept("trained tokens", trainer_script(lora="trainable_token_indices=[3, 4, 5],", args=f"{NO_CLIP}\n{DECAY}"), quick=True),
    kept(
        "KaSA",
        trainer_script(
            lora="kasa_config=KasaConfig(),", args=NO_CLIP, imports="from peft.tuners.lora.config import KasaConfig"
        ),
    ),
    kept(
        "MonteCLoRA",
        trainer_script(
            lora="monteclora_config=MontecloraConfig(),",
            args=NO_CLIP,
            imports="from peft.tuners.lora.config import MontecloraConfig",
        ),
        exact=("keep-init",),
    ),
    kept("embeddings", trainer_script(targets='["embed_tokens", "q_proj"]', args=f"{NO_CLIP}\n{DECAY}"), quick=True),
    kept("a pattern with embeddings", trainer_script(targets='".*(embed_tokens|q_proj)"', args=NO_CLIP)),
    kept("OLoRA", trainer_script(lora='init_lora_weights="olora",', args=NO_CLIP, lr="5e-4"), exact=(), bits=False),
    kept(
        "cosine with a floor",
        trainer_script(
            args=f'{NO_CLIP}\nlr_scheduler_type="cosine_with_min_lr",\nlr_scheduler_kwargs={{"min_lr": 2e-4}},'
        ),
    ),
    kept("polynomial", trainer_script(args=f'{NO_CLIP}\nlr_scheduler_type="polynomial",', lr="1e-5")),
    optim("sgd", "momentum=0.9", "0.1"),
    optim("rmsprop", "eps=1e-6,momentum=0.9", "1e-3"),
    optim("adagrad", "eps=1e-6", "1e-2"),
    optim("adafactor"),
    loop("SGD", "torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)", quick=True),
    loop("Adamax", "torch.optim.Adamax(model.parameters(), lr=2e-3, weight_decay=0.01)"),
    loop("Rprop", "torch.optim.Rprop(model.parameters(), lr=1e-3)"),
    loop("ASGD", "torch.optim.ASGD(model.parameters(), lr=0.1, weight_decay=0.01)"),
    loop("NAdam, two groups", 'torch.optim.NAdam([{"params": of("q_proj"), "lr": 1e-3}, {"params": of("v_proj")}], lr=2e-3)', OF),
    loop("Adafactor of torch", "torch.optim.Adafactor(model.parameters(), lr=1e-2, eps=(1e-7, 1e-3))", exact=()),
]
