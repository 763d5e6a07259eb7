/** What else is known of an engine, beside its row in src/adapter/engines/rows.ts, by its id. */
export const NOTES: Readonly<Record<string, string>> = {
  peft:
    'Before 0.18.0 set_scale forgot rsLoRA (#2733). DoRA tensors without use_dora load as plain LoRA. PiSSA and ' +
    'OLoRA change the base weights again at load; CorDA stops there with an error.',
  vllm:
    'lora_B.bias needs --enable-lora-bias. Experts are packed with alpha/r, whatever use_rslora says (#55545). ' +
    '0.25.0 to 0.29.0 refuse lora_bias. Of modules_to_save only a classifier or score head is taken.',
  sglang: 'use_rslora: #40835 is open.',
  tgi: 'On n GPUs a rank is padded to 8n, or above that to a multiple of 16.',
  lorax: 'Pads as TGI since b29cee3d. A static merge uses alpha/r for rsLoRA as well.',
  'llama.cpp':
    'Since #8332. A GGUF without adapter.lora.alpha runs at scaling 1. Run: that of llama-cpp-python 0.3.36.',
  'unsloth-gguf': 'Calls llama.cpp’s converter.',
  ollama: 'Llama and Gemma 2 only. An alpha of 32.0 is refused (#17377). mlx-lm’s scale is not read.',
  'mlx-lm':
    'Until June 2024 (mlx-examples #614) scale·alpha/rank was applied, so older configs run at rank/alpha today.',
  'mlx-vlm': 'alpha was applied undivided (#845). alpha/rank; which keys of mlx-lm’s config it reads is unknown.',
  'tensorrt-llm': 'A .nemo archive runs at scaling 1, whatever its alpha.',
  exllamav2: 'By the date of commit 361d2119.',
  exllamav3: 'Keys without .lora_A. or .lora_B. are skipped. Rounds to float16 before it multiplies by the scaling.',
  'mistral.rs': 'By the date of commit 73a30166.',
  'openvino-genai': 'AdapterConfig’s alpha (1 by default) is the scaling itself (#2525).',
  diffusers:
    'Of several ranks without alpha the first was taken for all (#14409). dora_scale is dropped with a warning. ' +
    'Of an SD or SDXL file whose alphas differ, attention and CLIP run at the most frequent one. lora_A beside ' +
    '.alpha is folded for Wan, Qwen-Image, Z-Image, and refused for Flux 2, LTX, HiDream.',
  comfyui:
    'Alpha in the metadata: #15830 is open. lora_magnitude_vector is not read. A dora_scale of the output axis is ' +
    'divided by the norm of W in place of W + ΔW (ComfyUI #15458).',
  a1111: 'A scale tensor goes before alpha. dora_scale is read along the input axis only.',
  forge: 'A dora_scale of the output axis is divided by the norm of W in place of W + ΔW (ComfyUI #15458).',
  invokeai: 'dora_scale is read along the input axis only.',
  'stable-diffusion.cpp': 'A .scale tensor goes before alpha.',
  'sglang-diffusion': 'An alpha that only the header says is ignored (#35952).',
  unsloth: 'DoRA of embeddings and experts is refused. PiSSA and the like become a plain LoRA of twice the rank.',
  axolotl: 'merge_method: legacy goes through PEFT.',
  kohya:
    'merge_lora.py of two LoRAs applies ratio², and --concat keeps alpha at the sum of the ranks. Flux with ' +
    'split_qkv stores 3 or 4 times the rank with the same alpha (#2204). --network_weights trains at ' +
    '--network_alpha.',
  musubi: 'Without .alpha: an error in training, scaling 1 in merging.',
  lycoris:
    'With rs_lora the stored alpha is alpha·√dim; files of April to July 2024, and of GLoRA, have the plain ' +
    'alpha.',
  'ai-toolkit': 'Flux and later transformers: alpha is the rank, .alpha is skipped. SD and SDXL read .alpha.',
  simpletuner: 'With PEFT 0.18 or newer, files that carry alphas or several ranks run at alpha/√r.',
};
