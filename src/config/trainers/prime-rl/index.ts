import * as l10n from '@vscode/l10n';
import { dividing, type Library } from '../../init-code/divide';
import type { OptimizerNames } from '../../optimizers/word';
import type { MapNode } from '../../syntax/tree';
import { field, fixedAt, fromRow, has, ifRowHas, isMap, key, valueAt, wordAt, type DefaultOf } from '../shared/fields';
import { clipsAll, halfWeights, on, resumes, unscaled } from '../shared/trap';
import type { Layout, Trainer } from '../trainer';

/**
 * `optim.type` of prime-rl.
 * @see https://github.com/PrimeIntellect-ai/prime-rl (packages/prime-rl-configs/src/prime_rl/configs/trainer.py, 559b4477)
 */
const NAMES: OptimizerNames = {
  adamw: { row: 'adamw' },
  sgd: { row: 'sgd', defaults: { momentum: 0.9, nesterov: true } },
  // The sign of the gradient, with decoupled decay: Lion without its two averages.
  sign_sgd: {
    row: 'lion',
    fixed: { betas: { value: [0, 0], why: l10n.t('SignSGD keeps no average of the gradient.') } },
  },
  muon: {
    unknown: l10n.t`prime-rl builds it from the dion package with separate groups, a rule that LoRA Alpha does not know.`,
  },
};

/** The maps of adapter, optimizer and schedule in one kind of file. */
type Places = readonly [id: string, lora: string, optim: string, scheduler: string];

const PLACES: readonly Places[] = [
  ['prime-rl', 'trainer.model.lora', 'trainer.optim', 'trainer.scheduler'],
  ['prime-rl-experimental', 'trainer.model.experimental.lora', 'trainer.optim', 'trainer.scheduler'],
  ['prime-sft', 'model.lora', 'optim', 'scheduler'],
  ['prime-sft-experimental', 'model.experimental.lora', 'optim', 'scheduler'],
];

/** `[model.lora]` is a common name, so the file must have another key of prime-rl. */
function isOurs(root: MapNode, [id, lora, optim]: Places): boolean {
  if (!isMap(root, lora)) return false;
  if (id.startsWith('prime-rl')) return true;
  const isTrainer = isMap(root, optim) && valueAt(root, 'model.name') !== undefined;
  return isTrainer && ['data', 'ckpt', 'max_steps', 'monitors', 'wandb'].some((name) => has(root, name));
}

/** Names into which people write the numbers, as in `r16-a64-1e-5`. */
const NUMBERS_IN_NAMES = [
  ...['orchestrator.model.lora.name', 'orchestrator.lora_name', 'monitors.wandb.name', 'wandb.name'],
].map((label) => {
  const why = l10n.t`${label} repeats numbers of this run in a name. A rewrite does not change names: choose a new name, or the new run is confused with the old one.`;
  return on(label, 'numbers-in-name', why, { when: /(^|[-_])(r\d+|a(lpha)?\d+|\d+(\.\d+)?e-?\d+)([-_]|$)/i });
});

/** Whether alpha / rank needs more than the eight bits of a bfloat16. */
function isRounded(root: MapNode, lora: string): boolean {
  const number = (name: string, fallback: number): number => Number(valueAt(root, `${lora}.${name}`) ?? fallback);
  const scaling = number('alpha', 32) / number('rank', 16);
  return (
    Number.isFinite(scaling) && scaling > 0 && !Number.isInteger((scaling / 2 ** Math.floor(Math.log2(scaling))) * 128)
  );
}

const UNCLIPPED = l10n.t('prime-rl turns clipping off with full_offload and with DeepEP.');
const SAYS_ROUNDED = l10n.t`prime-rl keeps alpha / rank in bfloat16, which has three digits: a scaling that is not a power of two is rounded by up to 0.4 %. If the runs have to be the same, choose an alpha that makes the scaling a power of two.`;

/** @see https://github.com/PrimeIntellect-ai/prime-rl (src/prime_rl/trainer/models/layers/lora, 559b4477) */
const LIBRARY: Library = {
  A: ['lora_A', 'w1_lora_A', 'w2_lora_A', 'w3_lora_A'],
  B: ['lora_B', 'w1_lora_B', 'w2_lora_B', 'w3_lora_B'],
};

/** @see https://github.com/PrimeIntellect-ai/prime-rl (packages/prime-rl-configs/src/prime_rl/configs/trainer.py, 559b4477) */
function layoutOf(place: Places): Layout {
  const [id, lora, optim, scheduler] = place;
  const model = lora.replace(/(?:\.experimental)?\.lora$/, '');
  // An empty map is on, and TOML's null is "None".
  const offloads = (root: MapNode): boolean =>
    has(root, `${model}.full_offload`) && !/^(?:false|None)$/.test(wordAt(root, `${model}.full_offload`));
  // Validators of the config turn it off: *_disables_grad_clipping (configs/trainer.py and sft.py).
  const isUnclipped = (root: MapNode): boolean =>
    offloads(root) || wordAt(root, `${model}.ep_comm_backend`) === 'deepep';
  const clip: DefaultOf = ({ root }) => (isUnclipped(root) ? { value: 0, why: UNCLIPPED } : { value: 1 });
  return {
    id,
    recognise: (root) => isOurs(root, place),
    fields: {
      rank: field(`${lora}.rank`, 16),
      alpha: field(`${lora}.alpha`, 32),
      dropout: field(`${lora}.dropout`, 0),
      targetModules: field(`${lora}.target_modules`, {
        value: 'all-linear',
        inWords: l10n.t('all projections and experts it knows'),
      }),
      init: fixedAt('kaiming-uniform'),
      optimizer: field(`${optim}.type`, 'adamw'),
      learningRate: field(`${optim}.lr`, 1e-6),
      weightDecay: field(`${optim}.weight_decay`, 0.01),
      betas: field([`${optim}.betas1`, `${optim}.betas2`], ifRowHas('betas', [0.9, 0.999])),
      // setup_optimizer passes no eps.
      eps: fixedAt(fromRow('eps')),
      momentum: field(`${optim}.momentum`),
      nesterov: field(`${optim}.nesterov`),
      maxGradNorm: field(
        key(`${optim}.max_norm`, (value) => (value === 'None' ? 0 : value)),
        clip,
      ),
      scheduler: field(`${scheduler}.type`, 'constant'),
      warmup: field(`${scheduler}.warmup_steps`),
    },
    optimizers: NAMES,
    // The orchestrator's copy: prime-rl stops where it is another number (configs/rl.py: auto_setup_lora).
    linked: { alpha: [key('orchestrator.model.lora.alpha')], learningRate: [key(`${scheduler}.min_lr`)] },
    known: {
      '': `ckpt clean deployment dist_timeout_seconds dry_run env_vars eval gc heartbeat inference log matmul_precision
        model renderer run scheduler seq_len slurm val weight_broadcast`,
      ...(lora.startsWith('trainer') && {
        trainer: `ckpt dist_timeout_seconds enable_* env_vars gc heartbeat log loss matmul_precision model monitors
          weight_broadcast`,
      }),
      [model]: `ac ac_offloading attn cp cp_style deepep_* dp_replicate ep experimental freeze_moe_router
        fused_lm_head_* impl moe_* optim_cpu_offload reduce_dtype reshard_after_forward seq_len vlm`,
      [lora]: '',
      [optim]: 'mu',
      [scheduler]: 'decay_steps',
    },
    traps: [
      unscaled(`${lora}.modules_to_save`),
      // Factors have the dtype of the layer (src/prime_rl/trainer/models/layers/lora/multi_linear.py).
      halfWeights(`${model}.optimization_dtype`, ['bfloat16']),
      // It computes with copies in bfloat16 (src/prime_rl/trainer/model.py: get_full_offload_dtype_policy).
      halfWeights(`${model}.full_offload`, offloads),
      on(`${optim}.max_norm`, 'key-ignored', UNCLIPPED, {
        when: (root) => isUnclipped(root) && Number(valueAt(root, `${optim}.max_norm`)) > 0,
      }),
      clipsAll(`${optim}.max_norm`, (root) => !isUnclipped(root)),
      ...NUMBERS_IN_NAMES,
      on(`${lora}.alpha`, 'half-precision-weights', SAYS_ROUNDED, {
        when: (root) => isRounded(root, lora),
        limits: 'nearly',
      }),
      ...['resume', 'trainer.resume'].map((at) => resumes(at, (root) => has(root, at))),
    ],
    float16: null,
    initCode: dividing(LIBRARY, [
      '# prime-rl has no hook for this. In src/prime_rl/trainer/rl/train.py (sft/train.py), which draws the adapter anew, after',
      '# get_lora_state().reset_adapter_parameters():',
    ]),
  };
}

export const primeRl: Trainer = {
  id: 'prime-rl',
  name: 'prime-rl',
  syntaxes: ['toml'],
  hint: /\bmodel(?:\.experimental)?\.lora\b|\blora\s*(?:=|\.|\])/,
  loaders: { toml: 'tomllib.load' },
  textNumbers: 'converts',
  source: { repository: 'PrimeIntellect-ai/prime-rl', commit: '559b44772e47', date: '2026-08-21' },
  programs: ['rl', 'sft', 'trainer'],
  layouts: PLACES.map(layoutOf),
};
