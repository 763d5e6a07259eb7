import { ADAM_ROWS, ADAM_VARIANT_ROWS, MEAN_SQUARE_ROWS, SIGN_ROWS } from '../../src/recipe/optimizers/rows/adam';
import { DISTANCE_ROWS, OWN_RATE_ROWS } from '../../src/recipe/optimizers/rows/own-rate';
import { FACTORED_ROWS } from '../../src/recipe/optimizers/rows/factored';
import { GRADIENT_ROWS } from '../../src/recipe/optimizers/rows/gradient';
import { MATRIX_ROWS } from '../../src/recipe/optimizers/rows/matrix';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { SCHEDULE_FREE_ROWS } from '../../src/recipe/optimizers/rows/schedule-free';
import type { Verdict } from '../../src/experiment/verdict/verdict';
import type { Outcome, Planted } from './attack';

/** Family → its rows: a file of the table each. */
const FAMILIES: readonly (readonly [string, Readonly<Record<string, OptimizerRow>>])[] = [
  ['SGD, ASGD, Adadelta', GRADIENT_ROWS],
  ['Adam, AdamW, NAdam, Adamax', ADAM_ROWS],
  ['RMSprop, Adagrad, Rprop', MEAN_SQUARE_ROWS],
  ['Adam’s variants (AdEMAMix, ADOPT, Adan …)', ADAM_VARIANT_ROWS],
  ['schedule-free', SCHEDULE_FREE_ROWS],
  ['Lion, Sophia', SIGN_ROWS],
  ['Adafactor, CAME, AdaLomo', FACTORED_ROWS],
  ['Prodigy, D-Adaptation', DISTANCE_ROWS],
  ['Automagic', OWN_RATE_ROWS],
  ['Muon, Shampoo, Dion, LoRA-FA', MATRIX_ROWS],
];

export const FAMILY_NAMES: readonly string[] = FAMILIES.map(([name]) => name);

export function familyOf({ id }: OptimizerRow): string {
  return FAMILIES.find(([, rows]) => Object.hasOwn(rows, id))?.[0] ?? 'others';
}

/** The verdicts on plans of one kind in one family. */
export interface Count {
  family: string;
  plan: Outcome['plan'];
  /** The error stands in the rule, and the plan follows it. */
  inRule: boolean;
  identical: number;
  equivalent: number;
  different: number;
  /** Called the same run, with the very number that is wrong named as not tested. */
  untested: number;
  /** By reason. */
  undecided: Record<string, number>;
}

/** What an attack found, as docs/verdict/measured.json keeps it. */
export interface Tally {
  command: string;
  backend: string;
  steps: number;
  problems: number;
  /** What was covered. */
  covered: { optimizers: string[]; tasks: string[]; seeds: number[] };
  plans: number;
  counts: Count[];
  /** Right plans called different, and errors called the same run: one line each. */
  fooled: string[];
}

export function emptyTally(command: string, backend: string, steps: number): Tally {
  const covered = { optimizers: [], tasks: [], seeds: [] };
  return { command, backend, steps, problems: 0, covered, plans: 0, counts: [], fooled: [] };
}

/** Adds the outcomes of one problem. */
export function count(tally: Tally, outcomes: readonly Outcome[]): void {
  tally.problems++;
  const [on] = outcomes;
  if (on) cover(tally.covered, on.case);
  for (const outcome of outcomes) {
    tally.plans++;
    const { plan, inRule, verdict } = outcome;
    const family = familyOf(outcome.case.row);
    let own = tally.counts.find((one) => one.family === family && one.plan === plan && one.inRule === inRule);
    if (!own) {
      own = { family, plan, inRule, identical: 0, equivalent: 0, different: 0, untested: 0, undecided: {} };
      tally.counts.push(own);
    }
    const { kind, reason = 'none' } = verdict;
    if (kind === 'undecided') own.undecided[reason] = (own.undecided[reason] ?? 0) + 1;
    else if (isNamed(outcome)) own.untested++;
    else own[kind]++;
    if (isFooled(outcome)) tally.fooled.push(lineOf(outcome));
  }
}

function cover({ optimizers, tasks, seeds }: Tally['covered'], { row, task, toy }: Outcome['case']): void {
  if (!optimizers.includes(row.id)) optimizers.push(row.id);
  if (!tasks.includes(task)) tasks.push(task);
  seeds.push(...toy.seeds.filter((seed) => !seeds.includes(seed)));
}

/** A right plan that is called another run, or a wrong one that is called the same. */
export function isFooled(outcome: Outcome): boolean {
  const { plan, verdict } = outcome;
  return plan === 'right' ? verdict.kind === 'different' : isSame(verdict) && !isNamed(outcome);
}

const NUMBERS: Readonly<Partial<Record<Planted, (what: string) => boolean>>> = {
  'lr/k': (what) => what === 'lr',
  'eps forgotten': (what) => what === 'eps',
  'decay forgotten': (what) => what === 'weightDecay',
  'other constant forgotten': (what) => !['eps', 'lr', 'weightDecay', 'maxGradNorm', 'maxGradValue'].includes(what),
};

function isNamed({ plan, inRule, verdict }: Outcome): boolean {
  if (plan === 'right' || !inRule) return false;
  return isSame(verdict) && verdict.unseen.some((what) => NUMBERS[plan]?.(what) ?? false);
}

function isSame({ kind }: Verdict): boolean {
  return kind === 'identical' || kind === 'equivalent';
}

function lineOf({ plan, inRule, k, case: on, verdict }: Outcome): string {
  const what = plan === 'right' ? 'the right plan' : `${plan}${inRule ? ' in the rule' : ''}`;
  return `${on.row.id}, ${on.task}, ${on.gauge}, seeds ${on.toy.seeds.join()}, k = ${k}: ${what} is called ${verdict.kind}`;
}
