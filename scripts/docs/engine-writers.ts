/** Tools that write adapters, with what their files do not say: for docs/engines.md. */
export const WRITERS: readonly (readonly [name: string, repo: string, read: string, writes: string])[] = [
  [
    'mergekit-extract-lora',
    'arcee-ai/mergekit',
    '0.1.5',
    'r = lora_alpha = the largest rank, smaller modules in rank_pattern and alpha_pattern: too strong where a global alpha meets the rank of the tensor',
  ],
  [
    'verl model_merger',
    'volcengine/verl',
    '1dda039b',
    'lora_alpha 0 where the training’s metadata is missing: no effect in PEFT and vLLM, scaling 1 in llama.cpp',
  ],
  ['torchtune', 'pytorch/torchtune', 'bd2a0fc7', 'magnitudes of DoRA without use_dora, so PEFT loads a plain LoRA'],
  ['NeMo 2, nemo_export', 'NVIDIA-NeMo/NeMo', '8cfedd72', 'r = dim and lora_alpha = alpha'],
  ['Megatron-Bridge', 'NVIDIA-NeMo/Megatron-Bridge', '067f987d', 'rank_pattern and use_dora'],
  [
    'NeMo Automodel',
    'NVIDIA-NeMo/Automodel',
    '36044ad3',
    'with moe_rank_scaling experts of a smaller rank, without a rank_pattern: PEFT refuses them',
  ],
  ['diffusion-pipe', 'tdrussell/diffusion-pipe', '8f83dbf2', 'no alpha; it trains at alpha = rank'],
];
