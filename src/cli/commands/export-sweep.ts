import { basename, join } from 'node:path';
import { atRank } from '../../config/at-rank';
import { configRecipe } from '../../config/compare/config-recipe';
import { MOST_CHECKS, sweepFile, sweptChecks, type SweepRequest, type SweptChecks } from '../../export/sweep';
import { PLAN_IDS, type PlanId } from '../../recipe/plans/plan';
import { EXIT, type ExitCode, nothing, usage } from '../failure';
import { chooseRecipe, readingOf, type ChosenRecipe } from '../files/config-file';
import { assertOnlyExports, writeFolder } from '../files/export-folder';
import { STDIN } from '../files/files';
import type { ENGINES } from '../options';
import type { TargetOptions } from '../target-options';
import type { Terminal } from '../terminal';

/** What the options of export can say. */
export interface ExportOptions extends Pick<TargetOptions, 'scaling' | 'rslora'> {
  /** Several alphas, ranks and plans are for `ray` alone. */
  alpha?: number[];
  rank?: number[];
  plan?: (PlanId | 'all')[];
  engine?: (typeof ENGINES)[number];
  out?: string;
  checkpoint?: boolean;
  network?: string;
}

/** `export FILE --engine ray --alpha 16,32 --out FOLDER`: a check for each alpha, rank and plan, and their sweep. */
export async function exportSweep(path: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const { out, rank: ranks } = options;
  if (out === undefined || out === STDIN) throw usage('--engine ray writes a folder; --out must name it');
  const request = requestOf(options);
  const count = request.targets.length * (ranks?.length ?? 1);
  if (count > MOST_CHECKS) throw usage(`--alpha and --rank make ${count} checks; it must be ${MOST_CHECKS} at most`);
  await assertOnlyExports(out);
  const chosen = await chooseRecipe(path, options.network);
  const checks: SweptChecks['checks'][number][] = [];
  const leftOut: string[] = [];
  for (const rank of ranks ?? [chosen.recipe.rank]) {
    const made = await checksAt(rank, chosen, path, request);
    checks.push(...made.checks);
    leftOut.push(...made.leftOut);
  }
  if (checks.length === 0) throw nothing(`${chosen.file.path}: there is no check to export; ${leftOut.join('; ')}`);
  for (const one of leftOut) terminal.note(`left out: ${one}\n`);
  const others = await writeFolder(out, [...checks, sweepFile(checks)]);
  if (others.length > 0) terminal.note(`from an earlier export, and not in this sweep: ${others.join(', ')}\n`);
  const sweep = join(out, 'sweep.py');
  terminal.note(`${checks.length} checks and ${sweep} were written. Run them: python ${sweep} --tiny (small models)\n`);
  return EXIT.done;
}

function requestOf({ alpha, plan, scaling, rslora }: ExportOptions): SweepRequest {
  if (scaling !== undefined) throw usage('--scaling is given; with --engine ray it must be --alpha');
  if (alpha === undefined) throw usage('no alpha is given; it must be --alpha, such as --alpha 16,32,64');
  const targets = alpha.map((one) => ({ alpha: one, ...(rslora === undefined ? {} : { rslora: rslora === 'on' }) }));
  const ids = PLAN_IDS.filter((id) => plan?.includes(id));
  return { targets, plans: plan === undefined ? 'best' : plan.includes('all') ? 'all' : ids };
}

/** The checks of a config whose rank is another number. */
async function checksAt(rank: number, chosen: ChosenRecipe, path: string, request: SweepRequest): Promise<SweptChecks> {
  const { file, reading, index, recipe } = chosen;
  const text = atRank(file.text, reading, index, rank);
  if ('message' in text) return { checks: [], leftOut: [`rank ${rank}: ${text.message}`] };
  const ranked = configRecipe(text.text, await readingOf({ ...file, text: text.text }, path), index);
  if (!ranked) return { checks: [], leftOut: [`rank ${rank}: the config cannot be read at this rank`] };
  const name = basename(file.path);
  return sweptChecks({ ...ranked, name: rank === recipe.rank ? name : `${name} with rank ${rank}` }, request);
}
