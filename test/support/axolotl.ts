/** An Axolotl config of our own: AdamW, rank 16, alpha 16 on line 6, rate on line 10. */
export const AXOLOTL = `# Llama 3, one GPU
base_model: NousResearch/Meta-Llama-3-8B
adapter: lora

lora_r: 16
lora_alpha: 16  # as in the recipe
lora_dropout: 0.05

optimizer: adamw_torch
learning_rate: 0.0002
weight_decay: 0.01
lr_scheduler: cosine
`;
