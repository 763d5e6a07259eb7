/**
 * How a library names its LoRA factors among a built model's parameters. A part stands for itself between two dots, or at
 * an end of the name, so `lora_A` fits `layer.lora_A.default.weight` and `layer.lora_A`, but not `layer.lora_A_scale`.
 */
export interface Library {
  name: string;
  A: readonly string[];
  B: readonly string[];
  /** Each adapter of a model has factors of its own, behind its name: `layer.lora_A.default.weight`. */
  hasAdapters?: true;
  /** Parameters are PyTorch's, changed where they are; or MLX's arrays, which are replaced. */
  arrays: 'torch' | 'mlx';
  source: string;
}

/** THE table of libraries. What no part names stays: DoRA's magnitudes, kohya's alpha, LyCORIS' middle factor, the base. */
export const LIBRARIES = {
  // In embedding layers A starts at zero and B at random, so there it is B that counts.
  peft: {
    name: 'PEFT',
    A: ['lora_A', 'lora_embedding_A'],
    B: ['lora_B', 'lora_embedding_B'],
    hasAdapters: true,
    arrays: 'torch',
    source: 'https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py',
  },
  // A config of nobody's: most such scripts have PEFT's names, some without adapters.
  unknown: {
    name: 'a library like PEFT',
    A: ['lora_A', 'lora_embedding_A'],
    B: ['lora_B', 'lora_embedding_B'],
    arrays: 'torch',
    source: 'https://github.com/huggingface/peft/blob/main/src/peft/tuners/lora/layer.py',
  },
  // diffusers' add_adapter makes PEFT layers; its models train no embeddings.
  diffusers: {
    name: 'diffusers',
    A: ['lora_A'],
    B: ['lora_B'],
    hasAdapters: true,
    arrays: 'torch',
    source: 'https://github.com/huggingface/diffusers/blob/main/src/diffusers/loaders/peft.py',
  },
  // Linear, merged, convolution and embedding layers alike.
  loralib: {
    name: 'loralib',
    A: ['lora_A'],
    B: ['lora_B'],
    arrays: 'torch',
    source: 'https://github.com/microsoft/LoRA/blob/main/loralib/layers.py',
  },
  torchtune: {
    name: 'torchtune',
    A: ['lora_a'],
    B: ['lora_b'],
    arrays: 'torch',
    source: 'https://github.com/pytorch/torchtune/blob/main/torchtune/modules/peft/lora.py',
  },
  litgpt: {
    name: 'litgpt',
    A: ['lora_A'],
    B: ['lora_B'],
    arrays: 'torch',
    source: 'https://github.com/Lightning-AI/litgpt/blob/main/litgpt/lora.py',
  },
  // sd-scripts, LyCORIS' LoCon and what is made after them; linear layers and convolutions have the same names.
  kohya: {
    name: 'kohya sd-scripts',
    A: ['lora_down'],
    B: ['lora_up'],
    arrays: 'torch',
    source: 'https://github.com/kohya-ss/sd-scripts/blob/main/networks/lora.py',
  },
  // NeMo and Megatron-Bridge: the adapter's two linear layers.
  nemo: {
    name: 'NeMo',
    A: ['linear_in'],
    B: ['linear_out'],
    arrays: 'torch',
    source:
      'https://github.com/NVIDIA/NeMo/blob/main/nemo/collections/nlp/modules/common/megatron/adapters/parallel_adapters.py',
  },
  // Automodel's LinearLoRA and prime-rl's MultiLoRALinear name them alike.
  automodel: {
    name: 'NeMo Automodel',
    A: ['lora_A'],
    B: ['lora_B'],
    arrays: 'torch',
    source: 'https://github.com/NVIDIA-NeMo/Automodel/blob/main/nemo_automodel/components/_peft/lora.py',
  },
  mlx: {
    name: 'mlx-lm',
    A: ['lora_a'],
    B: ['lora_b'],
    arrays: 'mlx',
    source: 'https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/tuner/lora.py',
  },
} as const satisfies Readonly<Record<string, Library>>;

export type LibraryId = keyof typeof LIBRARIES;
