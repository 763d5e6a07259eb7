import { numberLabel } from '../../../recipe/notation';
import * as l10n from '@vscode/l10n';
import {
  HF_ARGUMENTS,
  HF_FIELDS,
  HF_OPTIMIZER,
  HF_PEFT,
  HF_RATES,
  HF_SCHEDULE,
  HF_TRAINER,
  OLD_ARGUMENTS,
  withArguments,
} from '../hugging-face/fields';
import { DEEPSPEED_MIXED_BY_DEFAULT, unreadDeepspeed } from '../hugging-face/deepspeed';
import { HF_KEYS } from '../hugging-face/known';
import { HF_NAMES } from '../hugging-face/optimizers';
import { PEFT_LIBRARY } from '../../init-code/peft';
import { flagged } from '../shared/command';
import { names, refusedKeys } from '../shared/known';
import { PEFT_INIT, trainedHead } from '../peft/lora-config';
import { resumes, unscaled } from '../shared/trap';
import { dividing } from '../shared/init-code';
import { scriptRuns } from '../python/runs';
import { isModule, makesPeftLora } from '../python/tree';
import type { Layout, Trainer } from '../trainer';
import { field, fixedAt, has, key, says, valueAt, type DefaultOf } from '../shared/fields';
import { bfloat16Adapters, TRL_SCRIPTS, TRL_UNSCALED } from './script';

/** Arguments of TRL 0.8 to 1.16 whose names speak of LoRA, optimizer, schedule or clipping (trl/trainer/*_config.py). */
const KNOWN = names(
  HF_KEYS,
  `alpha beta cliprange cliprange_value cpo_alpha epsilon epsilon_high f_alpha_divergence_coef is_peft_model ld_alpha
  lora_alpha lora_dropout lora_modules_to_save lora_r lora_target_modules lora_target_parameters lora_task_type
  model_adapter_name optimize_cuda_cache optimize_device_cache ref_adapter_name ref_model_mixup_alpha reward_clip_range
  rpo_alpha score_clip use_peft use_rslora vllm_*`,
);

/** Trainers of TRL with their default rates, and the keys that only their configs have (trl/trainer/*_config.py). */
const RATES: readonly (readonly [config: string, rate: number, keys: string])[] = [
  ['GRPOConfig', 1e-6, 'num_generations reward_funcs epsilon_high reward_weights'],
  ['DPOConfig', 1e-6, 'precompute_ref_log_probs reference_free beta rpo_alpha'],
  ['RewardConfig', 1e-4, 'center_rewards_coefficient'],
  ['SFTConfig', 2e-5, 'dataset_text_field packing assistant_only_loss completion_only_loss max_seq_length'],
];

/** The rate depends on the trainer, which is named in the script or the command; some keys tell it. */
const rateOf: DefaultOf = ({ root }) => {
  for (const [config, rate, keys] of RATES) {
    const given = keys.split(' ').find((name) => has(root, name));
    if (given === undefined) continue;
    const why = l10n.t`${given} suggests TRL's ${config}, which defaults the learning rate to ${numberLabel(rate)}.`;
    return { value: rate, why };
  }
  return null;
};

/**
 * Files for `trl sft --config`, and for the scripts of the alignment handbook.
 * @see https://github.com/huggingface/trl (trl/trainer/model_config.py, trl/scripts/utils.py: TrlParser)
 */
const layout: Layout = {
  id: 'trl',
  recognise: (root) =>
    valueAt(root, 'use_peft') === true &&
    // Its parsers stop at a key they do not know, and theirs is lora_r: this is a script of a like name.
    !has(root, 'lora_rank') &&
    says(root, 'model_name_or_path', 'lora_r', 'lora_alpha', 'learning_rate'),
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r', 16),
    alpha: field('lora_alpha', 32),
    useRslora: field('use_rslora'),
    useDora: field('use_dora'),
    learningRate: field('learning_rate', rateOf),
    optimizer: field('optim', HF_OPTIMIZER),
    scheduler: field('lr_scheduler_type', 'linear', HF_TRAINER),
    dropout: field('lora_dropout', 0.05),
    init: fixedAt(PEFT_INIT),
    targetModules: field('lora_target_modules'),
  },
  optimizers: HF_NAMES,
  argumentsAt: HF_ARGUMENTS,
  argumentsAs: 'text',
  linkedRates: HF_RATES,
  schedule: HF_SCHEDULE,
  traps: [
    bfloat16Adapters((root) => ['load_in_4bit', 'load_in_8bit'].some((name) => valueAt(root, name) === true)),
    OLD_ARGUMENTS,
    unscaled('lora_modules_to_save'),
    trainedHead('lora_task_type'),
    ...TRL_UNSCALED,
    resumes('resume_from_checkpoint'),
    DEEPSPEED_MIXED_BY_DEFAULT,
  ],
  notUnderstood: (root) => [...refusedKeys(root, KNOWN, 'TRL', 'near'), ...unreadDeepspeed(root)],
  // trl/trainer/utils.py: get_peft_config
  peft: {
    ...HF_PEFT,
    fields: {
      modules_to_save: key('lora_modules_to_save'),
      target_parameters: key('lora_target_parameters'),
      task_type: key('lora_task_type'),
    },
    models: [key('model_name_or_path')],
    others: [key('optim_target_modules')],
  },
  initCode: dividing(PEFT_LIBRARY, [
    '# In your copy of the script (trl/scripts/sft.py), after trainer = SFTTrainer(...) and before trainer.train():',
    'model = trainer.model',
  ]),
};

export const trl: Trainer = {
  id: 'trl',
  specificity: 3,
  name: 'TRL',
  syntaxes: ['yaml', 'json', 'python'],
  hint: /\buse_peft["']?\s*:\s*(?:true|yes|on)\b|\bLoraConfig\s*\(/i,
  // argparse converts strings to the type of their argument.
  loaders: { yaml: 'yaml.safe_load', json: 'json.load' },
  textNumbers: 'converts',
  interpolates: false,
  runs: (root) => (isModule(root) ? scriptRuns(root, makesPeftLora) : [{ root: withArguments(root) }]),
  source: { repository: 'huggingface/trl', commit: 'f2cd57710', date: '2026-07-24' },
  commandLine: {
    isCommonName: (root) => valueAt(root, 'use_peft') === undefined,
    program:
      /\btrl (?:sft|dpo|kto|grpo|rloo|reward|orpo|cpo)\b|\b(?:sft|dpo|kto|orpo|cpo|grpo|rloo|ppo|gkd|reward_modeling|online_dpo|run_sft|run_dpo|run_orpo)(?:_\w+)?\.py\b/,
    hint: /--use_peft\b/,
    config: flagged('config'),
  },
  programs: ['trl'],
  owns: /(?:^|[ /\\])trl(?:[ ./\\]|$)|(?:^|[ /\\])examples[/\\]scripts[/\\]/,
  layouts: [layout, ...TRL_SCRIPTS],
};
