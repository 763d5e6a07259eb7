"""Judges of converted adapters: PEFT, mlx-lm and diffusers load them, and the merged weights are compared.

`judge.py make FOLDER` writes adapters; `judge.py judge FOLDER` reads CONVERSIONS.json there, a list of
`{"from", "to", "with"}`, and prints for each the largest |ΔW − ΔW′|/max|ΔW| over its modules.
"""

import copy
import json
import sys
from pathlib import Path

import safetensors.torch
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

SIZES = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4)
BIASES = dict(attention_bias=True, mlp_bias=True)
LLAMA = dict(**SIZES, **BIASES, num_key_value_heads=2, vocab_size=64, tie_word_embeddings=False)
TARGETS = ["q_proj", "v_proj", "down_proj"]
PATTERNS = dict(rank_pattern={"q_proj": 2}, alpha_pattern={"layers.1.self_attn.v_proj": 24})
PEFT = {
    "plain": dict(r=4, lora_alpha=8, target_modules=TARGETS),
    "rslora": dict(r=8, lora_alpha=8, target_modules=TARGETS, use_rslora=True, **PATTERNS),
    "embedding": dict(r=4, lora_alpha=16, target_modules=["embed_tokens", "v_proj"]),
    "bias": dict(r=4, lora_alpha=2, target_modules=TARGETS, lora_bias=True),
}
UNET_TARGETS = ["attn1.to_q", "attn2.to_out.0", "ff.net.0.proj", "proj_in"]


def llama():
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**LLAMA))


def unet():
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    blocks = dict(down_block_types=["CrossAttnDownBlock2D"], up_block_types=["CrossAttnUpBlock2D"])
    sizes = dict(block_out_channels=[32], cross_attention_dim=16, attention_head_dim=4)
    return UNet2DConditionModel(sample_size=8, layers_per_block=1, **sizes, **blocks)


def noise(shape, dtype, seed):
    return (torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 0.1).to(dtype)


def make(folder):
    for name, config in PEFT.items():
        for dtype in (torch.float32, torch.bfloat16):
            model = get_peft_model(llama(), LoraConfig(**config))
            for seed, (key, value) in enumerate(model.named_parameters()):
                if "lora_" in key:
                    value.data = noise(value.shape, dtype, seed)
            model.save_pretrained(folder / f"{name}-{str(dtype)[6:]}", save_embedding_layers=False)
    try:
        modules = dict(unet().named_modules())
    except ImportError:
        return
    tensors, rank = {}, 4
    for seed, (name, module) in enumerate(modules.items()):
        if any(name.endswith(target) for target in UNET_TARGETS):
            stem, width = f"lora_unet_{name.replace('.', '_')}", module.weight[0].numel()
            outputs, rest = module.weight.shape[0], [1, 1][: module.weight.ndim - 2]
            tensors[f"{stem}.lora_down.weight"] = noise([rank, width, *rest], torch.float16, seed)
            tensors[f"{stem}.lora_up.weight"] = noise([outputs, rank, *rest], torch.float16, seed + 999)
            tensors[f"{stem}.alpha"] = torch.tensor(2.0, dtype=torch.float16)
    safetensors.torch.save_file(tensors, folder / "unet.safetensors", {"ss_network_dim": "4"})


def weights(model):
    return {name: value.detach().double().clone() for name, value in model.state_dict().items()}


def by_peft(path):
    base = llama()
    before = weights(base)
    after = weights(PeftModel.from_pretrained(base, path).merge_and_unload())
    return {name: after[name] - before.get(name, 0) for name in after}


def by_mlx(path):
    import mlx.core as mx
    from mlx.utils import tree_flatten
    from mlx_lm.models.llama import Model, ModelArgs
    from mlx_lm.tuner.utils import load_adapters

    args = dict(model_type="llama", rms_norm_eps=1e-6, rope_theta=10000.0, **LLAMA)
    model = Model(ModelArgs(**args))
    zero = [(key, mx.zeros_like(value)) for key, value in tree_flatten(model.parameters())]
    model.load_weights(zero)
    model = load_adapters(model, str(path))
    fused = {name: module.fuse() for name, module in model.named_modules() if hasattr(module, "fuse")}
    rows = {name: module.weight.astype(mx.float32).tolist() for name, module in fused.items()}
    return {f"{name}.weight": torch.tensor(value).double() for name, value in rows.items()}


def by_diffusers(path):
    from diffusers.loaders import StableDiffusionLoraLoaderMixin as Loader

    model = unet()
    before = weights(model)
    state, alphas, metadata = Loader.lora_state_dict(path, unet_config=model.config, return_lora_metadata=True)
    model.load_lora_adapter(state, network_alphas=alphas, metadata=metadata, prefix="unet")
    model.fuse_lora()
    found = {name.replace(".base_layer", ""): value for name, value in weights(model).items()}
    return {name: found[name] - before[name] for name in before}


def judge(folder):
    readers = {"peft": by_peft, "mlx": by_mlx, "diffusers": by_diffusers}
    known = {}
    for case in json.loads((folder / "CONVERSIONS.json").read_text("utf-8")):
        try:
            first = case["from"], "diffusers" if case["from"].endswith(".safetensors") else "peft"
            if first not in known:
                known[first] = readers[first[1]](folder / first[0])
            old, new = copy.copy(known[first]), readers[case["with"]](folder / case["to"])
        except ImportError as error:
            print(json.dumps({**case, "skipped": str(error)}))
            continue
        changed = [name for name in old if old[name].abs().max() > 0]
        off = [(old[name] - new[name]).abs().max() / old[name].abs().max() for name in changed]
        others = [name for name in new if name not in changed and new[name].abs().max() > 0]
        print(json.dumps({**case, "modules": len(changed), "off": float(max(off)), "others": others}))


globals()[sys.argv[1]](Path(sys.argv[2]))
