import * as l10n from '@vscode/l10n';
import { LORA_A_B } from '../../init-code/library';
import { divideLines } from '../../init-code/divide';
import { PRIME_RL_NAMES } from './optimizers';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { fromRow, ifRowHas } from '../shared/optimizer-defaults';
import { halfWeights, resumes, unscaled } from '../shared/common-traps';
import { PRIME_LORA, PRIME_OPTIMIZER, PRIME_SCHEDULE } from './known';
import { unknownArguments } from '../shared/unknown-keys';
import type { Layout, Trainer } from '../trainer';
import type { Trap } from '../shared/trap';
import { key, type Key, field, fixedAt } from '../shared/fields';

/** The maps of network, optimizer and schedule in one kind of file. */
interface Paths {
  id: string;
  lora: string;
  optim: string;
  scheduler: string;
  resume: string;
}

const PLACES: readonly Paths[] = [
  { id: 'rl', lora: 'trainer.model.lora', optim: 'trainer.optim', scheduler: 'trainer.scheduler', resume: 'resume' },
  {
    id: 'rl-experimental',
    lora: 'trainer.model.experimental.lora',
    optim: 'trainer.optim',
    scheduler: 'trainer.scheduler',
    resume: 'resume',
  },
  { id: 'sft', lora: 'model.lora', optim: 'optim', scheduler: 'scheduler', resume: 'resume' },
  { id: 'sft-experimental', lora: 'model.experimental.lora', optim: 'optim', scheduler: 'scheduler', resume: 'resume' },
];

const isMap = (root: MapNode, path: string): boolean => nodeAt(root, path.split('.'))?.kind === 'map';

/** `[model.lora]` is a common name, so the file must have another key of prime-rl. */
function isOurs(root: MapNode, { id, lora, optim }: Paths): boolean {
  if (!isMap(root, lora)) return false;
  if (id.startsWith('rl')) return true;
  const isTrainer = isMap(root, optim) && scalarAt(root, ['model', 'name']) !== undefined;
  return isTrainer && ['data', 'ckpt', 'max_steps', 'monitors', 'wandb'].some((name) => nodeAt(root, [name]) !== null);
}

/** The orchestrator's copy of alpha: prime-rl stops where it is another number (configs/rl.py: auto_setup_lora). */
const COPY = key('orchestrator.model.lora.alpha');
/** Names into which people write the numbers, as in `r16-a64-1e-5`. */
const NAMES: readonly Key[] = [
  'orchestrator.model.lora.name',
  'orchestrator.lora_name',
  'monitors.wandb.name',
  'wandb.name',
].map((label) => key(label));

const TRAPS: readonly Trap[] = [
  ...NAMES.map((name): Trap => ({
    code: 'numbers-in-name',
    severity: 'info',
    message: l10n.t`${name.label} repeats numbers of this run in a name. A rewrite does not change names: choose a new name, or the new run is confused with the old one.`,
    applies: (root) =>
      /(^|[-_])(r\d+|a(lpha)?\d+|\d+(\.\d+)?e-?\d+)([-_]|$)/i.test(String(scalarAt(root, name.path) ?? '')),
    at: name,
  })),
  {
    code: 'scaling-in-bf16',
    severity: 'info',
    message: l10n.t(
      'prime-rl keeps alpha / rank in bfloat16, which has three digits: a scaling that is not a power of two is rounded by up to 0.4 %. If the runs have to be the same, choose an alpha that makes the scaling a power of two.',
    ),
    applies: (root) => PLACES.some(({ lora }) => isRounded(root, lora)),
    at: COPY,
    limits: 'nearly',
  },
];

/** Whether alpha / rank needs more than the eight bits of a bfloat16. */
function isRounded(root: MapNode, lora: string): boolean {
  if (!isMap(root, lora)) return false;
  const number = (name: string, fallback: number): number =>
    Number(scalarAt(root, [...lora.split('.'), name]) ?? fallback);
  const scaling = number('alpha', 32) / number('rank', 16);
  return (
    Number.isFinite(scaling) && scaling > 0 && !Number.isInteger((scaling / 2 ** Math.floor(Math.log2(scaling))) * 128)
  );
}

/** @see https://github.com/PrimeIntellect-ai/prime-rl (packages/prime-rl-configs/src/prime_rl/configs/trainer.py, 559b4477) */
function layoutOf(place: Paths): Layout {
  const { id, lora, optim, scheduler } = place;
  const beside = ['weight_decay', 'lr', 'type'].map((name) => key(`${optim}.${name}`));
  return {
    id: `prime-${id}`,
    recognise: (root) => isOurs(root, place),
    fields: {
      rank: field(`${lora}.rank`, 16),
      alpha: { ...field(`${lora}.alpha`, 32), beside: [key(`${lora}.rank`)] },
      dropout: field(`${lora}.dropout`, 0),
      targetModules: {
        keys: [key(`${lora}.target_modules`)],
        default: { value: 'all-linear', inWords: l10n.t('all projections and experts it knows') },
      },
      init: fixedAt({ value: 'kaiming-uniform' }),
      optimizer: field(`${optim}.type`, 'adamw'),
      learningRate: {
        keys: [key(`${optim}.lr`)],
        default: { value: 1e-6 },
        beside,
      },
      weightDecay: {
        keys: [key(`${optim}.weight_decay`)],
        default: { value: 0.01 },
        beside,
      },
      betas: {
        keys: [key(`${optim}.betas1`), key(`${optim}.betas2`)],
        default: ifRowHas('betas', [0.9, 0.999]),
      },
      // setup_optimizer passes no eps.
      eps: fixedAt(fromRow('eps')),
      momentum: field(`${optim}.momentum`),
      nesterov: field(`${optim}.nesterov`),
      maxGradNorm: {
        keys: [key(`${optim}.max_norm`)],
        default: { value: 1 },
        beside,
      },
      scheduler: field(`${scheduler}.type`, 'constant'),
      warmup: field(`${scheduler}.warmup_steps`),
    },
    optimizers: PRIME_RL_NAMES,
    linkedRates: [key(`${scheduler}.min_lr`)],
    linkedKeys: () => [{ field: 'alpha', key: COPY }],
    notUnderstood: (root) =>
      unknownArguments(root, { [lora]: PRIME_LORA, [optim]: PRIME_OPTIMIZER, [scheduler]: PRIME_SCHEDULE }),
    traps: [
      unscaled(`${lora}.modules_to_save`),
      // Factors have the dtype of the layer (src/prime_rl/trainer/models/layers/lora/multi_linear.py).
      halfWeights(`${lora.replace(/(?:\.experimental)?\.lora$/, '')}.optimization_dtype`, ['bfloat16']),
      ...TRAPS,
      resumes(place.resume, (root) => nodeAt(root, [place.resume]) !== null),
    ],
    initCode: (start) =>
      [
        '# prime-rl has no hook for this. In src/prime_rl/trainer/lora.py, at the end of apply_lora_to_model:',
        ...divideLines(LORA_A_B, start),
        '',
      ].join('\n'),
  };
}

export const primeRl: Trainer = {
  id: 'prime-rl',
  name: 'prime-rl',
  syntaxes: ['toml'],
  hint: /\bmodel(?:\.experimental)?\.lora\b|\blora\s*(?:=|\.|\])/,
  loaders: { toml: 'tomllib.load' },
  textNumbers: 'converts',
  interpolates: false,
  source: {
    repository: 'PrimeIntellect-ai/prime-rl',
    commit: '559b44772e471d1538537b8805cc77f3824a5e64',
    date: '2026-08-21',
  },
  programs: ['rl', 'sft', 'trainer'],
  layouts: PLACES.map(layoutOf),
};
