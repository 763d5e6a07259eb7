import type { Field, Knobs, PlanId } from './plans';
import type { Recipe } from './recipe';

export type Exactness = 'exact' | 'nearly' | 'approximate';

/** Something a plan cannot do, or a user must know, with a stable code. */
export interface Caveat {
  code: string;
  message: string;
  /** What it makes of the plan's exactness; absent where it is only worth knowing. */
  limits?: Exactness;
}

interface Situation {
  plan: PlanId;
  recipe: Recipe;
  k: number;
  knobs: Knobs;
}

interface Rule {
  code: string;
  limits?: Exactness;
  applies: (situation: Situation) => boolean;
  message: (situation: Situation) => string;
}

const fixed = (field: Field, { plan, knobs }: Situation): boolean => plan === 'symmetric' && !knobs.settable.has(field);

const RULES: readonly Rule[] = [
  {
    code: 'keeps-reach-only',
    limits: 'approximate',
    applies: ({ plan }) => plan === 'lr-only',
    message: () => 'One rate cannot keep both what A does and what B does; this one keeps B. What is lost is measured.',
  },
  {
    code: 'decay-fixed',
    limits: 'approximate',
    applies: (s) => fixed('weightDecay', s) && (s.recipe.optimizer.weightDecay ?? 0) !== 0,
    message: () => 'This trainer has no key for weight decay, so the decay stays and the runs drift apart.',
  },
  {
    code: 'clip-fixed',
    limits: 'approximate',
    applies: (s) => fixed('maxGradNorm', s) && (s.recipe.maxGradNorm ?? 0) !== 0,
    message: () => 'This trainer has no key for the clip threshold; once clipping fires, the runs differ.',
  },
  {
    code: 'eps-fixed',
    limits: 'nearly',
    applies: (s) => fixed('eps', s) && s.recipe.optimizer.eps !== null,
    message: () => 'This trainer has no key for eps; it differs only where gradients are as small as eps.',
  },
  {
    code: 'dora-magnitudes',
    limits: 'approximate',
    applies: ({ recipe }) => recipe.useDora,
    message: () =>
      "DoRA's magnitudes share the learning rate but must not be rescaled; they would need a group with the old rate.",
  },
  {
    code: 'mica-freezes-b',
    limits: 'approximate',
    applies: ({ recipe }) => recipe.init === 'mica',
    message: () => 'MiCA freezes B and trains A alone, so the change of scaling cannot be split between both.',
  },
  {
    code: 'init-subtracts-scaling',
    limits: 'approximate',
    applies: ({ recipe }) => recipe.init === 'olora' || recipe.init === 'loftq',
    message: ({ recipe }) =>
      `${recipe.init} prepares the frozen weights for the old scaling; rescale its factors after it ran, not before.`,
  },
  {
    code: 'optimizer-unstated',
    applies: ({ recipe }) => recipe.optimizer.name === null,
    message: () => 'This file names no optimizer; the factors are those of AdamW. Under SGD the rate would move by k.',
  },
  {
    code: 'quantized-states',
    applies: ({ plan, recipe }) => plan !== 'lr-only' && recipe.optimizer.quantized === true,
    message: ({ recipe }) =>
      `${recipe.optimizer.name} keeps its states in 8 bits or fewer, each block by its own largest value: the plan is exact up to their rounding.`,
  },
  {
    code: 'clip-epsilon',
    applies: ({ plan, recipe, knobs }) =>
      plan === 'symmetric' && knobs.settable.has('maxGradNorm') && (recipe.maxGradNorm ?? 0) !== 0,
    message: () => 'torch adds 1e-6 to the norm before it clips: a difference of about 1e-5 at most, while clipping.',
  },
];

/** Everything that limits a plan or is worth knowing about it, worst first. */
export function caveatsOf(plan: PlanId, recipe: Recipe, k: number, knobs: Knobs): Caveat[] {
  const situation = { plan, recipe, k, knobs };
  return RULES.filter((rule) => rule.applies(situation)).map((rule) => ({
    code: rule.code,
    message: rule.message(situation),
    ...(rule.limits ? { limits: rule.limits } : {}),
  }));
}

/** The exactness that is left when every caveat has had its say. */
export function worstOf(start: Exactness, caveats: readonly Caveat[]): Exactness {
  const order: readonly Exactness[] = ['exact', 'nearly', 'approximate'];
  const worst = Math.max(order.indexOf(start), ...caveats.map(({ limits }) => order.indexOf(limits ?? 'exact')));
  return order[worst] ?? 'approximate';
}
