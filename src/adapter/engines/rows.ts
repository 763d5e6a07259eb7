/**
 * What engines do, in the order in which they are shown, oldest versions first. The grammar is in all.ts; what the words
 * mean is in engine.ts.
 */
export const ROWS = `
# Readers of PEFT folders that take r and lora_alpha from adapter_config.json and nothing else; PEFT's own formula.
global = takes peft; models language; alpha config; rank config; missing refused; zero zero;
  ignores rslora alphaPattern rankPattern
full = global; right rslora alphaPattern rankPattern
# Readers of one file that know alpha from its .alpha tensors alone.
file = takes kohya lycoris diffusers diffusers-old ai-toolkit onetrainer peft; models image; alpha tensor; missing one;
  zero zero; ignores rslora alphaPattern; right rankPattern stray

# What loads language models.
whole = full; models any; missing 8; right dora loraBias biases saved embedding experts stray; refuses misfit;
  inits pissa olora; fields fan_in_fan_out layer_replication
early = whole; unknown dora loraBias experts; inits; fields
peft | PEFT | huggingface/peft | src/peft/tuners/lora/layer.py, model.py
  0.6.0 to 0.7.1 (1c0654b9, 997e6ec5): early; ignores rslora
  0.8.0 to 0.13.2 (997e6ec5, 096fe537): early
  0.14.0 to 0.17.1 (0.14.0, 0.17.0): whole
  0.18.0 to 0.20.0 (0.18.0, 0.20.0): whole;
      fields fan_in_fan_out layer_replication trainable_token_indices target_parameters alora_invocation_tokens
  0.21.0 on (0.21.2): whole; right other; ran scales dora loraBias biases saved embedding experts stray init
first = global; refuses dora saved stray; drops loraBias; ignores init
later = first; right rslora; refuses biases loraBias
vllm | vLLM | vllm-project/vllm | vllm/lora/peft_helper.py, lora_weights.py
  to 0.6.4.post1: first; ran scales dora init saved stray loraBias
  0.6.5 to 0.6.6.post1: first; refuses rslora; ran scales dora init saved stray loraBias
  0.7.0 to 0.29.0: later; unknown loraBias; ignores experts; ran scales dora init saved stray biases experts
  0.30.0 to 0.30.0: later; right experts; ran scales dora init saved stray loraBias biases experts
  0.31.0 to 0.31.0: later; drops loraBias; right experts; ran scales dora init saved stray loraBias biases experts
  0.32.0 on (0.33.0): full; refuses dora saved stray loraBias biases init; right experts;
      ran scales dora init saved stray loraBias biases experts
served = global; refuses rankPattern stray; drops loraBias; ignores init
sglang | SGLang | sgl-project/sglang | srt/lora/lora.py, lora_config.py, mem_pool.py
  0.4.6 to 0.5.10: served; drops dora; ran scale rslora alphaPattern missing zero dora
  0.5.18 on (0.5.23): served; refuses dora; ran scale rslora alphaPattern missing zero dora
padded = global; rank padded; right rslora; unknown rankPattern; missing 8; ignores init; drops dora loraBias
tgi | Text Generation Inference | huggingface/text-generation-inference | server/text_generation_server/adapters/lora.py
  db931fcf: padded; rank perhaps-padded
lorax | LoRAX | predibase/lorax | server/lorax_server/adapters/lora.py
  a7394ba3: padded; drops biases saved embedding; right stray;
      ran scale rslora alphaPattern missing zero dora loraBias biases saved stray
converted = global; takes peft gguf; rank tensor; right rankPattern; zero one; ignores init;
  refuses dora loraBias biases
llama.cpp | llama.cpp | ggml-org/llama.cpp | convert_lora_to_gguf.py, src/llama-adapter.h
  0c1e57098: converted; refuses saved stray; ran scales dora loraBias biases init saved stray
ik_llama.cpp | ik_llama.cpp | ikawrakow/ik_llama.cpp | convert_lora_to_gguf.py
  8337e4cd: converted
koboldcpp | KoboldCpp | LostRuins/koboldcpp | convert_lora_to_gguf.py
  2da346a5: converted
unsloth-gguf | Unsloth, LoRA to GGUF | unslothai/unsloth | unsloth/save.py
  2026.10.9: converted
ollama | Ollama ADAPTER | ollama/ollama | convert/convert.go, convert_llama_adapter.go
  fb307609: converted; takes peft gguf mlx; missing one; wholeAlpha
mlx = takes mlx; rank none; refuses rankPattern; zero zero
mlx-lm | mlx-lm | ml-explore/mlx-lm | mlx_lm/tuner/lora.py, dora.py, utils.py
  0.32.2: mlx; alpha scale; missing refused; right dora embedding; ran scale missing
mlx-vlm | mlx-vlm | Blaizzy/mlx-vlm | mlx_vlm/trainer/lora.py, utils.py
  to 0.4.4 (6b0ad8f0): mlx
  0.5.0 on (9b13f522): mlx
lmdeploy | LMDeploy | InternLM/lmdeploy | lmdeploy/pytorch/adapter/adapter.py
  0.18.0: global; unknown rankPattern; missing 8; refuses dora loraBias biases saved embedding stray; ignores init;
      ran scale rslora alphaPattern missing zero init dora loraBias biases saved embedding stray
tensorrt-llm | TensorRT-LLM | NVIDIA/TensorRT-LLM | tensorrt_llm/lora_manager.py
  30e6fb55: global; rank tensor; right rslora rankPattern dora; ignores init; refuses loraBias
scaled = global; right rslora; ignores init
exllamav2 | ExLlamaV2 | turboderp-org/exllamav2 | exllamav2/lora.py
  to 2024-09-07 (before 361d2119): scaled; ignores rslora; drops loraBias
  2024-09-08 on (0.3.2): scaled; refuses dora biases embedding stray; drops loraBias;
      ran scales dora biases embedding stray loraBias init
exllamav3 | ExLlamaV3 | turboderp-org/exllamav3 | exllamav3/model/lora.py
  0.0.31 on (1.6.5): scaled; drops dora biases saved embedding; refuses loraBias; right stray;
      ran scales dora biases saved embedding loraBias init stray
mistral.rs | mistral.rs | EricLBuehler/mistral.rs | mistralrs-quant/src/lora/mod.rs
  to 2026-07-21 (before 73a30166): global; missing unknown; unknown rankPattern; zero unknown
  2026-07-22 on (9e922623): full; refuses dora loraBias biases init
s-lora | S-LoRA | S-LoRA/S-LoRA | slora/models/peft/lora_adapter.py
  c1ddf488: global
olive | Olive convert-adapters | microsoft/Olive | olive/cli/convert_adapters.py
  ee6f40fb: global; right rslora; missing 8; refuses dora
openvino-genai | OpenVINO GenAI | openvinotoolkit/openvino.genai | src/cpp/src/lora/adapter.cpp
  2025-07-31 on (da1db864): takes peft diffusers kohya; rank none; missing one; ignores rslora alphaPattern;
      right rankPattern stray; drops dora loraBias
# What loads image models: .alpha / rank of the tensor, else 1, in most.
loaded = file; alpha header tensor; unknown stray; drops doraScale; commonAlpha; right rslora alphaPattern dora loraBias
unsure = loaded; unknown rankPattern dora loraBias
diffusers | Diffusers | huggingface/diffusers | src/diffusers/utils/peft_utils.py, loaders/peft.py,
  loaders/lora_conversion_utils.py
  to 0.33.1 (before 368958df): unsure; alpha tensor
  0.34.0 to 0.39.0 (368958df): unsure
  0.40.0 on (0.42.1): loaded; ran files commonAlpha
products = file; right lycoris
comfyui | ComfyUI | comfyanonymous/ComfyUI | comfy/lora.py, comfy/weight_adapter/lora.py, base.py
  a125cd84: products; drops dora loraBias
a1111 | AUTOMATIC1111 | AUTOMATIC1111/stable-diffusion-webui | extensions-builtin/Lora/network.py
  f2844bd0: products
forge | Forge | lllyasviel/stable-diffusion-webui-forge | backend/patcher/lora.py
  dfdcbab6: products
forge-classic | Forge Classic | Haoming02/sd-webui-forge-classic | ldm_patched/modules/lora.py
  1f95d717: products; drops doraScale
sdnext | SD.Next | vladmandic/sdnext | modules/lora/network.py
  058a7f0c: products; ran files
invokeai | InvokeAI | invoke-ai/InvokeAI | invokeai/backend/patches/layers/lora_layer_base.py
  6.14.2: products; ran files
stable-diffusion.cpp | stable-diffusion.cpp | leejet/stable-diffusion.cpp | src/model/adapter/lora.hpp
  97d29908: products; drops doraScale; unknown lycoris
diffsynth | DiffSynth-Studio | modelscope/DiffSynth-Studio | diffsynth/utils/lora/general.py
  2.1.12: file; takes diffusers peft ai-toolkit; zero unknown; ran scale rankPattern missing
diffusion = takes peft diffusers ai-toolkit; models image; alpha tensor; missing one; ignores rslora alphaPattern;
  right rankPattern stray
sglang-diffusion | SGLang Diffusion | sgl-project/sglang | multimodal_gen/runtime/pipelines_core/lora_pipeline.py,
  lora/peft_adapter.py
  to 0.5.10: diffusion
  0.5.18 to 0.5.18: diffusion; alpha tensor config
  0.5.23 on (0.5.23): diffusion; alpha tensor config header plain-header; zero refused; wholeAlpha;
      right rslora alphaPattern; refuses dora doraScale loraBias biases saved embedding
# What merges an adapter into its base model, through PEFT or as PEFT does; then trainers that go on from a file.
mergekit | mergekit | arcee-ai/mergekit | mergekit/common.py
  0.1.5: whole
openrlhf | OpenRLHF | OpenRLHF/OpenRLHF | openrlhf/cli/lora_combiner.py
  0.11.0: whole
unsloth | Unsloth merge | unslothai/unsloth-zoo | unsloth_zoo/saving_utils.py
  2026.10.9: early; missing unknown; zero unknown; right dora loraBias
sharded = full; rank tensor; right dora; drops loraBias; refuses init
axolotl | Axolotl merge-lora | axolotl-ai-cloud/axolotl | src/axolotl/cli/utils/lora_merge.py
  0.16.0 to 0.17.0 (629bafbb): sharded; ignores alphaPattern
  0.18.0 on (067b021c): sharded
resumed = file; takes kohya; zero one; unknown rslora alphaPattern stray
kohya | kohya sd-scripts | kohya-ss/sd-scripts | networks/lora.py, merge_lora.py, lora_flux.py
  48d368fa: resumed; ran files
musubi | musubi-tuner | kohya-ss/musubi-tuner | src/musubi_tuner/networks/lora.py
  30c658c4: resumed; missing unknown
locon = resumed; takes kohya lycoris; right doraScale lycoris
lycoris | LyCORIS | KohakuBlueleaf/LyCORIS | lycoris/modules/locon.py, glora.py
  4.1.3: locon; ran files
onetrainer | OneTrainer | Nerogar/OneTrainer | modules/util/convert_lora_util.py, load_lora_util.py
  23df3832: locon; takes kohya lycoris onetrainer; zero unknown
ai-toolkit | ai-toolkit, loading | ostris/ai-toolkit | toolkit/network_mixins.py, lora_special.py
  27a03a91: resumed; takes ai-toolkit diffusers; alpha; rank none; right stray
simpletuner | SimpleTuner, resuming | bghira/SimpleTuner | simpletuner/helpers/training/adapter.py
  bc8e6ab7: takes diffusers
`;
