import { planConfig, type ConfigPlan, type ConfigPlans } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig, type Rewriting } from '../../../src/config/rewrite';
import { applyEdits } from '../../../src/config/write/edits';
import type { PlanId } from '../../../src/recipe/plans/plan';
import type { Target } from '../../../src/recipe/target';

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

export const changed = (sample: Sample, from: string | RegExp, to: string): Sample => ({
  ...sample,
  text: sample.text.replace(from, to),
});

export function plansOf({ text, path }: Sample, target: number | Target, index = 0): ConfigPlans {
  return planConfig(text, readConfig(text, path), index, target);
}

export function planOf(sample: Sample, target: number | Target, id: PlanId = 'symmetric', index = 0): ConfigPlan {
  const found = plansOf(sample, target, index).plans.find((plan) => plan.id === id);
  if (!found) throw new Error(`no plan ${id}`);
  return found;
}

export const codesOf = ({ caveats }: ConfigPlan): string[] => caveats.map(({ code }) => code);

function rewriting({ text, path }: Sample, target: number | Target, id: PlanId, index: number): Rewriting {
  return rewriteConfig(text, readConfig(text, path), index, target, id);
}

/** The rewritten text; throws a refusal. */
export function rewritten(sample: Sample, target: number | Target, id: PlanId = 'symmetric', index = 0): string {
  const result = rewriting(sample, target, id, index);
  if ('refusal' in result) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return applyEdits(sample.text, result.edits);
}

/** The code of the refusal to rewrite, or `none`. */
export function refusalOf(sample: Sample, target: number | Target): string {
  const result = rewriting(sample, target, 'symmetric', 0);
  return 'refusal' in result ? result.refusal.code : 'none';
}
