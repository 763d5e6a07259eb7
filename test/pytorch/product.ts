import { createInterface } from 'node:readline';
import { applyEdits } from '../../src/config/write/edits';
import { planConfig, type ConfigPlan } from '../../src/config/planned';
import { readConfig, type ConfigReading } from '../../src/config/read';
import { rewriteConfig } from '../../src/config/rewrite';

/** A line on standard input: a file, and by which factors its scaling is to be multiplied. */
interface Request {
  path: string;
  text: string;
  ks: readonly number[];
  /** Which of the file's recipes, from 0. */
  index: number;
}

/** Enough digits that a rewritten number is the exact one. */
const ALL_DIGITS = 17;

function answer({ path, text, ks, index }: Request): unknown {
  const reading = readConfig(text, path);
  const recipe = reading.recipes[index];
  const lines = reading.findings.flatMap(({ line }) => line ?? []);
  if (!recipe) return { lines, targets: [], refusal: 'no LoRA config was read' };
  const targets = ks.map((k) => {
    const { plans, refusal } = planConfig(text, reading, index, { alpha: recipe.alpha * k }, { digits: ALL_DIGITS });
    return {
      k,
      refusal: refusal?.message ?? null,
      plans: plans.map((plan) => planned(text, reading, index, recipe.alpha * k, plan)),
    };
  });
  return { lines, targets, refusal: null };
}

/** A plan with the file it would write, or the reason why nothing may be written: a Plan of product.py. */
function planned(text: string, reading: ConfigReading, index: number, alpha: number, plan: ConfigPlan): object {
  const outcome = rewriteConfig(text, reading, index, { alpha }, plan.id, { digits: ALL_DIGITS });
  return {
    id: plan.id,
    exactness: plan.exactness,
    changes: plan.configChanges.map(({ key, from, to }) => `${key} ${from ?? '–'} → ${to ?? '–'}`),
    code: plan.code,
    text: 'edits' in outcome ? applyEdits(text, outcome.edits) : null,
    refusal: 'refusal' in outcome ? outcome.refusal.message : null,
  };
}

function reply(line: string): unknown {
  try {
    return answer(JSON.parse(line) as Request);
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Answers each line of JSON with a line of JSON, until standard input ends. */
createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(`${JSON.stringify(reply(line))}\n`);
});
