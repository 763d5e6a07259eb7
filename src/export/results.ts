import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { PLAN_IDS } from '../recipe/plans/plan';
import { MAX_ALPHA, MIN_ALPHA } from '../recipe/recipe';
import { visible } from '../recipe/visible';

/** The format that this version reads, as the key `loraAlpha` names it. */
const FORMAT = 2;

/** Mini-batches that a check trains on in turn (`BATCHES` in python/check.py). */
export const CHECK_BATCHES = 4;

/** 24 steps of nine runs take 7 kB: this is room for twenty thousand. */
export const LARGEST_RESULTS = 8 * 2 ** 20;

/** A check trains nine at most, and the panel draws a curve for each. */
const MOST_VARIANTS = 50;

const finite = v.pipe(v.number(), v.finite());
/** JSON has no infinity and no NaN: null stands for both. */
const measured = v.nullable(v.pipe(finite, v.minValue(0)));
const alpha = v.pipe(finite, v.minValue(MIN_ALPHA), v.maxValue(MAX_ALPHA));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const name = v.pipe(v.string(), v.maxLength(1000));

/** `control`: the baseline with rounding noise. `repeat`: the baseline again, with nothing changed. */
const ROLES = ['base', 'rescaled', 'alpha-only', 'as-written', 'proof', 'control', 'repeat'] as const;
const variant = v.object({
  name: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/)),
  role: v.picklist(ROLES),
  /** Of a control. */
  number: v.nullable(count),
  /** At every step; null where it is not finite. */
  loss: v.array(v.nullable(finite)),
  /** Largest relative deviation of the loss from the baseline. */
  maxDeviation: measured,
  /** Largest relative deviation of ΔW from the baseline's. */
  deltaW: measured,
});

/** What an exported check writes with `--save` and prints with `--json`, and what trying a plan in a program leaves. */
const results = v.object({
  loraAlpha: v.literal(FORMAT),
  /** The user's own program, where the plan was tried in it. */
  program: v.optional(name),
  /** The verdict in words, where `why` does not begin with it. */
  headline: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  /** Its config held against what ran, in sentences, with the lines of the config. */
  remarks: v.optional(v.array(v.object({ message: v.pipe(v.string(), v.maxLength(4000)), line: v.nullable(count) }))),
  /** The plan that was checked. */
  check: v.object({
    /** File name of the config. */
    config: name,
    trainer: name,
    plan: v.picklist(PLAN_IDS),
    /** Before and after. */
    alpha: v.tuple([alpha, alpha]),
    k: v.pipe(finite, v.gtValue(0)),
  }),
  verdict: v.picklist(['identical', 'equivalent', 'different', 'undecided']),
  /** The reason in one sentence. */
  why: v.pipe(v.string(), v.maxLength(2000)),
  steps: count,
  seed: v.pipe(v.number(), v.integer()),
  variants: v.pipe(
    v.array(variant),
    v.maxLength(MOST_VARIANTS),
    v.check(
      (all) => all.some(({ role }) => role === 'base') && all.some(({ role }) => role === 'rescaled'),
      'both base and rescaled are needed',
    ),
  ),
  /** Per adapted module: how far the rescaled run's ΔW is from the baseline's, and how far rounding error takes it. */
  deltaW: v.array(v.object({ module: name, deviation: measured, control: measured })),
  environment: v.object({
    model: name,
    data: name,
    dtype: name,
    device: name,
    /** `2 with DDP`, where there are several. */
    processes: v.union([count, name]),
    torch: name,
    transformers: name,
    peft: name,
  }),
});

export type PytorchResults = v.InferOutput<typeof results>;

/** Characters of what is wrong. */
const LONGEST_WORDS = 120;

/**
 * Reads what an exported check wrote.
 * @param file its name, for the sentence
 * @returns the results, or one sentence about what is wrong with the text
 */
export function readResults(text: string, file: string): PytorchResults | { refused: string } {
  const refused = (sentence: string): { refused: string } => ({ refused: sentence });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused(l10n.t`${file} is not valid JSON: the check may have been interrupted.`);
  }
  const { sweep, loraAlpha: format } = (json ?? {}) as { sweep?: unknown; loraAlpha?: unknown };
  if (sweep !== undefined) {
    return refused(l10n.t`${file} holds the table of a sweep. Choose one of the files in its folder results.`);
  }
  if (typeof format !== 'number') {
    return refused(l10n.t`${file} holds no results of a PyTorch check. Choose a file that the check wrote.`);
  }
  if (format > FORMAT) {
    return refused(l10n.t`${file} was written by a later version of LoRA Alpha. Update the extension to open it.`);
  }
  if (format < FORMAT) {
    return refused(l10n.t`${file} was written by an earlier version of the check. Export the check again and run it.`);
  }
  const read = v.safeParse(results, json);
  if (read.success) return read.output;
  const [issue] = read.issues;
  // A message quotes what it found, which may be anything.
  const [where = '', what = ''] = [v.getDotPath(issue) ?? 'loraAlpha', issue.message].map((words) =>
    visible(words.slice(0, LONGEST_WORDS)),
  );
  return refused(l10n.t`${file} is damaged at ${where}: ${what}. Run the check again.`);
}

/** Why a file of this size is not read. */
export function tooLarge(file: string): string {
  return l10n.t`${file} is larger than ${LARGEST_RESULTS / 2 ** 20} MB, so it is not read. Run the check with fewer steps.`;
}
