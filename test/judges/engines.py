"""What engines themselves make of small adapters: the scaling that each module gets, measured with the engine's own code.

    python test/judges/engines.py --make DIR            writes the adapters (CASES) into DIR
    python test/judges/engines.py vllm@0.33.0 DIR       one line of JSON a case

A line is {"case", "scales": {module: scaling}, "lost": [parts that were loaded without]} or {"case", "refused": why}.
Engines are read from LORA_ALPHA_ENGINES/<engine>-<version> (an unpacked wheel or a clone), else from the packages of
this Python. An engine that is not there exits with 77.
"""

import contextlib
import importlib.machinery
import importlib.metadata
import json
import math
import os
import pathlib
import sys
import types

_verdicts = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != os.path.dirname(os.path.realpath(__file__))]

NOT_INSTALLED = 77
SOURCES = os.environ.get("LORA_ALPHA_ENGINES", "")

WIDTH = 32
Q = "model.layers.0.self_attn.q_proj"
V = "model.layers.0.self_attn.v_proj"
EXPERTS = [f"model.layers.0.mlp.experts.{i}.{name}" for i in range(2) for name in ("gate_proj", "down_proj", "up_proj")]
ATTENTION = ("transformer_blocks.0.attn1.to_q", "transformer_blocks.0.attn1.to_v", "proj_in", "proj_out")
PIPE = [f"unet.down_blocks.0.attentions.0.{name}" for name in ATTENTION]
KOHYA = ["lora_" + name.replace(".", "_") for name in PIPE]


def peft(config=(), ranks=None, modules=(Q, V), parts=()):
    return {"layout": "peft", "config": {"r": 16, "lora_alpha": 32, **dict(config)}, "ranks": ranks or {},
            "modules": modules, "parts": parts}


def one_file(layout, alphas=(), ranks=None, modules=KOHYA, metadata=None, parts=()):
    return {"layout": layout, "alphas": dict(alphas), "ranks": ranks or {}, "modules": modules, "metadata": metadata,
            "parts": parts}


META = json.dumps({"unet.r": 16, "unet.lora_alpha": 64, "unet.target_modules": ["to_q", "to_v", "proj_in", "proj_out"]})

# By name; what stands in them is what people have.
CASES = {
    "plain": peft(),
    "rslora": peft({"use_rslora": True}),
    "alpha-pattern": peft({"alpha_pattern": {"q_proj": 64}}),
    "rank-pattern": peft({"rank_pattern": {"v_proj": 4}}, {V: 4}),
    "patterns-rslora": peft({"use_rslora": True, "rank_pattern": {"v_proj": 4}, "alpha_pattern": {"v_proj": 8}}, {V: 4}),
    "no-alpha": peft({"lora_alpha": None}),
    "alpha-zero": peft({"lora_alpha": 0}),
    "stray-alpha": peft(parts=["alpha"]),
    "dora": peft({"use_dora": True}, parts=["magnitude"]),
    "lora-bias": peft({"lora_bias": True}, parts=["bias"]),
    "biases": peft({"bias": "lora_only"}, parts=["biases"]),
    "pissa": peft({"init_lora_weights": "pissa"}),
    "olora": peft({"init_lora_weights": "olora"}),
    "corda": peft({"init_lora_weights": "corda"}),
    "loftq": peft({"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4, "loftq_iter": 1}}),
    "gaussian": peft({"init_lora_weights": "gaussian"}),
    "saved": peft({"modules_to_save": ["lm_head"]}, parts=["saved"]),
    "embedding": peft(parts=["embedding"]),
    "rank-4": peft({"r": 4, "lora_alpha": 4}, {Q: 4, V: 4}),
    "experts-rslora": peft({"use_rslora": True}, modules=EXPERTS),
    "kohya": one_file("kohya", {name: 8.0 for name in KOHYA}),
    "kohya-no-alpha": one_file("kohya"),
    "kohya-alpha-zero": one_file("kohya", {name: 0.0 for name in KOHYA}),
    "kohya-alphas": one_file("kohya", {**{name: 8.0 for name in KOHYA}, KOHYA[0]: 4.0}),
    "kohya-ranks": one_file("kohya", {name: 8.0 for name in KOHYA}, {KOHYA[1]: 4}),
    "diffusers": one_file("diffusers", modules=PIPE),
    "diffusers-metadata": one_file("diffusers", modules=PIPE, metadata={"lora_adapter_metadata": META}),
    "mlx": one_file("mlx", modules=[Q, V]),
    "mlx-alpha": {**one_file("mlx", modules=[Q, V]), "mlx": {"rank": 16, "alpha": 32, "scale": 10.0}},
    "mlx-no-scale": {**one_file("mlx", modules=[Q, V]), "mlx": {"rank": 16, "alpha": 32}},
    "diffusers-header": one_file("diffusers", modules=PIPE, ranks=dict.fromkeys(PIPE, 32), metadata={"lora_alpha": "2"}),
}


def make(folder):
    """Writes every case: a folder with PEFT's two files, or one file."""
    import torch
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(7)
    draw = lambda *shape: torch.randn(*shape, generator=generator)
    for name, case in CASES.items():
        where = pathlib.Path(folder) / name
        where.mkdir(parents=True, exist_ok=True)
        tensors = {}
        is_peft, is_kohya = case["layout"] == "peft", case["layout"] == "kohya"
        down, up = ("lora_down", "lora_up") if is_kohya else ("lora_A", "lora_B")
        for module in case["modules"]:
            if case["layout"] == "mlx":
                tensors[f"{module}.lora_a"], tensors[f"{module}.lora_b"] = draw(WIDTH, 16), draw(16, WIDTH)
                continue
            rank = case["ranks"].get(module, case.get("config", {}).get("r", 16))
            stem = "base_model.model." + module if is_peft else module
            tensors[f"{stem}.{down}.weight"] = draw(rank, WIDTH)
            tensors[f"{stem}.{up}.weight"] = draw(WIDTH, rank)
            if module in case.get("alphas", {}):
                tensors[f"{stem}.alpha"] = torch.tensor(case["alphas"][module])
            extra = {"alpha": (".alpha", ()), "magnitude": (".lora_magnitude_vector", (WIDTH,)),
                     "bias": (".lora_B.bias", (WIDTH,)), "biases": (".base_layer.bias", (WIDTH,))}
            for part in case["parts"]:
                if part in extra:
                    ending, shape = extra[part]
                    tensors[stem + ending] = draw(*shape).abs() + 1 if shape else torch.tensor(64.0)
        if "saved" in case["parts"]:
            tensors["base_model.model.lm_head.weight"] = draw(64, WIDTH)
        if "embedding" in case["parts"]:
            tensors["base_model.model.model.embed_tokens.lora_embedding_A"] = draw(16, 64)
            tensors["base_model.model.model.embed_tokens.lora_embedding_B"] = draw(WIDTH, 16)
        if is_peft:
            config = {"peft_type": "LORA", "target_modules": sorted({m.rsplit(".", 1)[1] for m in case["modules"]}),
                      **case["config"]}
            if "embedding" in case["parts"]:
                config["target_modules"].append("embed_tokens")
            if config["lora_alpha"] is None:
                del config["lora_alpha"]
            (where / "adapter_config.json").write_text(json.dumps(config))
        if case["layout"] == "mlx":
            lora = {"dropout": 0.0, "keys": ["self_attn.q_proj", "self_attn.v_proj"], **case.get("mlx", {"rank": 16, "scale": 20.0})}
            (where / "adapter_config.json").write_text(
                json.dumps({"fine_tune_type": "lora", "num_layers": 1, "lora_parameters": lora}))
        file = {"peft": "adapter_model.safetensors", "mlx": "adapters.safetensors"}.get(case["layout"], "lora.safetensors")
        save_file(tensors, str(where / file), metadata=case.get("metadata") or {"format": "pt"})


class Case:
    """A case as its files are."""

    def __init__(self, folder, name):
        from safetensors.torch import load_file

        self.name, self.folder, self.about = name, pathlib.Path(folder) / name, CASES[name]
        self.layout = self.about["layout"]
        self.file = next(self.folder.glob("*.safetensors"))
        self.tensors = load_file(str(self.file))
        path = self.folder / "adapter_config.json"
        self.config = json.loads(path.read_text()) if path.exists() else None

    def product(self, module):
        """B·A as it is in the file."""
        if self.layout == "mlx":
            return (self.tensors[f"{module}.lora_a"] @ self.tensors[f"{module}.lora_b"]).T
        stem = "base_model.model." + module if self.layout == "peft" else module
        down, up = ("lora_down", "lora_up") if self.layout == "kohya" else ("lora_A", "lora_B")
        return self.tensors[f"{stem}.{up}.weight"] @ self.tensors[f"{stem}.{down}.weight"]

    def scale(self, module, update):
        """The factor of B·A that an update is; NaN where it is no multiple."""
        product = self.product(module)
        factor = float((update * product).sum() / (product * product).sum())
        close = (update - factor * product).abs().max() <= 1e-3 * max(float(update.abs().max()), 1e-9)
        return factor if close else math.nan

    def scale_loosely(self, module, update):
        """The same where the engine rounds to float16."""
        product = self.product(module)
        factor = float((update * product).sum() / (product * product).sum())
        return factor if (update - factor * product).abs().max() <= 2e-2 * float(update.abs().max()) else math.nan


class Thing:
    """Stands for whatever an engine imports for GPUs; nothing that is measured may come from it."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *given, **named):
        return given[0] if len(given) == 1 and callable(given[0]) and not named else Thing()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing()

    def __mro_entries__(self, _):
        return ()

    def __getitem__(self, _):
        return Thing()

    def __or__(self, _):
        return Thing()

    __ror__ = __or__

    def __iter__(self):
        return iter(())


class StandIns:
    """Imports the packages that are not installed, and modules of `names`, as modules of Things."""

    def __init__(self, names):
        self.names, self.made = names, set()

    def find_spec(self, name, path=None, _=None):
        root = name.split(".")[0]
        if self.names:
            found = any(name == each or name.startswith(each + ".") for each in self.names)
        else:
            if path is None and "." not in name and name not in sys.stdlib_module_names and name not in ("_winapi", "msvcrt"):
                self.made.add(root)
            found = root in self.made
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if found else None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__, module.__version__ = [], "0.0.0"
        module.__getattr__ = Thing().__getattr__
        return module

    def exec_module(self, _):
        pass


def package(folder, name, *stand_ins):
    """The package of an engine without its __init__, which wants a GPU; `stand_ins` are modules that nothing measured needs."""
    import peft, safetensors.torch, sympy, torch, torch._dynamo, transformers  # noqa: E401, F401 - before stand-ins are there

    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(folder / name)]
    sys.meta_path.insert(0, StandIns(stand_ins or ("no.module",)))
    sys.meta_path.append(StandIns(()))


def source(name, version):
    """The engine's folder on the path; 77 where it is not there."""
    folder = pathlib.Path(SOURCES) / f"{name}-{version}"
    if not SOURCES or not folder.is_dir():
        absent(f"{name} {version} is not in LORA_ALPHA_ENGINES")
    return folder


def absent(why):
    print(why, file=_verdicts, flush=True)
    sys.exit(NOT_INSTALLED)


def run_peft(version):
    """PeftModel over a small model of zeros: what merge_and_unload adds."""
    import peft
    import torch

    if version != peft.__version__:
        absent(f"PEFT is {peft.__version__}")

    class Block(torch.nn.Module):
        def __init__(self, names):
            super().__init__()
            for name in names:
                self.add_module(name, torch.nn.Linear(WIDTH, WIDTH, bias=True))

    def tree(names):
        root = torch.nn.Module()
        for name in names:
            *parents, leaf = name.split(".")
            at = root
            for parent in parents:
                if not hasattr(at, parent):
                    at.add_module(parent, torch.nn.Module())
                at = getattr(at, parent)
            at.add_module(leaf, torch.nn.Linear(WIDTH, WIDTH, bias=True))
        root.model.add_module("embed_tokens", torch.nn.Embedding(64, WIDTH))
        root.add_module("lm_head", torch.nn.Linear(WIDTH, 64, bias=False))
        return root

    def run(case):
        torch.manual_seed(1)
        model = tree(case.about["modules"])
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        merged = peft.PeftModel.from_pretrained(model, str(case.folder)).merge_and_unload()
        after = merged.state_dict()
        scales, lost = {}, []
        for module in case.about["modules"]:
            update = after[f"{module}.weight"] - before[f"{module}.weight"]
            magnitude = case.tensors.get(f"base_model.model.{module}.lora_magnitude_vector")
            if case.name in ("pissa", "olora", "corda", "loftq"):
                # W − s·B0·A0 + s·B·A: something of the base has gone as well.
                residual = update - 2 * case.product(module)
                scales[module] = 2.0 if residual.abs().max() > 1e-3 else math.nan
            elif magnitude is not None:
                whole = before[f"{module}.weight"] + 2 * case.product(module)
                wanted = magnitude[:, None] * whole / whole.norm(dim=1, keepdim=True)
                scales[module] = 2.0 if torch.allclose(after[f"{module}.weight"], wanted, atol=1e-4) else math.nan
            else:
                scales[module] = case.scale(module, update)
            own = case.tensors.get(f"base_model.model.{module}.lora_B.bias")
            shift = after[f"{module}.bias"] - before[f"{module}.bias"]
            if own is not None and not torch.allclose(shift, own * scales[module], atol=1e-4):
                lost.append("bias")
            base = case.tensors.get(f"base_model.model.{module}.base_layer.bias")
            if base is not None and not torch.allclose(after[f"{module}.bias"], base):
                lost.append("biases")
        if "saved" in case.about["parts"] and not torch.equal(after["lm_head.weight"], case.tensors["base_model.model.lm_head.weight"]):
            lost.append("saved")
        if "embedding" in case.about["parts"]:
            update = after["model.embed_tokens.weight"] - before["model.embed_tokens.weight"]
            stem = "base_model.model.model.embed_tokens.lora_embedding_"
            wanted = 2 * (case.tensors[stem + "B"] @ case.tensors[stem + "A"]).T
            if not torch.allclose(update, wanted, atol=1e-4):
                lost.append("embedding")
        return scales, lost

    return run


def run_vllm(version):
    """PEFTHelper, LoRAModel.from_local_checkpoint and the packing of experts."""
    folder = source("vllm", version)
    old = version.startswith("0.6")
    package(folder, "vllm", "vllm.config", "vllm.logger", "vllm.utils", "vllm.model_executor", "vllm.platforms",
            "vllm.transformers_utils", "vllm.distributed", "vllm.envs", "vllm.lora.layers", "vllm.lora.punica_wrapper",
            "vllm.adapter_commons", "vllm.lora.punica")
    import torch

    if old:
        from vllm.lora.models import LoRAModel

        sys.modules["vllm.lora.models"].is_pin_memory_available = lambda: False
    else:
        from vllm.lora import lora_model
        from vllm.lora.lora_model import LoRAModel
        from vllm.lora.peft_helper import PEFTHelper

        # Either name, by version.
        lora_model.PIN_MEMORY, lora_model.is_pin_memory_available = False, lambda: False
    # They are only called on GPUs.
    limits = types.SimpleNamespace(max_lora_rank=64, bias_enabled=False, fully_sharded_loras=False)

    def run(case):
        names = sorted({module.rsplit(".", 1)[1] for module in case.about["modules"]}) + ["embed_tokens"]
        names += sorted({module[module.index("experts"):] for module in case.about["modules"] if "experts" in module})
        given = {"lora_model_id": 1, "device": "cpu", "dtype": torch.float32}
        if old:
            model = LoRAModel.from_local_checkpoint(str(case.folder), names, **given,
                                                    embedding_modules={}, embedding_padding_modules=[])
        else:
            helper = PEFTHelper.from_local_dir(str(case.folder), None)
            helper.validate_legal(limits)
            model = LoRAModel.from_local_checkpoint(str(case.folder), set(names), helper, **given)
        experts = [name for name in case.about["modules"] if "experts" in name]
        if experts:
            if old:
                return None
            from vllm.lora.lora_weights import PackedLoRALayerWeights

            packed = PackedLoRALayerWeights.pack_moe([model.loras[name] for name in experts], "experts")
            packed.optimize()
            order = {name: (i % 3, i // 3) for i, name in enumerate(experts)}
            return {name: case.scale(name, packed.lora_b[part][expert] @ packed.lora_a[part][expert])
                    for name, (part, expert) in order.items()}, []
        scales = {}
        for module in case.about["modules"]:
            lora = model.loras[module]
            lora.optimize()
            a, b = (lora.lora_a.T, lora.lora_b.T) if old else (lora.lora_a, lora.lora_b)
            scales[module] = case.scale(module, b @ a)
        lost = ["bias"] if case.about["parts"] == ["bias"] else []
        return scales, lost

    return run


def run_sglang(version):
    """LoRAConfig, LoRAAdapter and the manager's check of a new adapter."""
    folder = source("sglang", version)
    package(folder, "sglang", "sglang.srt.model_loader", "sglang.srt.layers", "sglang.srt.utils", "sglang.srt.configs",
            "sglang.srt.hf_transformers_utils", "sglang.srt.distributed", "sglang.srt.lora.backend", "sglang.utils",
            "sglang.srt.lora.layers", "sglang.srt.lora.mem_pool", "sglang.srt.managers", "sglang.srt.server_args",
            "sglang.srt.model_executor", "sglang.srt.environ", "sglang.srt.lora.lora_registry", "sglang.srt.lora.eviction_policy",
            "sglang.srt.lora.torch_ops", "sglang.srt.lora.triton_ops", "sglang.srt.runtime_context", "sglang.srt.lora.utils",
            "sglang.srt.parallel_state", "sglang.srt.lora.lora_moe_runners", "sglang.srt.lora.lora_overlap_loader",
            "sglang.srt.lora.lora_drainer")
    from sglang.srt.lora.lora import LoRAAdapter
    from sglang.srt.lora.lora_config import LoRAConfig
    from sglang.srt.lora.lora_manager import LoRAManager

    def run(case):
        config = LoRAConfig(str(case.folder))
        manager = types.SimpleNamespace(attn_dp_enabled=False, lora_refs={}, memory_pool=None, num_pinned_loras=0,
                                        max_loras_per_batch=8)
        reference = types.SimpleNamespace(pinned=False, lora_name="case", lora_path="case")
        LoRAManager.validate_new_adapter(manager, config, reference)
        adapter = LoRAAdapter("case", config, types.SimpleNamespace(num_hidden_layers=1), None, None)
        # The kernels multiply every module by it.
        scales = {module: adapter.scaling for module in case.about["modules"]}
        return scales, (["magnitude"] if "magnitude" in case.about["parts"] else [])

    return run


def run_lmdeploy(version):
    folder = source("lmdeploy", version)
    package(folder, "lmdeploy", "lmdeploy.pytorch.weight_loader", "lmdeploy.utils")
    sys.modules["lmdeploy.pytorch"] = types.ModuleType("lmdeploy.pytorch")
    sys.modules["lmdeploy.pytorch"].__path__ = [str(folder / "lmdeploy" / "pytorch")]
    import peft
    import torch
    from lmdeploy.pytorch.adapter import adapter as code

    loader = importlib.import_module("lmdeploy.pytorch.weight_loader.model_weight_loader")
    loader.load_weight = lambda param, weight, adapter_id: param.copy_(weight)

    def run(case):
        config = peft.PeftConfig.from_pretrained(str(case.folder))
        loaded = {}
        with torch.no_grad():
            slots = torch.nn.Module()
            parameters = {}
            for module in case.about["modules"]:
                leaf = module.rsplit(".", 1)[1]
                for half, shape in (("lora_A", (config.r, WIDTH)), ("lora_B", (WIDTH, config.r))):
                    name = f"{module}.lora_adapters.{leaf}.{half}"
                    parameters[name] = loaded[name] = torch.zeros(shape)
            slots.named_parameters = lambda: parameters.items()
            code.load_lora_weights(slots, case.tensors.items(), 1)
        scales = {}
        for module in case.about["modules"]:
            leaf = module.rsplit(".", 1)[1]
            _, scalings = code.get_ranks_and_scalings(leaf, [config])
            stem = f"{module}.lora_adapters.{leaf}"
            scales[module] = case.scale(module, float(scalings[0]) * loaded[f"{stem}.lora_B"] @ loaded[f"{stem}.lora_A"])
        return scales, []

    return run


def run_exllamav3(version):
    return exllama("exllamav3", version)


def run_exllamav2(version):
    return exllama("exllamav2", version)


def exllama(name, version):
    """The adapter's constructor over a table of modules."""
    folder = source(name, version)
    three = name == "exllamav3"
    package(folder, name, f"{name}.{'modules' if three else 'linear'}", f"{name}.config", f"{name}.compat", f"{name}.ext")
    import torch

    class Linear:
        in_features = out_features = WIDTH
        is_sliced, device_ = False, "cpu"

        def __init__(self):
            self.lora_a_tensors, self.lora_b_tensors = {}, {}

        device = property(lambda self: "cpu") if three else (lambda self: "cpu")

    if three:
        sys.modules["exllamav3.model"] = types.ModuleType("exllamav3.model")
        sys.modules["exllamav3.model"].__path__ = [str(folder / "exllamav3" / "model")]
        code = importlib.import_module("exllamav3.model.lora")
        code.Linear = Linear
    else:
        code = importlib.import_module("exllamav2.lora")
        code.ExLlamaV2Linear = Linear
        code.safe_move_tensor = lambda tensor, _: tensor

    def run(case):
        modules = {module: Linear() for module in case.about["modules"]}
        lm = types.SimpleNamespace(residual_stream_fp32=False, keys={"lm_head": "lm_head"})
        model = types.SimpleNamespace(modules_dict={**modules, "lm_head": Linear(), "model.embed_tokens": Linear()},
                                      config=types.SimpleNamespace(arch=types.SimpleNamespace(lm=lm)),
                                      update_loras=lambda: None)
        (code.LoRA if three else code.ExLlamaV2Lora).from_directory(model, str(case.folder))
        scales = {}
        for module, linear in modules.items():
            [a], [b] = linear.lora_a_tensors.values(), linear.lora_b_tensors.values()
            update = (a.float() @ b.float()).T
            scales[module] = round(case.scale_loosely(module, update), 3)
        return scales, [part for part in case.about["parts"] if part in ("magnitude", "bias", "biases", "saved", "embedding")]

    return run


def run_lorax(version):
    """LoraWeights over one layer of each kind, in the order in which a server loads them."""
    root, folder = "lorax_server", source("lorax", version)
    package(folder / "server", root, f"{root}.models", f"{root}.utils.weights", f"{root}.utils.sgmv_kernels", f"{root}.utils.log",
            f"{root}.utils.import_utils", f"{root}.utils.dist", f"{root}.utils.ops")
    for each in ("utils", "adapters"):
        sys.modules[f"{root}.{each}"] = types.ModuleType(f"{root}.{each}")
        sys.modules[f"{root}.{each}"].__path__ = [str(folder / "server" / root / each)]
    import torch

    code = importlib.import_module(f"{root}.adapters.lora")
    code.load_module_weight = lambda _, weight, *__: weight
    # Both only arrange the memory for a kernel.
    code.use_cutlass_shrink, code.orient_for_rank = (lambda _: False), (lambda tensor, _: tensor)

    def run(case):
        config = code.LoraConfig.load(str(case.folder), None)
        kinds = [module.rsplit(".", 1)[1] for module in case.about["modules"]]
        layer = types.SimpleNamespace(base_layer=types.SimpleNamespace(linear=types.SimpleNamespace(weight=torch.zeros(1))))
        model = types.SimpleNamespace(
            get_num_layers_for_type=lambda _: 1, dtype=torch.float32, world_size=1,
            target_to_layer={(0, kind): (module, layer) for kind, module in zip(kinds, case.about["modules"])},
            shard_lora_weights=lambda a, b, _: (a, b))
        modules, _ = config.map_weights_for_model(case.tensors, case.about["modules"])
        scales = {}
        for kind, module in zip(kinds, case.about["modules"]):
            weights = code.LoraWeights.load(config, model, modules, kind, set())
            scales[module] = case.scale(module, (weights._weights_a[0] @ weights._weights_b[0]).T)
        return scales, [part for part in case.about["parts"] if part in ("magnitude", "bias", "biases", "saved", "embedding")]

    return run


def run_invokeai(version):
    folder = source("invokeai", version)
    package(folder, "invokeai", "invokeai.backend.util", "invokeai.app")
    import torch

    sys.modules["invokeai.backend"] = types.ModuleType("invokeai.backend")
    sys.modules["invokeai.backend"].__path__ = [str(folder / "invokeai" / "backend")]
    from invokeai.backend.patches.layers.lora_layer import LoRALayer

    def run(case):
        scales = {}
        for name in case.about["modules"]:
            values = {key[len(name) + 1:]: tensor for key, tensor in case.tensors.items() if key.startswith(name + ".")}
            layer = LoRALayer.from_state_dict_values(values)
            scales[name] = case.scale(name, layer.get_parameters({"weight": torch.zeros(WIDTH, WIDTH)}, 1.0)["weight"])
        return scales, []

    return run


def run_sdnext(version):
    folder = source("sdnext", version)
    package(folder, "modules", "modules.shared", "modules.devices", "modules.errors", "modules.sd_models", "modules.hashes",
            "modules.sd_models_compile", "modules.logger", "modules.json_helpers", "modules.sd_checkpoint")
    import torch

    sys.modules["modules.lora"] = types.ModuleType("modules.lora")
    sys.modules["modules.lora"].__path__ = [str(folder / "modules" / "lora")]
    network = importlib.import_module("modules.lora.network")
    code = importlib.import_module("modules.lora.network_lora")

    def run(case):
        scales = {}
        for name in case.about["modules"]:
            values = {key[len(name) + 1:]: tensor for key, tensor in case.tensors.items() if key.startswith(name + ".")}
            weights = network.NetworkWeights(network_key=name, sd_key=name, w=values, sd_module=torch.nn.Linear(WIDTH, WIDTH))
            module = code.NetworkModuleLora(types.SimpleNamespace(te_multiplier=1.0, unet_multiplier=[1.0] * 3, dyn_dim=None), weights)
            scales[name] = case.scale(name, module.calc_updown(torch.zeros(WIDTH, WIDTH))[0])
        return scales, []

    return run


def run_diffsynth(version):
    folder = source("diffsynth", version)
    sys.path.insert(0, str(folder / "diffsynth" / "utils" / "lora"))
    import general

    def run(case):
        state = general.GeneralLoRALoader().convert_state_dict(case.tensors)
        names = [module for module in case.about["modules"]]
        prefix = "base_model.model." if case.layout == "peft" else ""
        return {name: case.scale(name, state[f"{prefix}{name}.lora_B.weight"] @ state[f"{prefix}{name}.lora_A.weight"])
                for name in names}, []

    return run


def run_kohya(version):
    """A network built from the file, and the multiplier of each of its modules."""
    folder = source("kohya", version)
    package(folder, "networks")
    package(folder, "library")
    import torch

    code = importlib.import_module("networks.lora")

    def run(case):
        scales = {}
        for name in case.about["modules"]:
            down, up = (case.tensors[f"{name}.lora_{half}.weight"] for half in ("down", "up"))
            alpha = case.tensors.get(f"{name}.alpha")
            module = code.LoRAModule(name, torch.nn.Linear(WIDTH, WIDTH), 1.0, down.size(0), alpha)
            scales[name] = float(module.scale) * case.scale(name, up @ down)
        return scales, []

    return run


def run_lycoris(version):
    import lycoris
    import torch

    if importlib.metadata.version("lycoris_lora") != version:
        absent("another version of LyCORIS")
    from lycoris.modules.locon import LoConModule

    def run(case):
        scales = {}
        for name in case.about["modules"]:
            up, down, alpha = (case.tensors.get(f"{name}.{key}") for key in ("lora_up.weight", "lora_down.weight", "alpha"))
            alpha = alpha if alpha is not None else down.size(0)
            module = LoConModule.make_module_from_state_dict(name, torch.nn.Linear(WIDTH, WIDTH), up, down, None, alpha, None)
            scales[name] = case.scale(name, module.get_diff_weight(1.0)[0].detach())
        return scales, []

    return run


def run_mlx_lm(version):
    """load_adapters over a small model of mlx, and what fusing adds."""
    import mlx.core as mx
    import mlx.nn as nn
    import mlx_lm
    import torch
    from mlx_lm.tuner.utils import load_adapters

    if mlx_lm.__version__ != version:
        absent(f"mlx-lm is {mlx_lm.__version__}")

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.self_attn = nn.Module()
            self.self_attn.q_proj, self.self_attn.v_proj = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(2))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.model = nn.Module()
            self.model.layers = [Layer()]

        layers = property(lambda self: self.model.layers)

    def run(case):
        model = Model()
        attention = model.layers[0].self_attn
        before = {name: attention[name].weight for name in ("q_proj", "v_proj")}
        load_adapters(model, str(case.folder))
        scales = {}
        for module in case.about["modules"]:
            leaf = module.rsplit(".", 1)[1]
            update = model.layers[0].self_attn[leaf].fuse().weight - before[leaf]
            scales[module] = case.scale(module, torch.tensor(update.astype(mx.float32).tolist()))
        return scales, []

    return run


def run_diffusers(version):
    """A small U-Net through lora_state_dict and load_lora_into_unet."""
    sys.path.insert(0, str(source("diffusers", version)))
    import diffusers
    import torch
    from diffusers.loaders import StableDiffusionLoraLoaderMixin as Loader

    def run(case):
        torch.manual_seed(1)
        unet = diffusers.UNet2DConditionModel(
            sample_size=8, block_out_channels=(WIDTH, WIDTH), layers_per_block=1, cross_attention_dim=WIDTH,
            attention_head_dim=8, norm_num_groups=8, use_linear_projection=True,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
        state, alphas, metadata = Loader.lora_state_dict(
            str(case.folder), weight_name=case.file.name, unet_config=unet.config, return_lora_metadata=True)
        Loader.load_lora_into_unet(state, network_alphas=alphas, unet=unet, metadata=metadata)
        before = {name: tensor.clone() for name, tensor in unet.state_dict().items()}
        unet.fuse_lora()
        after = unet.state_dict()
        scales = {}
        for module, name in zip(case.about["modules"], PIPE):
            key = name.removeprefix("unet.") + ".base_layer.weight"
            scales[module] = case.scale(module, after[key] - before[key])
        return scales, []

    return run


def run_llama_cpp(version):
    """convert_lora_to_gguf.py with a small Llama's config, and get_scale of llama-adapter.h, compiled."""
    import subprocess
    import tempfile

    import torch

    folder = next(source("llama-cpp-python", version).glob("*/vendor/llama.cpp"), None)
    if folder is None:
        absent("no llama.cpp in llama-cpp-python")
    work = pathlib.Path(tempfile.mkdtemp())
    base = work / "base"
    base.mkdir()
    (base / "config.json").write_text(json.dumps({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": WIDTH, "num_attention_heads": 1,
        "num_key_value_heads": 1, "num_hidden_layers": 1, "intermediate_size": WIDTH, "vocab_size": 64,
        "max_position_embeddings": 64, "rms_norm_eps": 1e-5}))
    (work / "scale.cpp").write_text(
        '#include "llama.h"\n#include "llama-adapter.h"\n#include <cstdio>\n#include <cstdlib>\n'
        "int main(int, char ** v) { ggml_tensor b{}; b.ne[0] = atoi(v[2]); llama_adapter_lora_weight w(nullptr, &b);"
        ' printf("%.9g", w.get_scale(atof(v[1]), 1)); }')
    subprocess.run(["g++", "-std=c++17", f"-I{folder}/src", f"-I{folder}/include", f"-I{folder}/ggml/include", "-o",
                    str(work / "scale"), str(work / "scale.cpp")], check=True)
    sys.path.insert(0, str(folder / "gguf-py"))
    import gguf

    def run(case):
        out = work / f"{case.name}.gguf"
        command = [sys.executable, str(folder / "convert_lora_to_gguf.py"), str(case.folder), "--base", str(base), "--outfile", str(out)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr.strip().splitlines()[-1])
        reader = gguf.GGUFReader(str(out))
        alpha = float(reader.fields["adapter.lora.alpha"].parts[-1][0])
        tensors = {tensor.name: torch.tensor(tensor.data) for tensor in reader.tensors}
        scales = {}
        for module in case.about["modules"]:
            name = "blk.0." + {"q_proj": "attn_q", "v_proj": "attn_v"}[module.rsplit(".", 1)[1]] + ".weight"
            a, b = tensors[f"{name}.lora_a"], tensors[f"{name}.lora_b"]
            factor = float(subprocess.run([str(work / "scale"), str(alpha), str(b.shape[1])], capture_output=True, check=True).stdout)
            # The rows of q are in another order: only norms can be compared.
            scales[module] = factor * float((b @ a).norm() / case.product(module).norm())
        return scales, []

    return run


# Engines of images; all others read PEFT's folders.
IMAGES = {"invokeai": ["kohya"], "sdnext": ["kohya"], "diffsynth": ["diffusers", "peft"],
          "kohya": ["kohya"], "lycoris": ["kohya"], "mlx-lm": ["mlx"],
          "diffusers": ["kohya", "diffusers"]}


def main(arguments):
    if arguments[0] == "--make":
        make(arguments[1])
        return
    name, _, version = arguments[0].partition("@")
    run = globals()["run_" + name.replace("-", "_").replace(".", "_")](version)
    for case_name, about in CASES.items():
        if about["layout"] not in IMAGES.get(name, ["peft"]):
            continue
        case = Case(arguments[1], case_name)
        try:
            with contextlib.redirect_stdout(sys.stderr):
                found = run(case)
            scales = found and {name: None if math.isnan(scale) else scale for name, scale in found[0].items()}
            said = None if found is None else {"scales": scales, "lost": sorted(set(found[1]))}
        except Exception as error:  # noqa: BLE001 - whatever the engine stops with
            if os.environ.get("LORA_ALPHA_TRACE"):
                raise
            said = {"refused": f"{type(error).__name__}: {error}"[:300]}
        if said is not None:
            print(json.dumps({"case": case_name, **said}), file=_verdicts, flush=True)
    # Stand-ins do not survive the interpreter's own end.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
