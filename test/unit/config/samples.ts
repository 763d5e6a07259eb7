/** One small config per trainer, and how alpha and the other numbers are called in it. Written for these tests. */
export interface Sample {
  path: string;
  text: string;
}

export const AXOLOTL: Sample = {
  path: 'axolotl.yml',
  text: `base_model: some/model
adapter: lora
lora_r: 16
lora_alpha: 16 # equal to the rank
lora_target_linear: true
optimizer: adamw_torch
learning_rate: 3e-4
weight_decay: 0.01
`,
};

export const LLAMAFACTORY: Sample = {
  path: 'sft.yaml',
  text: `### method
stage: sft
finetuning_type: lora
lora_rank: 8

### train
learning_rate: 1.0e-4
`,
};

export const LLAMAFACTORY_V1: Sample = {
  path: 'v1.yaml',
  text: `model: some/model
peft_config:
  name: lora
  r: 16
  lora_alpha: 32
learning_rate: 1.0e-4
`,
};

export const TORCHTUNE: Sample = {
  path: 'tune.yaml',
  text: `model:
  _component_: torchtune.models.llama3_2.lora_llama3_2_1b
  lora_attn_modules: ['q_proj', 'v_proj']
  lora_rank: 8
  lora_alpha: 16
optimizer:
  _component_: torch.optim.AdamW
  lr: 3e-4
lr_scheduler:
  _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup
  num_warmup_steps: 100
clip_grad_norm: null
`,
};

export const KOHYA: Sample = {
  path: 'lora.toml',
  text: `[network]
network_module = "networks.lora"
network_dim = 32
network_alpha = 16
network_args = ["conv_dim=8", "conv_alpha=4"]

[optimizer]
optimizer_type = "AdamW"
unet_lr = 1e-4
text_encoder_lr = 5e-5
optimizer_args = ["weight_decay=0.01", "betas=0.9,0.99"]
`,
};

export const PEFT: Sample = {
  path: 'adapter_config.json',
  text: `{
  "peft_type": "LORA",
  "r": 32,
  "lora_alpha": 64,
  "lora_dropout": 0.05,
  "rank_pattern": { "model.layers.0.q_proj": 8 },
  "alpha_pattern": { "model.layers.0.q_proj": 16, "v_proj": 32 }
}
`,
};

export const SAMPLES: readonly Sample[] = [AXOLOTL, LLAMAFACTORY, LLAMAFACTORY_V1, TORCHTUNE, KOHYA, PEFT];
