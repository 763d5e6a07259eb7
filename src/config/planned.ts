import { worstOf, type Caveat } from '../recipe/caveats';
import { plansFor, type Field, type Plan } from '../recipe/plans';
import { WRITTEN_DIGITS } from '../recipe/rounding';
import type { Interpretation } from './interpret';
import { knobsOf } from './knobs';
import { movesOf, type Move } from './moves';
import { interpretText } from './read';
import type { Reading } from './reading';

/** One number that moves, in the words of the file. */
export interface ConfigChange {
  field: Field;
  /** The trainer's key, or `init of A`. */
  key: string;
  /** As it stands, or would be written; null where nobody says. */
  from: string | null;
  /** As it will be written; null where nobody says. */
  to: string | null;
  /** The number in `to`. */
  written: number | null;
  /** The number the mathematics asks for. */
  exact: number | null;
  factor: number;
  /** `÷ √k` and the like. */
  law: string;
  why: string;
  /**
   * `file`: it stands there; `default`: nobody wrote it, the trainer's default must now be written down;
   * `code`: the init snippet; `script`: the number is not in this file.
   */
  place: 'file' | 'default' | 'code' | 'script';
  /** One-based; null where it stands on none. */
  line: number | null;
}

export type ConfigPlan = Plan & {
  rows: readonly ConfigChange[];
  /** Python for the init, with a comment that says where it goes; null where none is needed. */
  code: string | null;
};

export interface ConfigPlans {
  /** Factor of the scaling. */
  k: number;
  plans: readonly ConfigPlan[];
  /** Why there is no plan, or null. */
  refusal: Caveat | null;
}

/** A plan and everything it would write. */
export interface Drafted {
  plan: ConfigPlan;
  moves: readonly Move[];
}

interface Draft {
  k: number;
  drafts: readonly Drafted[];
  refusal: Caveat | null;
  file: Interpretation | null;
}

/**
 * The ways to run the file's recipe number `recipeIndex` at `alpha`, best first, with every number that moves.
 * @param text the text `reading` was read from
 * @param options.digits significant digits of the numbers that will be written
 * @throws RecipeError when alpha is not usable
 */
export function planConfig(
  text: string,
  reading: Reading,
  recipeIndex: number,
  alpha: number,
  options: { digits?: number } = {},
): ConfigPlans {
  const { k, drafts, refusal } = draftConfig(text, reading, recipeIndex, alpha, options);
  return { k, plans: drafts.map(({ plan }) => plan), refusal };
}

/** {@link planConfig}, with where every number goes. */
export function draftConfig(
  text: string,
  reading: Reading,
  recipeIndex: number,
  alpha: number,
  { digits = WRITTEN_DIGITS }: { digits?: number },
): Draft {
  const recipe = reading.recipes[recipeIndex];
  const file = reading.syntax ? interpretText(text, reading.syntax) : null;
  const network = file?.networks[recipeIndex];
  if (!recipe || !file || !network) {
    return { k: 1, drafts: [], refusal: nothingToPlan(reading), file: null };
  }
  const { k, plans, refusal } = plansFor(recipe, alpha, knobsOf(network), digits);
  const caveats = trapCaveats(file, alpha);
  const drafts = plans.map((plan): Drafted => {
    const all = [...plan.caveats, ...caveats];
    const moves = movesOf({ file, network, plan, k, digits });
    const code = plan.needsInitCode ? file.layout.initCode(plan.init, k) : null;
    const rows = moves.map(({ row }) => row);
    return { moves, plan: { ...plan, caveats: all, exactness: worstOf(plan.exactness, all), rows, code } };
  });
  return { k, drafts, refusal, file };
}

/** What the file's own traps, and the trainer's demands on alpha, make of every plan. */
function trapCaveats({ layout, root, trainer, traps }: Interpretation, alpha: number): Caveat[] {
  const found = traps
    .filter((trap) => trap.limits && trap.applies(root))
    .map(({ code, message, limits }): Caveat => ({ code, message, ...(limits ? { limits } : {}) }));
  return layout.wholeAlpha && !Number.isInteger(alpha) ? [...found, notWhole(trainer.name, alpha)] : found;
}

/** Why an alpha with a fraction cannot be written. */
export function notWhole(trainer: string, alpha: number): Caveat {
  const [below, above] = [Math.max(1, Math.floor(alpha)), Math.ceil(alpha)];
  const choices = below === above ? `${above}` : `${below} or ${above}`;
  return {
    code: 'alpha-not-whole',
    message: `${trainer} takes whole numbers only for alpha, and ${alpha} is none; ${choices} would do.`,
  };
}

function nothingToPlan({ findings, isLora }: Reading): Caveat {
  const error = findings.find(({ severity }) => severity === 'error');
  if (error) return { code: error.code, message: error.message };
  return {
    code: 'nothing-to-plan',
    message: isLora
      ? 'The file has changed since it was read; read it again.'
      : 'This file holds no LoRA config of a trainer that is known here.',
  };
}
