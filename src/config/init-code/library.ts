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
