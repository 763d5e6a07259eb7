import * as l10n from '@vscode/l10n';
import type { PlanId } from '../../../recipe/plans/plan';
import type { FindingCode } from '../../findings/codes';
import type { Finding, GoesOn, Range } from '../../reading';
import { nodeAt, scalarAt, type MapNode, type Scalar } from '../../syntax/tree';
import { isFilled, isOnOrFilled, key, type Key } from './fields';

/** Something about a file that its user should know. */
export interface Trap {
  /** `not-understood`: the key reaches LoRA, and the message says why LoRA Alpha does not follow it. */
  code: FindingCode;
  /** Severity of the finding; absent if the trap is only shown as a caveat of the plans that it limits. */
  severity?: Exclude<Finding['severity'], 'error'>;
  message: string;
  applies: (root: MapNode) => boolean;
  /** The key, or the part of the tree, to point at; the whole file if absent. */
  at?: Key | ((root: MapNode) => Range | null);
  /** `exact`: the plans say it, and none is limited. */
  limits?: 'exact' | 'nearly' | 'approximate';
  /** The plans that the trap limits; all plans if absent. */
  plans?: readonly PlanId[];
  /**
   * The parameters that train with the same learning rate but have no scaling. The trap does not apply to plans that put
   * A or B into a separate parameter group (`Plan.grouped`).
   */
  unscaled?: string;
  /** The trap does not apply to plans that divide A and B by powers of two, which no number format rounds. */
  ifRounding?: true;
  /** The run goes on from the trained adapter that `at` names: whose alpha counts. */
  goesOnWith?: GoesOn['alphaOf'];
  /** Where alpha is the adapter's, but another rank is an error. */
  rankOf?: GoesOn['rankOf'];
  /** While the trap applies, the file must not be edited. */
  blocksEdits?: boolean;
  fixes?: readonly TrapFix[];
}

export interface TrapFix {
  title: string;
  preferred?: boolean;
  remove: readonly Key[];
}

export function rangeOfTrap({ at }: Trap, root: MapNode): Range | null {
  if (typeof at === 'function') return at(root);
  return at ? (nodeAt(root, at.path)?.range ?? null) : null;
}

/** The trained adapter that the trap is about; null if it is about none, or its place is no plain text. */
export function goesOnFrom({ at, goesOnWith, rankOf }: Trap, root: MapNode): GoesOn | null {
  if (!goesOnWith || !at || typeof at === 'function') return null;
  const from = scalarAt(root, at.path);
  return typeof from === 'string' && from !== '' ? { from, alphaOf: goesOnWith, ...(rankOf && { rankOf }) } : null;
}

/**
 * When a row applies: its key has one of these values, matches a pattern, is switched on (`'on'`), or what a function
 * finds in the file. Default: the key has a value that is not null, false or empty.
 */
export type When = undefined | readonly Scalar[] | RegExp | 'on' | ((root: MapNode) => boolean);

type Rest = Partial<Omit<Trap, 'code' | 'message' | 'applies' | 'fixes'>> & {
  when?: When;
  isRemovable?: true;
  /** No finding: only a caveat of the plans that it limits. */
  isSilent?: true;
};

/** A row: what is said of a key. `on('relora', 'redrawn-factors', 'relora merges …', { plans: DIVIDES })` */
export function on(
  label: string,
  code: FindingCode,
  message: string,
  { when, isRemovable, isSilent, ...rest }: Rest = {},
): Trap {
  const at = key(label);
  const applies = (root: MapNode): boolean => {
    if (typeof when === 'function') return when(root);
    if (when === undefined) return isFilled(root, at);
    if (when === 'on') return isOnOrFilled(root, at);
    const value = scalarAt(root, at.path);
    return when instanceof RegExp ? when.test(String(value ?? '')) : when.includes(value ?? null);
  };
  const fixes = [{ title: l10n.t`Remove ${at.label}`, remove: [at] }];
  const severity = isSilent ? {} : ({ severity: 'info' } as const);
  return { code, ...severity, message, applies, at, ...(isRemovable && { fixes }), ...rest };
}

/**
 * The row of a key that LoRA Alpha does not follow. `blocksEdits`: a plan may have to change its number. `limits`: no plan
 * is the same run, not even for what was read.
 */
export function unclear(
  label: string,
  why: string,
  rest: Pick<Rest, 'when' | 'at' | 'blocksEdits' | 'limits'> = {},
): Trap {
  return on(label, 'not-understood', why, rest);
}

/** The row of a key that may name a class by its path: one of the user's own may train anything. */
export function foreign(label: string, module: string): Trap {
  const why = l10n.t`${label} is not from ${module}, so what it trains is unknown.`;
  return unclear(label, why, { when: new RegExp(`^(?!${module}\\.)\\w+\\.`) });
}

/** The row of a key on which the trainer stops, so that there is no run that a plan could keep. */
export function stops(label: string, why: string, rest: Pick<Rest, 'when' | 'at' | 'blocksEdits'> = {}): Trap {
  return on(label, 'trainer-stops', why, { severity: 'warning', limits: 'approximate', ...rest });
}

/** The plans that divide the init or change the learning rate of A. LoRA+ trains other parameters in the group of A. */
export const DIVIDES: readonly PlanId[] = ['symmetric', 'keep-b', 'lr-only'];

/** Biases, which LoRA+ trains in the group of B, whose learning rate stays in the plan that keeps B. */
export const BIASES: Rest = { when: ['all', 'lora_only'], plans: ['symmetric', 'keep-init', 'lr-only'] };

/** Parameters that train with the LoRA learning rate but have no scaling to make up for. */
export const unscaled = (label: string, what: string = label, rest: Rest = {}): Trap =>
  unscaledInAll(label, what, undefined, { plans: DIVIDES, ...rest });

/** {@link unscaled}, for parameters that train with the weight decay and eps of LoRA too, so that no plan keeps them. */
export function unscaledInAll(label: string, what: string, when?: When, rest: Rest = {}): Trap {
  const message =
    what === label
      ? l10n.t`${label} trains whole modules with the same learning rate. They have no scaling, so another learning rate changes how they learn: put them into a parameter group with the old learning rate.`
      : l10n.t`${label}: the run also trains ${what}. No scaling makes up for another learning rate, weight decay or max grad norm there: put these parameters into a parameter group with the old numbers.`;
  return on(label, 'unscaled-parameters', message, { when, limits: 'approximate', unscaled: what, ...rest });
}

/**
 * LoRA's own weights are kept in 16 bits. This limits only plans that divide by something other than a power of two,
 * because such a division is rounded.
 * @param when the values of this key that keep 16 bits
 */
export function halfWeights(label: string, when: When, message?: string): Trap {
  const usual = l10n.t`${label} keeps LoRA's own weights in 16 bits, so dividing the init by anything but a power of two is rounded.`;
  const rest = { when, isSilent: true, limits: 'approximate', ifRounding: true } as const;
  return on(label, 'half-precision-weights', message ?? usual, rest);
}

/** LoRA's own weights, and so the optimizer's states, are kept in float16. */
export function float16Weights(label: string, when: When): Trap {
  const message = l10n.t`${label} keeps LoRA's own weights in float16, which has too few digits for its smallest numbers. A plan makes other numbers small, so they are rounded differently.`;
  return on(label, 'half-precision-weights', message, { when, isSilent: true, limits: 'approximate' });
}

/**
 * Gradients are computed in float16, mostly under a loss scale that starts at 65536 whatever alpha is. Every plan makes
 * them larger or smaller, so other steps are skipped, and other gradients fall below the smallest number of float16.
 * @see https://github.com/pytorch/pytorch/blob/main/torch/amp/grad_scaler.py
 */
export function float16(label: string, when: When): Trap {
  const message = l10n.t`${label}: gradients in float16 have a loss scale, which starts at 65536 whatever alpha is. A plan changes the size of the gradients, so other steps are skipped and other small gradients are lost. In bfloat16 or float32 the plan would hold.`;
  return on(label, 'loss-scale', message, { when, limits: 'approximate' });
}

/** A threshold of 0, at which this trainer clips, where others turn clipping off. */
export function clipsAll(label: string, clips: (root: MapNode) => boolean = () => true): Trap {
  const message = l10n.t`${label} is 0, so this trainer clips all gradients to 0, and the run learns nothing.`;
  const when = (root: MapNode): boolean => clips(root) && scalarAt(root, label.split('.')) === 0;
  return on(label, 'never-learns', message, { severity: 'warning', limits: 'approximate', when });
}

/**
 * A run that loads trained factors, or a whole checkpoint, but takes alpha from its own config. The checkpoint does not
 * contain the alpha of the training. docs/resume.md lists the trainers.
 * @param besides a further sentence of this trainer
 */
export function resumes(label: string, when?: When, besides = ''): Trap {
  const message = l10n.t`${label}: this run continues from trained factors, and takes alpha from this file. If the factors were trained at another alpha, the layer computes something else from the first step on. Keep the old alpha, or divide the loaded factors as well.`;
  const rest: Rest = { severity: 'warning', goesOnWith: 'file', limits: 'approximate', when };
  return on(label, 'run-resumes', `${message} ${besides}`.trim(), rest);
}

/** A run that continues a trained adapter takes rank and alpha from that adapter, not from its own config. */
export function continues(label: string, rest: Rest & { message?: string } = {}): Trap {
  const usual = l10n.t`${label}: this run continues a trained adapter with the alpha of its adapter_config.json. The trainer ignores the alpha in this file.`;
  const { message = usual, ...own } = rest;
  const usually = { severity: 'warning', goesOnWith: 'adapter', limits: 'approximate', blocksEdits: true } as const;
  return on(label, 'continues-adapter', message, { ...usually, ...own });
}
