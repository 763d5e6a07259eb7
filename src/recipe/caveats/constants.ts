import * as l10n from '@vscode/l10n';
import { isGuard, type MovingConstant } from '../optimizers/optimizer-row';
import { type ConstantId, CONSTANTS } from '../optimizers/constants';
import { numberLabel } from '../notation';
import { losesDecay, type Situation } from '../plans/changes';
import type { Field, PlanId } from '../plans/plan';
import { constantIn } from '../recipe';

/** Everything that caveats know of a plan. */
export interface PlanFacts extends Situation {
  plan: PlanId;
  /** Power of k for numbers that A and B share; null if they would need two different numbers. */
  shared: number | null;
  /** Code gives one factor its own numbers, and nothing else changes. */
  grouped: boolean;
}

/** Caveats by their codes: when each applies, and its text. */
export type CaveatRules = Readonly<
  Record<string, { when: (facts: PlanFacts) => boolean; says: string | ((facts: PlanFacts) => string) }>
>;

/** Whether gradients are clipped by their global norm. */
export const isClipped = ({ recipe }: Pick<PlanFacts, 'recipe'>): boolean => !!recipe.maxGradNorm;

/** Whether gradients are clipped element by element. */
export const isClippedByValue = ({ recipe }: Pick<PlanFacts, 'recipe'>): boolean => !!recipe.maxGradValue;

/** Weight decay, clipping and constants that cannot be set, or that A and B would need two numbers of. */

const isShared = ({ shared }: PlanFacts): boolean => shared !== null;
/** Whether the gradients of A and B grow differently, so that a shared number can be right for only one of them. */
const isSplit = ({ plan, shared }: PlanFacts): boolean => plan !== 'lr-only' && shared === null;
/** Whether A and B share a number that has no key. */
const isFixed = (p: PlanFacts, field: Field): boolean => isShared(p) && !p.support.settable.has(field);
const decays = ({ recipe, row }: PlanFacts): boolean => !!recipe.optimizer.weightDecay && row.decayPower !== 0;

/** The nonzero constants that the rule changes, that `test` holds for, and that guard a division or do not. */
function pending(p: PlanFacts, guards: boolean, test: (id: ConstantId) => boolean): readonly MovingConstant[] {
  return p.row.constants.filter((moving) => {
    const value = constantIn(p.recipe.optimizer, moving) ?? 0;
    const { constant, power } = moving;
    return power !== 0 && value !== 0 && isGuard(p.row, constant, value) === guards && test(constant);
  });
}

/** Constants that would change and have no key. */
const fixed = (p: PlanFacts, guards: boolean): readonly MovingConstant[] => pending(p, guards, (id) => isFixed(p, id));
/** Constants that one factor would need to change and cannot have on its own. */
const split = (p: PlanFacts, guards: boolean): readonly MovingConstant[] =>
  pending(p, guards, (id) => isSplit(p) && !(p.grouped && p.support.groups?.has(id)));
const named = (constants: readonly MovingConstant[]): string =>
  constants.map(({ constant }) => CONSTANTS[constant].noun).join(' and ');

export const CONSTANTS_APPROXIMATE: CaveatRules = {
  'decay-fixed': {
    when: (p) => isFixed(p, 'weightDecay') && decays(p),
    says: l10n.t('This trainer has no key for weight decay, so the decay stays and the runs differ.'),
  },
  'clip-fixed': {
    when: (p) => isFixed(p, 'maxGradNorm') && isClipped(p),
    says: l10n.t('This trainer has no key for max grad norm; once clipping is active, the runs differ.'),
  },
  'clip-value-fixed': {
    when: (p) => isFixed(p, 'maxGradValue') && isClippedByValue(p),
    says: l10n.t('This trainer has no key for max grad value; once clipping is active, the runs differ.'),
  },
  'constant-fixed': {
    when: (p) => fixed(p, false).length > 0,
    says: (p) =>
      l10n.t`This trainer has no key for ${named(fixed(p, false))} of ${p.row.title}, which would have to change too.`,
  },
  'clip-split': {
    when: (p) => isSplit(p) && isClipped(p),
    says: l10n.t(
      'The gradients of A and B grow differently here, so no max grad norm is exact. It stays, and once clipping is active, the runs differ.',
    ),
  },
  'clip-value-split': {
    when: (p) => isSplit(p) && isClippedByValue(p),
    says: l10n.t(
      'The gradients of A and B grow differently here, so clipping by value would need two thresholds. It stays, and once clipping is active, the runs differ.',
    ),
  },
  'clip-unknown': {
    when: (p) => isSplit(p) && p.recipe.maxGradNorm === null && p.support.inScript?.has('maxGradNorm') === true,
    says: l10n.t(
      "Exact only if your script does not clip gradients (max_grad_norm=0), because those of A and B grow differently here. Hugging Face's Trainer clips at 1.0 by default.",
    ),
  },
  'decay-split': {
    when: (p) => isSplit(p) && !p.grouped && decays(p) && !losesDecay(p.plan, p),
    says: l10n.t(
      'A and B share one weight decay, but only one of them would have to change. Without decay the plan is exact.',
    ),
  },
  'constant-split': {
    when: (p) => split(p, false).length > 0,
    says: (p) => l10n.t`A and B share one value of ${named(split(p, false))}, but would need two.`,
  },
};

export const CONSTANTS_NEARLY: CaveatRules = {
  'eps-fixed': {
    when: (p) => fixed(p, true).length > 0,
    says: l10n.t('This trainer has no key for eps; the runs differ only if gradients are as small as eps.'),
  },
  'eps-split': {
    when: (p) => split(p, true).length > 0,
    says: l10n.t(
      'A and B share one eps, but only one of them would have to change. The runs differ only if gradients are as small as eps.',
    ),
  },
};

export const CONSTANTS_KNOWN: CaveatRules = {
  'clip-epsilon': {
    when: (p) => isShared(p) && p.support.settable.has('maxGradNorm') && isClipped(p),
    says: ({ k, shared }) => {
      // Norm and threshold grow by k^shared, torch's 1e-6 does not.
      const error = 1e-6 * Math.abs(1 - k ** -(shared ?? 0));
      return l10n.t`torch adds 1e-6 to the norm before clipping, which causes a relative difference of ${numberLabel(error)} / norm while clipping is active.`;
    },
  },
};
