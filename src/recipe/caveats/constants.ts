import * as l10n from '@vscode/l10n';
import { isGuard, type MovingConstant } from '../optimizers/optimizer-row';
import { type ConstantId, CONSTANTS } from '../optimizers/constants';
import { numberLabel } from '../notation';
import { losesDecay } from '../plans/changes';
import { constantIn } from '../recipe';
import { isClipped, isClippedByValue, needsTwoNumbers, type CaveatRule, type PlanFacts } from './caveat-rule';

/** The nonzero constants that the rule changes and for which `test` holds. */
function pending({ recipe, row }: PlanFacts, test: (constant: ConstantId) => boolean): readonly MovingConstant[] {
  return row.constants.filter(
    (moving) => moving.power !== 0 && test(moving.constant) && (constantIn(recipe.optimizer, moving) ?? 0) !== 0,
  );
}

const isShared = ({ shared }: PlanFacts): boolean => shared !== null;
/** Constants that would change and have no key. */
const fixed = (p: PlanFacts): readonly MovingConstant[] =>
  isShared(p) ? pending(p, (constant) => !p.support.settable.has(constant)) : [];
/** Constants that one factor would need to change and cannot have on its own. */
const split = (p: PlanFacts): readonly MovingConstant[] =>
  needsTwoNumbers(p) ? pending(p, (constant) => !(p.grouped && p.support.groups?.has(constant))) : [];
/** Those that only prevent a division by zero, or the others. */
const guards = ({ recipe, row }: PlanFacts, of: readonly MovingConstant[], are = true): readonly MovingConstant[] =>
  of.filter((moving) => isGuard(row, moving.constant, constantIn(recipe.optimizer, moving) ?? 0) === are);
const decays = ({ recipe, row }: PlanFacts): boolean =>
  (recipe.optimizer.weightDecay ?? 0) !== 0 && row.decayPower !== 0;
const named = (constants: readonly MovingConstant[]): string =>
  constants.map(({ constant }) => CONSTANTS[constant].noun).join(' and ');

/** Weight decay, clipping and constants that cannot be set, or that A and B would need two numbers of. */
export const CONSTANT_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'decay-fixed',
    applies: (p) => isShared(p) && !p.support.settable.has('weightDecay') && decays(p),
    message: l10n.t('This trainer has no key for weight decay, so the decay stays and the runs differ.'),
  },
  {
    code: 'clip-fixed',
    applies: (p) => isShared(p) && !p.support.settable.has('maxGradNorm') && isClipped(p),
    message: l10n.t('This trainer has no key for max grad norm; once clipping is active, the runs differ.'),
  },
  {
    code: 'clip-value-fixed',
    applies: (p) => isShared(p) && !p.support.settable.has('maxGradValue') && isClippedByValue(p),
    message: l10n.t('This trainer has no key for max grad value; once clipping is active, the runs differ.'),
  },
  {
    code: 'eps-fixed',
    limits: 'nearly',
    applies: (p) => guards(p, fixed(p)).length > 0,
    message: l10n.t('This trainer has no key for eps; the runs differ only if gradients are as small as eps.'),
  },
  {
    code: 'constant-fixed',
    applies: (p) => guards(p, fixed(p), false).length > 0,
    message: (p) =>
      l10n.t`This trainer has no key for ${named(guards(p, fixed(p), false))} of ${p.row.title}, which would have to change too.`,
  },
  {
    code: 'clip-split',
    applies: (p) => needsTwoNumbers(p) && isClipped(p),
    message: l10n.t(
      'The gradients of A and B grow differently here, so no max grad norm is exact. It stays, and once clipping is active, the runs differ.',
    ),
  },
  {
    code: 'clip-value-split',
    applies: (p) => needsTwoNumbers(p) && isClippedByValue(p),
    message: l10n.t(
      'The gradients of A and B grow differently here, so clipping by value would need two thresholds. It stays, and once clipping is active, the runs differ.',
    ),
  },
  {
    code: 'clip-unknown',
    applies: (p) =>
      needsTwoNumbers(p) && p.recipe.maxGradNorm === null && p.support.inScript?.has('maxGradNorm') === true,
    message: l10n.t(
      "Exact only if your script does not clip gradients (max_grad_norm=0), because those of A and B grow differently here. Hugging Face's Trainer clips at 1.0 by default.",
    ),
  },
  {
    code: 'decay-split',
    applies: (p) => needsTwoNumbers(p) && !p.grouped && decays(p) && !losesDecay(p.plan, p),
    message: l10n.t(
      'A and B share one weight decay, but only one of them would have to change. Without decay the plan is exact.',
    ),
  },
  {
    code: 'eps-split',
    limits: 'nearly',
    applies: (p) => guards(p, split(p)).length > 0,
    message: l10n.t(
      'A and B share one eps, but only one of them would have to change. The runs differ only if gradients are as small as eps.',
    ),
  },
  {
    code: 'constant-split',
    applies: (p) => guards(p, split(p), false).length > 0,
    message: (p) => l10n.t`A and B share one value of ${named(guards(p, split(p), false))}, but would need two.`,
  },
  {
    code: 'clip-epsilon',
    limits: null,
    applies: (p) => isShared(p) && p.support.settable.has('maxGradNorm') && isClipped(p),
    message: ({ k, shared }: PlanFacts): string => {
      // Norm and threshold grow by k^shared, torch's 1e-6 does not.
      const error = 1e-6 * Math.abs(1 - k ** -(shared ?? 0));
      return l10n.t`torch adds 1e-6 to the norm before clipping, which causes a relative difference of ${numberLabel(error)} / norm while clipping is active.`;
    },
  },
];
