import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../../recipe/notation';
import { dividing, PEFT_LIBRARY } from '../../init-code/divide';
import { callIn, commandIn, nodeAt } from '../../syntax/tree';
import { DEEPSPEED_MIXED_BY_DEFAULT, HF_FIELDS, HF_KEYS, HF_LAYOUT, HF_OPTIMIZER } from '../hugging-face/fields';
import { HF_FLOAT16, unsynced } from '../hugging-face/fields';
import { HF_PEFT, HF_TRAINER, OLD_ARGUMENTS, unreadDeepspeed, withArguments } from '../hugging-face/fields';
import { HF_NAMES } from '../hugging-face/optimizers';
import { loraFields, PEFT_FIELDS, PEFT_INIT, PEFT_TRAPS, trainedHead, unreadLora } from '../peft/lora-config';
import { TRL_ARGUMENTS } from '../python/keywords';
import { AFTER_ADAPTER, scriptLayouts } from '../python/layouts';
import { scriptRuns } from '../python/runs';
import { calleeIs, isModule, isTrl, LORA_CONFIG, makesPeftLora, TAKES_CONFIG } from '../python/tree';
import { commandOf, flagged, rangeOfCommand } from '../shared/command';
import { field, fixedAt, has, isFilled, key, says, valueAt, wordAt, type DefaultOf } from '../shared/fields';
import { fieldsUnder, mapAt, trapUnder } from '../shared/prefixed';
import { halfWeights, resumes, stops, unclear, unscaled, type Trap } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/** TRL's configs with their default learning rates (trl 1.16.0: trl/trainer/*_config.py, trl/experimental). */
const CLASS_RATES: readonly (readonly [rate: number, configs: string])[] = [
  [2e-5, 'SFT GKD'],
  [1e-4, 'Reward'],
  [1e-7, 'GOLD'],
  [5e-7, 'OnlineDPO TPO XPO NashMD BCO'],
  [1e-6, 'DPO GRPO GMPO KTO RLOO CPO ORPO Distillation AsyncGRPO AsyncDistillation ServerDistillation IWOPD MiniLLM'],
  [3e-6, 'PPO'],
  [1e-5, 'PRM'],
  [5e-5, 'SDPO SDFT A2PO SSD'],
];

const rateOfClass: DefaultOf = ({ root }) => {
  const name = callIn(root)?.callee.split('.').at(-1) ?? '';
  if (name.endsWith('TrainingArguments')) return { value: 5e-5, who: HF_TRAINER };
  const config = name.replace(/^Unsloth|Config$/g, '');
  const found = CLASS_RATES.find(([, configs]) => configs.split(' ').includes(config));
  return found ? { value: found[0], who: l10n.t`TRL's ${name}` } : null;
};

const SAYS = {
  half: l10n.t`TRL keeps the adapters of a quantised model in bfloat16, so their numbers are rounded differently unless A and B are divided by powers of two: at k = 3 that costs 2.5 % of what is trained, at k = 4 or 1/4 nothing.`,
  mixed: l10n.t`TRL 1.16 stops: this trainer needs the arguments of its own kind, as SFTTrainer needs SFTConfig.`,
  twice: l10n.t`TRL 1.16 stops: the model already has its adapter, and the trainer is given peft_config as well. Older versions ignore peft_config here.`,
};

/** @see https://github.com/huggingface/trl (trl/trainer/sft_trainer.py: is_loaded_in_4bit, v1.16.0) */
const bfloat16Adapters = (applies: Trap['applies']): Trap => ({
  ...halfWeights('load_in_4bit', applies, SAYS.half),
  severity: 'info',
  at: () => null,
});

/** What TRL trains besides LoRA, and where it stops, in files and scripts. */
const TRL_TRAPS: readonly Trap[] = [
  unsynced('sync_ref_model'),
  // trl/trainer/sft_trainer.py: added_tokens, v1.16.0, and then the whole lm_head; a file of Jinja adds none.
  unscaled('chat_template_path', l10n.t('the tokens of chat_template_path'), {
    when: (root) => isFilled(root, 'chat_template_path') && !/\.(?:jinja|j2)$/.test(wordAt(root, 'chat_template_path')),
  }),
  // trl/experimental/ppo/ppo_trainer.py: PolicyAndValueWrapper, f2cd5771
  unscaled('PPO', l10n.t('the value model'), {
    when: (root) => calleeIs(root, /(?:^|\.)PPO\w*Config$/) || /(?:^|[\s/\\])ppo\w*\.py\b/.test(commandOf(root)),
  }),
];

/** Trainers of TRL whose arguments are of one kind each. */
const MAIN = 'SFT DPO KTO GRPO RLOO Reward'.split(' ');

/** Trainers that take only the arguments of their own kind (trl/trainer/*_trainer.py, v1.16.0). */
const STOPS: readonly Trap[] = [
  stops('trainer', SAYS.mixed, {
    when: (root) => {
      const names = [wordAt(root, 'trainer'), callIn(root)?.callee ?? ''];
      const [kind = '', given = ''] = names.map((name) => /(\w{0,30}?)(?:Trainer|Config|Arguments)$/.exec(name)?.[1]);
      if (!MAIN.includes(kind) || callIn(root)?.isOwn || given === kind) return false;
      return [...MAIN, 'Seq2SeqTraining', ...(kind === 'SFT' ? [] : ['Training'])].includes(given);
    },
  }),
  stops('taker2', SAYS.twice, {
    when: (root) =>
      [TAKES_CONFIG, /Trainer$/].every((by) => ['taker', 'taker2'].some((at) => calleeIs(mapAt(root, at), by))),
  }),
];

/** LoraConfig with one of TRL's configs. There PEFT's defaults apply, not those of TRL's `lora_r`. */
const TRL_SCRIPTS = scriptLayouts({
  id: 'trl-script',
  recognise: (root) => isTrl(root) && calleeIs(mapAt(root, 'lora'), LORA_CONFIG),
  lora: fieldsUnder('lora', PEFT_FIELDS),
  rate: rateOfClass,
  // trl/experimental/async_grpo/async_grpo_config.py
  training: {
    scheduler: field('lr_scheduler_type', ({ root }) =>
      calleeIs(root, /AsyncGRPOConfig$/) ? { value: 'constant' } : { value: 'linear', who: HF_TRAINER },
    ),
  },
  traps: [
    ...PEFT_TRAPS.map((trap) => trapUnder('lora', trap)),
    bfloat16Adapters((root) => nodeAt(root, ['quantised']) !== null),
    ...TRL_TRAPS,
    ...STOPS,
  ],
  unread: unreadLora,
  made: AFTER_ADAPTER,
});

/** Trainers of TRL with their default rates, and the keys that only their configs have (trl/trainer/*_config.py). */
const RATES: readonly (readonly [config: string, rate: number, keys: string])[] = [
  ['GRPOConfig', 1e-6, 'num_generations reward_funcs epsilon_high reward_weights'],
  ['DPOConfig', 1e-6, 'precompute_ref_log_probs reference_free beta rpo_alpha'],
  ['RewardConfig', 1e-4, 'center_rewards_coefficient'],
  ['SFTConfig', 2e-5, 'dataset_text_field packing assistant_only_loss completion_only_loss max_seq_length'],
];

/** The rate depends on the trainer, which is named in the script or the command; some keys tell it. */
const rateOf: DefaultOf = ({ root }) => {
  const [found] = RATES.flatMap(([config, value, keys]) => {
    const given = keys.split(' ').find((name) => has(root, name));
    const why = l10n.t`${given ?? ''} suggests TRL's ${config}, which defaults the learning rate to ${numberLabel(value)}.`;
    return given === undefined ? [] : [{ value, why }];
  });
  return found ?? null;
};

/** A script of TRL or of the alignment handbook; a copy of one has its name and lies beside the command. */
const OWN_SCRIPT =
  /\btrl (?!\S*\.py)|(?:^|\s|(?:^|[\s/\\])(?:trl|examples|scripts)[/\\](?:\w+[/\\])*)(?:\.[/\\])?(?:run_)?[a-z]+(?:_modeling|_dpo)?(?:_(?:vlm|visual|tldr|agent|2048|gemma3|gpt_oss)){0,2}\.py\b/;
const OTHER_SCRIPT = unclear('command', l10n.t`This script is not one of TRL's, so what else it does is unknown.`, {
  when: (root) => commandIn(root) !== null && !OWN_SCRIPT.test(commandOf(root)),
  at: rangeOfCommand,
});

/**
 * Files for `trl sft --config`, and for the scripts of the alignment handbook.
 * @see https://github.com/huggingface/trl (trl/trainer/model_config.py, trl/scripts/utils.py: TrlParser)
 */
const layout: Layout = {
  ...HF_LAYOUT,
  id: 'trl',
  recognise: (root) =>
    valueAt(root, 'use_peft') === true &&
    // Its parsers stop at a key they do not know, and theirs is lora_r: this is a script of a like name.
    !root.entries.some(({ key }) => /^lora_(?:\w+_r|(?:\w+_)?(?:rank|dim))$/.test(key)) &&
    says(root, 'model_name_or_path', 'lora_r', 'lora_alpha', 'learning_rate'),
  fields: {
    ...HF_FIELDS,
    ...loraFields('lora_r', [16, 32, 0.05]),
    learningRate: field('learning_rate', rateOf),
    optimizer: field('optim', HF_OPTIMIZER),
    init: fixedAt(PEFT_INIT),
    targetModules: field('lora_target_modules'),
  },
  optimizers: HF_NAMES,
  traps: [
    bfloat16Adapters((root) => ['load_in_4bit', 'load_in_8bit'].some((name) => valueAt(root, name) === true)),
    OLD_ARGUMENTS,
    OTHER_SCRIPT,
    unscaled('lora_modules_to_save'),
    trainedHead('lora_task_type'),
    ...TRL_TRAPS,
    resumes('resume_from_checkpoint'),
    DEEPSPEED_MIXED_BY_DEFAULT,
  ],
  // TRL 0.8 to 1.16 (trl/trainer/*_config.py)
  known: {
    '': `${HF_KEYS} ${TRL_ARGUMENTS} alpha add_generation_prompt bnb_4bit_* cliprange* columns distillation_* dtype
      entropy_* lam loss_* num_* path teacher_* torch_dtype use_peft `,
  },
  unread: unreadDeepspeed,
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
  float16: HF_FLOAT16,
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
