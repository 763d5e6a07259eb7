import * as l10n from '@vscode/l10n';
import { positional, withProgramValue } from '../shared/command-line';
import { peftLines } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import type { Unread } from '../../reading';
import { entryAt, scalarAt, type MapNode } from '../../syntax/tree';
import type { Schedule } from '../schedules';
import { AXOLOTL_NAMES } from './optimizers';
import { DEEPSPEED_MIXED_BY_DEFAULT, unreadDeepspeed } from '../hugging-face/deepspeed';
import { AXOLOTL_KEYS } from './known';
import { isNear, refusedKeys, unread } from '../shared/unknown-keys';
import { HF_ARGUMENTS, HF_FIELDS, HF_NO_DECAY, HF_RATES, HF_SCHEDULE, withArguments } from '../hugging-face/fields';
import { patternNetworks } from '../peft/patterns';
import { continues, initOf, PEFT_INIT, PEFT_LORAPLUS, embeddingRate } from '../peft/traps';
import { halfWeights, unscaled, resumes } from '../shared/common-traps';
import { isFilled, isOnOrFilled } from '../shared/filled';
import { isModule } from '../python/tree';
import type { Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, field } from '../shared/fields';

const LR_GROUPS = key('lr_groups');
/** Optimizers whose factories build them from the model themselves, without LoRA+ (core/builders/base.py). */
const WITHOUT_RATIO: ReadonlySet<string> = new Set(['muon', 'dion', 'sinkgd', 'polora']);
const ignoresRatio = (root: MapNode): boolean => WITHOUT_RATIO.has(String(scalarAt(root, ['optimizer'])).toLowerCase());
const BESIDE_RANK = ['lora_r', 'lora_dropout', 'adapter'].map((label) => key(label));

/** They climb to learning_rate, whatever the rate of the group (core/trainers/mixins/scheduler.py). */
const PEAK: Schedule = { rates: {}, forAllGroups: true };

/** Keys that make the model a classifier (loaders/model.py; a reward model needs no labels), whose head PEFT trains. */
const HEADS = ['reward_model', 'process_reward_model', 'type_of_model', 'model_type'] as const;

/** @see loaders/adapter.py: _get_peft_task_type */
function trainedHead(label: (typeof HEADS)[number]): Trap {
  const where = key(label);
  return {
    ...unscaled(l10n.t("the classifier's head")),
    message: l10n.t`${label}: PEFT trains the head of a classifier whole, with the same learning rate. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.`,
    applies: (root) => {
      const value = scalarAt(root, where.path);
      return typeof value === 'string' ? /(?:Sequence|Token)Classification/.test(value) : value === true;
    },
    at: where,
  };
}

/** Plugins that leave LoRA, optimizer and gradients alone (src/axolotl/integrations), and that of a plan's own code. */
const PLUGINS =
  /^(?:axolotl\.integrations\.(?:cut_cross_entropy|expert_parallel|kd|kernels|liger|llm_compressor|lm_eval|swanlab)\.\w+|rescale_init\.RescaleInit)$/;

function unreadPlugins(root: MapNode): Unread[] {
  const entry = entryAt(root, ['plugins']);
  const names = entry?.value.kind === 'list' ? entry.value.items : [];
  const isKnown = names.every((name) => name.kind === 'scalar' && PLUGINS.test(String(name.value)));
  return entry && !isKnown
    ? [unread(entry, l10n.t('A plugin can change optimizer, gradients and what is trained.'))]
    : [];
}

/** @see src/axolotl/integrations/base.py: load_plugin, and register, which logs an ImportError and goes on */
const PLUGIN = {
  key: key('plugins'),
  item: 'rescale_init.RescaleInit',
  needs: l10n.t(
    'Start Axolotl in the folder of rescale_init.py, or add that folder to PYTHONPATH. If Axolotl logs "Failed to load plugin", it trains with the undivided init.',
  ),
};

/** @see https://github.com/axolotl-ai-cloud/axolotl (src/axolotl/utils/schemas/peft.py and training.py, 067b021c) */
const layout: Layout = {
  id: 'axolotl',
  recognise: (root) => {
    const adapter = scalarAt(root, ['adapter']);
    const isOurs = ['base_model', 'lora_r', 'lora_alpha'].some((name) => scalarAt(root, [name]) !== undefined);
    return isOurs && (adapter === 'lora' || adapter === 'qlora');
  },
  fields: {
    ...HF_FIELDS,
    rank: field('lora_r'),
    // Axolotl passes None to PEFT, which cannot divide it, so there is no default.
    alpha: { keys: [key('lora_alpha')], beside: BESIDE_RANK },
    useRslora: { keys: [key('peft_use_rslora')], beside: [key('lora_alpha'), ...BESIDE_RANK] },
    useDora: field('peft_use_dora'),
    learningRate: field('learning_rate'),
    loraplusLrRatio: { keys: [key('loraplus_lr_ratio')], beside: [key('learning_rate')] },
    optimizer: field('optimizer', 'adamw_torch_fused'),
    scheduler: field('lr_scheduler', 'cosine'),
    // By default a share of the steps, which the file does not say (core/builders/base.py: _configure_warmup_and_logging).
    warmup: { keys: HF_FIELDS.warmup.keys },
    dropout: field('lora_dropout', 0),
    init: {
      keys: [key('peft_init_lora_weights', initOf), key('peft.loftq_config.loftq_bits', () => 'loftq')],
      default: PEFT_INIT,
    },
    targetModules: {
      keys: [
        key('lora_target_modules'),
        key('lora_target_linear', (value) => (value === true ? 'all-linear' : undefined)),
      ],
    },
  },
  targetSwitches: [{ key: key('lora_target_linear'), modules: ['all-linear'] }],
  networks: (root) => patternNetworks(root, { rank: 'lora_rank_pattern', alpha: 'lora_alpha_pattern' }, layout),
  optimizers: AXOLOTL_NAMES,
  argumentsAt: HF_ARGUMENTS,
  // Axolotl's own optimizers would get the numbers of a string as strings.
  argumentsAs: 'map',
  linkedRates: HF_RATES,
  schedule: { ...HF_SCHEDULE, schedules: { ...HF_SCHEDULE.schedules, one_cycle: PEAK, rex: PEAK } },
  loraplus: {
    ...PEFT_LORAPLUS,
    ignoredBy: WITHOUT_RATIO,
    isRuledOut: (root) => isFilled(root, LR_GROUPS),
  },
  wholeAlpha: true,
  traps: [
    unscaled('lora_modules_to_save'),
    unscaled('peft_trainable_token_indices'),
    embeddingRate('lora_target_modules', 'loraplus_lr_ratio', 'loraplus_lr_embedding'),
    halfWeights('peft_autocast_adapter_dtype', [false]),
    ...HEADS.map(trainedHead),
    {
      code: 'redrawn-factors',
      severity: 'warning',
      message: l10n.t(
        'relora merges the factors into the weights at each restart and draws a new A at its full size. The code that divides the init runs only once, at the start.',
      ),
      applies: (root) => isOnOrFilled(root, key('relora')),
      at: key('relora'),
      limits: 'approximate',
      plans: ['symmetric', 'keep-b', 'lr-only'],
    },
    {
      code: 'lr-groups',
      severity: 'warning',
      message: l10n.t(
        'embedding_lr is the learning rate of embed_tokens, lm_head and whole modules, with or without LoRA on them. LoRA Alpha does not rewrite it: if LoRA is on them, multiply it by the same factor as learning_rate.',
      ),
      applies: (root) => isFilled(root, key('embedding_lr')),
      at: key('embedding_lr'),
      limits: 'approximate',
    },
    {
      code: 'rate-groups',
      severity: 'info',
      message: l10n.t(
        'embedding_lr_scale multiplies the learning rate of embed_tokens, lm_head and whole modules. Axolotl ignores it if loraplus_lr_ratio is set.',
      ),
      applies: (root) => isFilled(root, key('embedding_lr_scale')),
      at: key('embedding_lr_scale'),
      limits: 'approximate',
      plans: ['keep-init', 'keep-b'],
    },
    {
      code: 'lr-groups',
      severity: 'warning',
      message: l10n.t(
        'lr_groups sets separate learning rates, which LoRA Alpha does not rewrite: multiply each by the same factor as learning_rate. A group for lora_B can also replace loraplus_lr_ratio.',
      ),
      applies: (root) => isFilled(root, LR_GROUPS),
      at: LR_GROUPS,
      limits: 'approximate',
    },
    continues('lora_model_dir'),
    resumes('resume_from_checkpoint'),
    resumes('auto_resume_from_checkpoints'),
    DEEPSPEED_MIXED_BY_DEFAULT,
    {
      code: 'loraplus-drops-decay',
      severity: 'warning',
      message: l10n.t(
        "With loraplus_lr_ratio, Axolotl does not pass weight_decay to PEFT's LoRA+ optimizer, so there is no weight decay.",
      ),
      applies: (root) =>
        scalarAt(root, ['loraplus_lr_ratio']) !== undefined &&
        !ignoresRatio(root) &&
        Number(scalarAt(root, ['weight_decay']) ?? 0) > 0,
      at: key('weight_decay'),
      fixes: [{ title: l10n.t('Remove weight_decay, which is ignored'), remove: [key('weight_decay')] }],
    },
  ],
  notUnderstood: (root) => [
    ...refusedKeys(root, AXOLOTL_KEYS, 'Axolotl', isNear),
    ...unreadPlugins(root),
    ...unreadDeepspeed(root),
  ],
  // loaders/adapter.py: _build_peft_lora_config; core/trainers/mixins/optimizer.py: create_optimizer
  peft: {
    fields: {
      init_lora_weights: key('peft_init_lora_weights'),
      rank_pattern: key('lora_rank_pattern'),
      alpha_pattern: key('lora_alpha_pattern'),
      modules_to_save: key('lora_modules_to_save'),
      exclude_modules: key('lora_exclude_modules'),
      target_parameters: key('lora_target_parameters'),
      layers_to_transform: key('peft_layers_to_transform'),
      layers_pattern: key('peft_layers_pattern'),
      fan_in_fan_out: key('lora_fan_in_fan_out'),
    },
    models: [key('base_model')],
    seed: key('seed'),
    batch: key('micro_batch_size'),
    batchDefault: 1,
    noDecay: HF_NO_DECAY,
    others: [
      ...['lora_model_dir', 'peft_layer_replication', 'peft_trainable_token_indices', 'relora', 'lr_groups'],
      ...['embedding_lr', 'embedding_lr_scale', 'optim_target_modules', 'unfrozen_parameters'],
      ...['reward_model', 'process_reward_model'],
    ].map((label) => key(label)),
  },
  codeName: PLUGIN,
  initCode: (start) =>
    [
      '# rescale_init.py, in the folder where you start Axolotl (or one on PYTHONPATH).',
      `# In the config:   plugins: [${PLUGIN.item}]`,
      '# Axolotl calls it after adding LoRA and before creating the optimizer, only when it trains. If the log says',
      '# "Failed to load plugin", the init was not divided.',
      'from axolotl.integrations.base import BasePlugin',
      '',
      '',
      'class RescaleInit(BasePlugin):',
      '    def post_trainer_create(self, cfg, trainer):',
      '        model = trainer.model',
      indented(peftLines(start), '        '),
      '',
    ].join('\n'),
};

export const axolotl: Trainer = {
  id: 'axolotl',
  name: 'Axolotl',
  syntaxes: ['yaml', 'python'],
  hint: /\badapter["']?\s*[:=][^\n]{0,200}lora/,
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'converts',
  source: { repository: 'axolotl-ai-cloud/axolotl', commit: '067b021c8b87', date: '2026-07-24' },
  interpolates: false,
  runs: (root) => (isModule(root) ? [] : [{ root: withArguments(root) }]),
  commandLine: {
    program: /\baxolotl train\b|\baxolotl\.cli\.train\b/,
    hint: /\baxolotl\b/,
    config: positional,
    tree: withProgramValue('adapter', 'lora'),
  },
  programs: ['axolotl'],
  owns: /(?:^|[ /\\])axolotl(?:[ ./\\]|$)/,
  layouts: [layout],
};
