/**
 * The names of a library's LoRA factors among the parameters of a model. A name must match whole parts between dots:
 * `lora_A` fits `layer.lora_A.default.weight` and `layer.lora_A`, but not `layer.lora_A_scale`.
 */
export interface Library {
  A: readonly string[];
  B: readonly string[];
  /** Each adapter of a model has its own factors, with its name in the path: `layer.lora_A.default.weight`. */
  hasAdapters?: true;
  /** PyTorch's parameters are changed in place; MLX's arrays are replaced. */
  arrays: 'torch' | 'mlx';
}

/**
 * The names of loralib, litgpt, NeMo Automodel and prime-rl, in every kind of layer.
 * @see https://github.com/microsoft/LoRA/blob/main/loralib/layers.py
 * @see https://github.com/Lightning-AI/litgpt/blob/main/litgpt/lora.py
 * @see https://github.com/NVIDIA-NeMo/Automodel/blob/main/nemo_automodel/components/_peft/lora.py (LinearLoRA)
 * @see https://github.com/PrimeIntellect-ai/prime-rl (src/prime_rl/trainer/models/layers/lora/multi_linear.py, 559b4477)
 */
export const LORA_A_B: Library = { A: ['lora_A'], B: ['lora_B'], arrays: 'torch' };

/**
 * The names of sd-scripts and of what was made after it (LyCORIS' LoCon, ai-toolkit, OneTrainer), in linear layers and
 * convolutions.
 * @see https://github.com/kohya-ss/sd-scripts/blob/main/adapters/lora.py
 */
export const LORA_DOWN_UP: Library = { A: ['lora_down'], B: ['lora_up'], arrays: 'torch' };
