import { numberLabel } from '../../../recipe/notation';
import * as l10n from '@vscode/l10n';
import {
  HF_TRAINER,
  HF_ARGUMENTS,
  HF_FIELDS,
  HF_NO_DECAY,
  HF_RATES,
  HF_SCHEDULE,
  withArguments,
  HF_OPTIMIZER,
  OLD_ARGUMENTS,
} from '../hugging-face/fields';
import { flagged } from '../shared/command-line';
import { peftLines } from '../../init-code/peft';
import { HF_NAMES } from '../hugging-face/optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { DEEPSPEED_MIXED_BY_DEFAULT, unreadDeepspeed } from '../hugging-face/deepspeed';
import { TRL_KEYS } from './known';
import { trainedHead } from '../peft/features';
import { isNear, refusedKeys } from '../shared/unknown-keys';
import { PEFT_INIT } from '../peft/traps';
import { resumes, unscaled } from '../shared/common-traps';
import { scriptRuns } from '../python/runs';
import { isModule, makesPeftLora } from '../python/tree';
import type { Layout, Trainer } from '../trainer';
import { key, type ReadSoFar, type Default, field, fixedAt } from '../shared/fields';
import { ADDED_TOKENS, bfloat16Adapters, QUANTISED, TRL_SCRIPTS, VALUE_MODEL } from './script';

/** Trainers of TRL with their default rates, and the keys that only their configs have (trl/trainer/*_config.py). */
const RATES: readonly { config: string; rate: number; keys: readonly string[] }[] = [
  { config: 'GRPOConfig', rate: 1e-6, keys: ['num_generations', 'reward_funcs', 'epsilon_high', 'reward_weights'] },
  { config: 'DPOConfig', rate: 1e-6, keys: ['precompute_ref_log_probs', 'reference_free', 'beta', 'rpo_alpha'] },
  { config: 'RewardConfig', rate: 1e-4, keys: ['center_rewards_coefficient'] },
  {
    config: 'SFTConfig',
    rate: 2e-5,
    keys: ['dataset_text_field', 'packing', 'assistant_only_loss', 'completion_only_loss', 'max_seq_length'],
  },
];

/** The rate depends on the trainer, which is named in the script or the command; some keys tell it. */
function rateOf({ root }: ReadSoFar): Default | null {
  for (const { config, rate, keys } of RATES) {
    const given = keys.find((name) => nodeAt(root, [name]) !== null);
    if (given === undefined) continue;
    return {
      value: rate,
      why: l10n.t`${given} suggests TRL's ${config}, which defaults the learning rate to ${numberLabel(rate)}.`,
    };
  }
  return null;
}

const says = (root: MapNode, ...names: string[]): boolean => names.some((name) => scalarAt(root, [name]) !== undefined);

/**
 * Files for `trl sft --config`, and for the scripts of the alignment handbook.
 * @see https://github.com/huggingface/trl (trl/trainer/model_config.py, trl/scripts/utils.py: TrlParser)
 */
const layout: Layout = {
  id: 'trl',
  recognise: (root) =>
    scalarAt(root, ['use_peft']) === true &&
    // Its parsers stop at a key they do not know, and theirs is lora_r: this is a script of a like name.
    nodeAt(root, ['lora_rank']) === null &&
    says(root, 'model_name_or_path', 'lora_r', 'lora_alpha', 'learning_rate'),
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r', 16),
    alpha: { ...field('lora_alpha', 32), beside: [key('lora_r'), key('lora_dropout'), key('use_peft')] },
    useRslora: { keys: [key('use_rslora')], beside: [key('lora_alpha'), key('lora_r'), key('use_peft')] },
    useDora: field('use_dora'),
    learningRate: { keys: [key('learning_rate')], default: rateOf, beside: [key('lr_scheduler_type')] },
    optimizer: {
      keys: [key('optim')],
      default: HF_OPTIMIZER,
    },
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
    bfloat16Adapters((root) => QUANTISED.some((name) => scalarAt(root, [name]) === true)),
    OLD_ARGUMENTS,
    unscaled('lora_modules_to_save'),
    trainedHead('lora_task_type'),
    ADDED_TOKENS,
    VALUE_MODEL,
    resumes('resume_from_checkpoint'),
    DEEPSPEED_MIXED_BY_DEFAULT,
  ],
  notUnderstood: (root) => [...refusedKeys(root, TRL_KEYS, 'TRL', isNear), ...unreadDeepspeed(root)],
  // trl/trainer/utils.py: get_peft_config
  peft: {
    fields: {
      modules_to_save: key('lora_modules_to_save'),
      target_parameters: key('lora_target_parameters'),
      task_type: key('lora_task_type'),
    },
    models: [key('model_name_or_path')],
    seed: key('seed'),
    batch: key('per_device_train_batch_size'),
    batchDefault: 8,
    noDecay: HF_NO_DECAY,
    others: [key('optim_target_modules')],
  },
  initCode: (start) =>
    [
      '# In your copy of the script (trl/scripts/sft.py), after trainer = SFTTrainer(...) and before trainer.train():',
      'model = trainer.model',
      ...peftLines(start),
      '',
    ].join('\n'),
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
    isCommonName: (root) => scalarAt(root, ['use_peft']) === undefined,
    program:
      /\btrl (?:sft|dpo|kto|grpo|rloo|reward|orpo|cpo)\b|\b(?:sft|dpo|kto|orpo|cpo|grpo|rloo|ppo|gkd|reward_modeling|online_dpo|run_sft|run_dpo|run_orpo)(?:_\w+)?\.py\b/,
    hint: /--use_peft\b/,
    config: flagged('config'),
  },
  programs: ['trl'],
  owns: /(?:^|[ /\\])trl(?:[ ./\\]|$)|(?:^|[ /\\])examples[/\\]scripts[/\\]/,
  layouts: [layout, ...TRL_SCRIPTS],
};
