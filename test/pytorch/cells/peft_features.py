"""What PEFT's LoraConfig can say."""

from __future__ import annotations

from typing import Any

from cell import Cell
from cells.templates import NO_CLIP, trainer_script

PLAIN = f"{NO_CLIP}\nweight_decay=0.1,"
SLOW = "5e-4"
EVA = """
from peft import initialize_lora_eva_weights
loader = torch.utils.data.DataLoader([{k: v for k, v in row.items() if k != "labels"} for row in rows], batch_size=8)
initialize_lora_eva_weights(model, loader)
"""


def lora(name: str, lines: str = "", *, args: str = PLAIN, cell: dict[str, Any] | None = None, **script: Any) -> Cell:
    return Cell(f"LoraConfig {name}", trainer_script(lora=lines, args=args, **script), **(cell or {}))


QUANTISED = "from peft import prepare_model_for_kbit_training\nfrom transformers import BitsAndBytesConfig"
LOADED = 'from_pretrained("tiny/llama")\n'
LOADED_IN_4_BITS = '''from_pretrained(
    "tiny/llama", quantization_config=BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
)
model = prepare_model_for_kbit_training(model)
'''
NONE, BOTH, ALL = ({"exact": exact} for exact in ((), ("keep-init", "keep-b"), ("symmetric", "keep-init", "keep-b")))
QUICK = {"quick": True}
EXPERTS = 'target_parameters=["mlp.experts.gate_up_proj", "mlp.experts.down_proj"],'
MIXTURES = ("qwen3-moe", "mixtral", "olmoe", "gpt-oss")

CELLS = [
    lora("rank-stabilised", "use_rslora=True,", cell=QUICK),
    lora("DoRA", "use_dora=True,", cell={**BOTH, **QUICK}),
    lora("DoRA with clip", "use_dora=True,", args="weight_decay=0.1,", cell=NONE),
    lora("DoRA, SGD", "use_dora=True,", args=f'{NO_CLIP}\noptim="sgd",', lr="0.1", cell=NONE),
    lora("DoRA, Adafactor", "use_dora=True,", args=f'{NO_CLIP}\noptim="adafactor",', cell=NONE),
    lora("PiSSA", 'init_lora_weights="pissa",', lr=SLOW, cell=QUICK),
    lora("PiSSA, 4 iterations", 'init_lora_weights="pissa_niter_4",', lr=SLOW),
    lora("OLoRA", 'init_lora_weights="olora",', lr=SLOW, cell={"exact": (), **QUICK}),
    lora("EVA", 'init_lora_weights="eva",', after=EVA, cell={"exact": (), **QUICK}),
    lora("gaussian", 'init_lora_weights="gaussian",', cell=QUICK),
    lora("orthogonal", 'init_lora_weights="orthogonal",'),
    lora("MiCA", 'init_lora_weights="mica",', cell=NONE),
    lora("random B", "init_lora_weights=False,"),
    lora("embeddings, untied", targets='["embed_tokens", "q_proj"]', cell={**ALL, **QUICK}),
    lora("embeddings by a pattern", targets='".*(embed_tokens|q_proj)"', args=NO_CLIP, cell=BOTH),
    lora("embeddings, tied", targets='["embed_tokens", "q_proj"]', model="llama-tied", cell=QUICK),
    lora("embeddings and head, tied", targets='["embed_tokens", "lm_head"]', model="llama-tied", cell=NONE),
    lora("all-linear", targets='"all-linear"', model="qwen2", cell=QUICK),
    lora("rank and alpha patterns", 'rank_pattern={"q_proj": 4},\nalpha_pattern={"v_proj": 32},', cell=QUICK),
    lora(
        "patterns by regular expression",
        'rank_pattern={"^model.layers.0.*q_proj": 16},\nalpha_pattern={"down_proj": 2},',
        targets='["q_proj", "down_proj"]',
    ),
    lora("bias on B", "lora_bias=True,", cell={"exact": (), **QUICK}, model="gpt2", targets='["c_attn"]'),
    lora("bias on B of Qwen", "lora_bias=True,", model="qwen2", cell={**BOTH, **QUICK}),
    lora("bias on B, SGD", "lora_bias=True,", args=f'{NO_CLIP}\noptim="sgd",', lr="0.1", cell={**BOTH, **QUICK}, model="qwen2"),
    lora("random B with a bias", "lora_bias=True,\ninit_lora_weights=False,", args=NO_CLIP, lr=SLOW, model="qwen2", cell=BOTH),
    lora("biases trained", 'bias="all",', model="qwen2", cell={**BOTH, **QUICK}),
    lora("biases of LoRA layers trained", 'bias="lora_only",', model="qwen2", cell=NONE),
    lora("modules_to_save", 'modules_to_save=["lm_head"],', cell={**BOTH, **QUICK}),
    lora("modules_to_save, clip", 'modules_to_save=["lm_head"],', args="max_grad_norm=0.05,", cell=NONE),
    lora("SEQ_CLS, BERT", 'task_type="SEQ_CLS",', model="bert", targets='["query", "value"]', cell={"exact": (), **QUICK}),
    lora("SEQ_CLS, Llama", 'task_type="SEQ_CLS",', model="llama-classes", cell={**BOTH, **QUICK}),
    lora("TOKEN_CLS", 'task_type="TOKEN_CLS",', model="bert-tokens", targets='["query", "value"]', cell=NONE),
    lora("QUESTION_ANS", 'task_type="QUESTION_ANS",', model="bert-answers", targets='["query", "value"]', cell=NONE),
    lora("SEQ_2_SEQ_LM, T5", 'task_type="SEQ_2_SEQ_LM",', model="t5", targets='["q", "v"]', lr="1e-2", cell=QUICK),
    lora("CAUSAL_LM", 'task_type="CAUSAL_LM",'),
    lora("FEATURE_EXTRACTION", 'task_type="FEATURE_EXTRACTION",', model="bert", targets='["query"]', cell=NONE),
    lora("head that stays random, no task type", model="bert", targets='["query", "value"]', cell=QUICK),
    lora("ViT", model="vit", targets='["q_proj", "v_proj", "query", "value"]', cell=QUICK),
    lora(
        "ViT, classifier saved",
        'modules_to_save=["classifier"],',
        model="vit",
        targets='["q_proj", "v_proj", "query", "value"]',
        cell=NONE,
    ),
    lora("GPT-2's Conv1D", model="gpt2", targets='["c_attn", "c_fc"]', cell=QUICK),
    lora("trainable tokens", "trainable_token_indices=[3, 4, 5],", cell={**BOTH, **QUICK}),
    lora("KaSA", "kasa_config=KasaConfig(),", imports="from peft.tuners.lora import KasaConfig", cell={**BOTH, **QUICK}),
    lora(
        "MonteCLoRA",
        "monteclora_config=MontecloraConfig(),",
        imports="from peft.tuners.lora import MontecloraConfig",
        cell={"exact": ("keep-init",)},
    ),
    lora("VeLoRA", "velora_config=VeloraConfig(num_groups=8),", imports="from peft.tuners.lora import VeloraConfig", cell=NONE),
    lora("target_parameters", 'target_parameters=["mlp.gate_proj.weight", "mlp.up_proj.weight"],', targets="[]", cell=QUICK),
    *(lora(f"experts of {model}", EXPERTS, model=model, targets='["q_proj", "v_proj"]') for model in MIXTURES),
    lora("experts alone, their own rank", f'{EXPERTS}\nrank_pattern={{"mlp.experts.down_proj": 2}},', model="mixtral", targets="[]"),
    lora("experts and their router", f'target_parameters=["mlp.experts.down_proj", "mlp.gate.weight"],', model="qwen3-moe", targets="[]"),
    lora("experts, SGD", EXPERTS, args=f'{NO_CLIP}\noptim="sgd",', lr="0.1", model="mixtral", targets='["q_proj"]'),
    lora("layer_replication", "layer_replication=[(0, 2), (1, 2)],", cell=QUICK),
    lora("some layers", "layers_to_transform=[1],"),
    lora("excluded modules", 'exclude_modules=["model.layers.0.self_attn.q_proj"],'),
    lora("dropout", "lora_dropout=0.1,", cell=QUICK),
    Cell(
        "LoraConfig on 4 bits (QLoRA)",
        trainer_script(args=PLAIN, imports=QUANTISED, targets='["q_proj", "v_proj"]').replace(LOADED, LOADED_IN_4_BITS),
        needs=("bitsandbytes",),
    ),
    lora("activated tokens", 'task_type="CAUSAL_LM",\nalora_invocation_tokens=[5],', cell=NONE),
]
