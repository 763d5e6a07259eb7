/**
 * How a library names its LoRA factors among a built model's parameters. A part stands for itself between two dots, or at
 * an end of the name, so `lora_A` fits `layer.lora_A.default.weight` and `layer.lora_A`, but not `layer.lora_A_scale`.
 */
export interface Library {
  A: readonly string[];
  B: readonly string[];
  /** Each adapter of a model has factors of its own, behind its name: `layer.lora_A.default.weight`. */
  hasAdapters?: true;
  /** Parameters are PyTorch's, changed where they are; or MLX's arrays, which are replaced. */
  arrays: 'torch' | 'mlx';
}
