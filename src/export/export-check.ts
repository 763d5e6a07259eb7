import * as l10n from '@vscode/l10n';
import { peftCode, type ConfigPlan } from '../config/planned';
import { runOfRecipe } from '../config/read';
import { nodeAt, scalarAt } from '../config/syntax/tree';
import type { Run } from '../config/understand/run';
import type { OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { rowFor } from '../recipe/optimizers/optimizers';
import { aboutFile } from './python/about';
import { headOf, type PythonRun } from './python/head';
import { BODY, IMPORTS, LION } from './python/sections';
import { type ExportRequest, refusalOf } from './refusal';
import { adapterOf, wholeNumberAt } from './run/adapter';
import { alphaOnly, baseRun, isPowerOfFour, plannedRun, proofOf, roundingOf } from './run/numbers';
import { pythonOptimizer } from './run/optimizer';
import { scheduleOf } from './run/schedule';

/** The exported file, or one sentence why there is none. */
export type Exported = { text: string } | { refused: string };

/** A number as written differs from the exact one by at most this much if it has six digits. */
const SIX_DIGITS = 1e-5;

/**
 * One Python file that trains baseline, rescaled and alpha alone with torch, transformers and PEFT, and judges them.
 * What it cannot build as the trainer does is refused: it must never call another run the same.
 */
export function exportCheck(request: ExportRequest): Exported {
  const { text, reading, index, recipe, plan } = request;
  const located = runOfRecipe(text, reading, index);
  const run = located?.run;
  const row = rowFor(recipe.optimizer);
  const peft = run?.layout.peft;
  const refused = refusalOf(request, located);
  if (refused !== null || !run || !peft || !row) return { refused: refused ?? '' };
  const { root, layout } = run;
  const adapter = adapterOf(recipe, root, peft);
  if ('refused' in adapter) return adapter;
  const settings = layout.argumentsAt === undefined ? null : nodeAt(root, [layout.argumentsAt]);
  const optimizer = pythonOptimizer(recipe, row, settings?.kind === 'map' ? settings : null);
  if ('refused' in optimizer) return optimizer;
  const schedule = scheduleOf(recipe, root);
  if ('refused' in schedule) return schedule;
  const usesRatio = recipe.loraplusLrRatio !== null || plan.changes.some(({ field }) => field === 'loraplusLrRatio');
  const model = peft.models?.map(({ path }) => scalarAt(root, path)).find((value) => value !== undefined);
  const { runs, rounding, clip } = runsOf(request, run, row);
  const head = headOf(
    {
      ...aboutFile(request, run, optimizer.note, clip),
      model: typeof model === 'string' ? model : null,
      ...{ adapter, optimizer, schedule, runs },
      noDecay: peft.noDecay,
      vectorsWithB: usesRatio && layout.loraplus?.vectorsWithB === true,
      seed: wholeNumberAt(root, peft.seed.path, 42, 0),
      batch: wholeNumberAt(root, peft.batch.path, peft.batchDefault),
      limit: limitOf(plan) ?? (rounding > SIX_DIGITS ? 'its numbers are written with too few digits' : null),
    },
    optimizer.path.includes('Lion') ? `${IMPORTS}\n${LION}` : IMPORTS,
  );
  return { text: `${head}${BODY}\n` };
}

/** The runs of the file, the largest relative difference of a written number, and what the plan makes of clipping. */
function runsOf(
  request: ExportRequest,
  run: Run,
  row: OptimizerRow,
): { runs: PythonRun[]; rounding: number; clip: { norm: number; factor: number } } {
  const { recipe, plans, plan } = request;
  const base = baseRun(recipe, row);
  const exact = plannedRun(base, plan, 'exact');
  const written = plannedRun(base, plan, 'written');
  const rounding = roundingOf(written, exact);
  const code = peftCode(run, plan, recipe, plans.k);
  const proof = isPowerOfFour(plans.k) ? null : proofOf(request, plans.k, plan.id);
  const runs: PythonRun[] = [
    { name: 'base', numbers: base, code: null },
    { name: 'rescaled', numbers: exact, code },
    { name: 'alpha-only', numbers: alphaOnly(base, exact), code: null },
  ];
  if (rounding > 0) runs.push({ name: 'as-written', numbers: written, code });
  if (proof) {
    const own = peftCode(run, proof.plan, recipe, proof.k);
    runs.push({ name: 'proof', numbers: plannedRun(base, proof.plan, 'exact'), code: own });
  }
  const { maxGradNorm: norm } = base;
  return { runs, rounding, clip: { norm, factor: norm === 0 ? 1 : exact.maxGradNorm / norm } };
}

/** Why the runs of the user's trainer may differ although those of the file agree. */
function limitOf({ claim }: ConfigPlan): string | null {
  if (claim.asRead === 'exact') return null;
  return claim.limit ?? l10n.t('This plan is not exact.');
}
