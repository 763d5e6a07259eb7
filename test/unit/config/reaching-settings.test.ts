import { expect, it } from 'vitest';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';

const verl = (override: string, engine = 'fsdp'): string =>
  engine === 'fsdp'
    ? `model: {partial_pretrain: m, lora_rank: 16, lora_alpha: 32, target_modules: [q_proj]}\noptim: {lr: 1.0e-4, weight_decay: 0.01, clip_grad: 1.0, optimizer: AdamW, override_optimizer_config: {eps: 1.0e-8, ${override}}}\nengine: {strategy: fsdp}\n`
    : `actor_rollout_ref:\n  model: {path: m, lora: {rank: 16, alpha: 32}}\n  actor: {optim: {lr: 1.0e-4, weight_decay: 0.01, clip_grad: 1.0, override_optimizer_config: {${override}}}}\n`;
const ludwig = (clipping: string): string =>
  `model_type: llm\nbase_model: m\ninput_features: [{name: a, type: text}]\noutput_features: [{name: b, type: text}]\nadapter: {type: lora, r: 16, alpha: 32}\ntrainer:\n  type: finetune\n  learning_rate: 0.0001\n  optimizer: {type: adam}\n  gradient_clipping: ${clipping}\n`;
const h2o = (problem: string): string =>
  `llm_backbone: m\nproblem_type: ${problem}\ntraining: {lora: true, lora_r: 16, lora_alpha: 32, learning_rate: 0.0001, optimizer: SGD, weight_decay: 0.1, gradient_clip: 1.0}\n`;
const automodel = (model: string, peft: string, more = ''): string =>
  `step_scheduler: {global_batch_size: 8, max_steps: 100}\nmodel: {_target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained, pretrained_model_name_or_path: m${model}}\npeft: {_target_: nemo_automodel.components._peft.lora.PeftConfig, match_all_linear: true, dim: 16, alpha: 32${peft}}\noptimizer: {_target_: torch.optim.AdamW, lr: 1.0e-4, weight_decay: 0.0, eps: 1.0e-8, betas: [0.9, 0.999]}\n${more}`;
const simpletuner = (more: object): string =>
  JSON.stringify({
    ...{ model_type: 'lora', model_family: 'flux', lora_type: 'standard', lora_rank: 16, lora_alpha: 32 },
    ...{ optimizer: 'optimi-adamw', learning_rate: 1e-4, lr_scheduler: 'constant', max_grad_norm: 1.0 },
    ...{ grad_clip_method: 'norm', ...more },
  });
const primeRl = (dtype: string): string =>
  `max_steps = 100\n[model]\nname = "m"\noptimization_dtype = "${dtype}"\n[model.lora]\nrank = 16\nalpha = 32\n[data]\nname = "x"\n[optim]\ntype = "sgd"\nlr = 1e-4\n`;
const onetrainer = (more: object): string =>
  JSON.stringify({
    ...{ __version: 10, training_method: 'LORA', model_type: 'FLUX_DEV_1', learning_rate: 0.0003 },
    ...{ transformer: { train: true }, text_encoder: { train: false }, lora_rank: 16, lora_alpha: 32, ...more },
    optimizer: { optimizer: 'ADAMW', weight_decay: 0.01, eps: 1e-8, beta1: 0.9, beta2: 0.999 },
  });
const axolotl = (more: string): string =>
  `base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlora_target_linear: true\nlearning_rate: 0.0002\noptimizer: adamw_torch\ndatasets: [{path: a, type: alpaca}]\n${more}`;
const openrlhf = (dtype: string): string =>
  `deepspeed --module openrlhf.cli.train_sft --model.model_name_or_path m --ds.lora.rank 16 --ds.lora.alpha 32 --adam.lr 9e-6 ${dtype}\n`;

/** The claim of the first plan at twice the scaling, whose factors no number of 16 bits holds. */
function isExact(text: string, path: string): boolean {
  const reading = readConfig(text, path);
  expect(reading.recipes).not.toEqual([]);
  const claim = planConfig(text, reading, 0, 64).plans[0]?.claim;
  return claim?.asRead === 'exact' && claim.notUnderstood.length === 0;
}

it.each<[string, string, string, string]>([
  ['verl: a rate of the optimizer itself', 'a.yaml', verl('lr: 2.0e-4'), verl('amsgrad: false')],
  ['verl: a decay of the optimizer itself', 'a.yaml', verl('weight_decay: 0.1'), verl('amsgrad: false')],
  [
    'verl: a threshold of the optimizer itself',
    'a.yaml',
    verl('clip_grad: 0.5', 'megatron'),
    verl('adam_eps: 1.0e-8', 'megatron'),
  ],
  ['Ludwig: two thresholds', 'a.yaml', ludwig('{clipnorm: 1.0}'), ludwig('{clipnorm: 1.0, clipglobalnorm: null}')],
  [
    'Ludwig: two thresholds, both stated',
    'a.yaml',
    ludwig('{clipnorm: 1.0, clipglobalnorm: 0.3}'),
    ludwig('{clipglobalnorm: 0.3}'),
  ],
  [
    'H2O LLM Studio: a head that is trained whole',
    'a.yaml',
    h2o('text_causal_classification_modeling'),
    h2o('text_causal_language_modeling'),
  ],
  ['Automodel: LoRA of 16 bits', 'a.yaml', automodel('', ', lora_dtype: bf16'), automodel('', ', lora_dtype: float32')],
  [
    'Automodel: a model of 16 bits',
    'a.yaml',
    automodel(', torch_dtype: bf16', ''),
    automodel(', torch_dtype: fp32', ''),
  ],
  [
    'Automodel: a run that goes on',
    'a.yaml',
    automodel('', ', lora_dtype: float32', 'checkpoint: {enabled: true, restore_from: LATEST}\n'),
    automodel('', ', lora_dtype: float32', 'checkpoint: {enabled: true}\n'),
  ],
  [
    'SimpleTuner: mixed precision',
    'a.json',
    simpletuner({ mixed_precision: 'bf16' }),
    simpletuner({ mixed_precision: 'no' }),
  ],
  ['SimpleTuner: the default precision', 'a.json', simpletuner({}), simpletuner({ mixed_precision: 'no' })],
  [
    'SimpleTuner: a run that goes on',
    'a.json',
    simpletuner({ mixed_precision: 'no', resume_from_checkpoint: 'latest' }),
    simpletuner({ mixed_precision: 'no' }),
  ],
  ['prime-rl: LoRA of 16 bits', 'a.toml', primeRl('bfloat16'), primeRl('float32')],
  ['OneTrainer: a run that goes on', 'a.json', onetrainer({ continue_last_backup: true }), onetrainer({})],
  ['Axolotl: a run that may go on', 'a.yaml', axolotl('auto_resume_from_checkpoints: true\n'), axolotl('')],
  [
    'Axolotl: LoRA of 16 bits under DeepSpeed',
    'a.yaml',
    axolotl('deepspeed: deepspeed_configs/zero2.json\nbf16: auto\n'),
    axolotl('bf16: auto\n'),
  ],
  ['OpenRLHF: LoRA of 16 bits', 'a.sh', openrlhf(''), openrlhf('--ds.param_dtype fp32')],
])('calls nothing exact that a setting reaches: %s', (_, path, reached, alike) => {
  expect(isExact(reached, path)).toBe(false);
  expect(isExact(alike, path)).toBe(true);
});
