import * as l10n from '@vscode/l10n';
import { OPTIMI_ADAMW, OPTIMI_STABLE_ADAMW, PYTORCH_OPTIMIZER } from '../../optimizers/packages';
import { allAre, narrow, type OptimizerNames, type OptimizerRule } from '../../optimizers/word';
import { PEFT_INIT } from '../peft/lora-config';
import { classNumbers, field, fixedAt, has, isMap, key, keys, otherKind, rateFromRow, valueAt } from '../shared/fields';
import { float16, on, resumes, stops } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

const NAME = 'diffusion-pipe';

const ADAMW: OptimizerRule = { row: 'adamw', defaults: { weightDecay: 0.01 } };

/**
 * `optimizer.type` of diffusion-pipe; the other keys of the table go to the class as they are. Classes of
 * pytorch_optimizer are named without their module.
 * @see https://github.com/tdrussell/diffusion-pipe (train.py: get_optimizer, 8f83dbf)
 */
const NAMES: OptimizerNames = {
  ...Object.fromEntries(Object.entries(PYTORCH_OPTIMIZER).filter(([name]) => name !== 'StableAdamW')),
  ...allAre(ADAMW, 'adamw offload'),
  ...allAre(narrow(ADAMW), 'adamw8bit adamw8bitkahan'),
  adamw_optimi: OPTIMI_ADAMW,
  stableadamw: OPTIMI_STABLE_ADAMW,
  sgd: { row: 'sgd', defaults: { momentum: 0, weightDecay: 0 } },
  automagic: { unknown: l10n.t("it is diffusion-pipe's own version of it, which LoRA Alpha has not measured.") },
  genericoptim: {
    unknown: l10n.t('it is put together from parts by its arguments, which LoRA Alpha has not measured.'),
  },
  Prodigy: {
    row: 'prodigy',
    defaults: { learningRate: 1, weightDecay: 0 },
    variants: [{ when: { weight_decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
  },
};

const SAYS = {
  alpha: l10n.t`diffusion-pipe stops if [adapter] sets alpha: it always sets alpha to the rank, so the scaling is 1. Remove the line.`,
  rate: l10n.t`diffusion-pipe ignores optimizer.lr: force_constant_lr replaces it, without schedule and warm-up.`,
};

/** Absolute learning rates of parts of the model (models/sdxl.py, models/cosmos_predict2.py). */
const PART_RATES = keys(`model.unet_lr model.text_encoder_1_lr model.text_encoder_2_lr model.self_attn_lr
  model.cross_attn_lr model.mlp_lr model.mod_lr model.llm_adapter_lr`);

/** @see https://github.com/tdrussell/diffusion-pipe (train.py: set_config_defaults, get_optimizer; models/base.py, 8f83dbf) */
const layout: Layout = {
  id: NAME,
  recognise: (root) => {
    const type = valueAt(root, 'adapter.type');
    if (type === undefined || !isMap(root, 'model')) return false;
    return type === 'lora' || otherKind(String(type));
  },
  fields: {
    rank: field('adapter.rank'),
    alpha: { keys: [] },
    learningRate: field(['force_constant_lr', 'optimizer.lr'], rateFromRow),
    optimizer: field('optimizer.type'),
    ...classNumbers('optimizer'),
    maxGradNorm: field('gradient_clipping', ({ root }) =>
      valueAt(root, 'optimizer.gradient_release') === true
        ? { value: 0, why: l10n.t`${NAME} does not clip if gradients are released.` }
        : { value: 1 },
    ),
    scheduler: field('lr_scheduler', 'constant'),
    warmup: field('warmup_steps', 0),
    dropout: field('adapter.dropout', 0),
    init: fixedAt(PEFT_INIT),
    targetModules: fixedAt({
      value: 'all-linear',
      inWords: l10n.t("every linear layer of the model's transformer blocks"),
    }),
  },
  alphaIsIgnored: () => l10n.t`${NAME} has no alpha: it sets it to the rank.`,
  optimizers: NAMES,
  argumentsAt: 'optimizer',
  linked: { learningRate: [...PART_RATES, key('optimizer.lr')] },
  traps: [
    resumes('adapter.init_from_existing'),
    stops('adapter.alpha', SAYS.alpha, { when: (root) => has(root, 'adapter.alpha') }),
    on('optimizer.lr', 'rate-overridden', SAYS.rate, {
      severity: 'warning',
      when: (root) => has(root, 'force_constant_lr') && has(root, 'optimizer.lr'),
    }),
  ],
  // No plan leads anywhere here.
  float16: float16('model.dtype', ['float16']),
  initCode: () => '',
};

export const diffusionPipe: Trainer = {
  id: 'diffusion-pipe',
  name: NAME,
  syntaxes: ['toml'],
  hint: /\[\s*adapter\s*\]|\badapter\s*[.=][^\n]{0,100}\blora\b/,
  loaders: { toml: 'toml.load' },
  source: { repository: 'tdrussell/diffusion-pipe', commit: '8f83dbf25d03', date: '2026-08-20' },
  layouts: [layout],
};
