import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { configRecipe } from '../../config/plan/as-trained';
import { atRank } from '../../export/at-rank';
import { batchFile, isBatch } from '../../export/batch';
import { exportConversion, isConversion } from '../../export/conversion';
import { exportCheck, isExport } from '../../export/export-check';
import { MOST_CHECKS, sweepFile, sweptChecks } from '../../export/sweep';
import type { SweepFile, SweepRequest, SweptChecks } from '../../export/sweep';
import { PLAN_IDS, type PlanId } from '../../recipe/plans/plan';
import { EXIT, type ExitCode, nothing, reasonOf, usage } from '../failure';
import { chooseRecipe, planOf, plansOf, readingOf, targetOf } from '../files/config-file';
import type { ChosenRecipe, TargetOptions } from '../files/config-file';
import { assertNoLoss, STDIN, makeFolder, writeNew } from '../files/files';
import { type Ended, filesOf, forEach } from '../files/several';
import type { ENGINES } from '../options';
import { exact, tell } from '../terminal';

/** What the options of export can say. */
interface ExportOptions extends Pick<TargetOptions, 'scaling' | 'rslora'> {
  /** Several alphas, ranks and plans are for `ray` alone. */
  alpha?: number[];
  rank?: number[];
  plan?: (PlanId | 'all')[];
  engine?: (typeof ENGINES)[number];
  out?: string;
  checkpoint?: boolean;
  network?: string;
}

/**
 * `export FILE --alpha N` writes a Python file, to stdout or `--out`: it checks the plan with PyTorch and PEFT, or
 * converts a checkpoint to it (`--checkpoint`). `--engine slurm` adds a batch file for SLURM. `--engine ray` writes a
 * folder: checks, and the sweep that runs them. Of several configs, a folder gets one file each.
 */
export async function exportCommand(paths: string[], options: ExportOptions): Promise<ExitCode> {
  const { paths: found } = await filesOf(paths);
  if (found.length <= 1) return forEach(paths, {}, (path) => exportOne(path, options));
  const { out } = options;
  if (options.engine === 'ray' || out === undefined || out === STDIN) {
    throw usage('several configs are given; --out must be a folder for one file each, without --engine ray');
  }
  await assertOnlyExports(out);
  await makeFolder(out);
  const fileOf = (path: string): string => join(out, `${path.replace(/[^\w.-]+/g, '_')}.py`);
  return forEach(paths, {}, (path) => exportOne(path, { ...options, out: fileOf(path) }));
}

async function exportOne(path: string, options: ExportOptions): Promise<Ended> {
  const { engine, checkpoint, scaling, rslora } = options;
  if (engine !== undefined && checkpoint) throw usage('--engine runs checks, and --checkpoint exports none');
  if (engine === 'ray') return exportSweep(path, options);
  const out = options.out === STDIN ? undefined : options.out;
  const [alpha, rank] = [onlyOne('alpha', options.alpha), onlyOne('rank', options.rank)];
  const target = targetOf({ scaling, rslora, alpha, rank });
  const id = onlyOne('plan', options.plan);
  if (id === 'all') throw usage('--plan is "all", which needs --engine ray');
  const [isOwn, noun] = checkpoint ? [isConversion, 'a conversion'] : [isExport, 'a PyTorch check'];
  if (out !== undefined) await assertNoLoss(out, isOwn, `${noun} of LoRA Alpha; choose another path`);
  const writeBatch = engine === 'slurm' ? await batchBeside(out) : null;
  const chosen = await chooseRecipe(path, options.network);
  const { file } = chosen;
  const plans = plansOf(chosen, target);
  const request = { ...chosen, name: basename(file.path), plans, plan: planOf(plans, id, file.path) };
  const exported = (checkpoint ? exportConversion : exportCheck)(request);
  if ('refused' in exported) throw nothing(`${file.path}: ${exported.refused}`);
  if (out === undefined) {
    exact(exported.text);
    return { exitCode: EXIT.done };
  }
  await writeNew(out, exported.text);
  const how = checkpoint ? 'CHECKPOINT NEW_FOLDER' : '--tiny (a small model), or without --tiny (yours)';
  tell(writeBatch ? await writeBatch() : `${out} was written. Run it: python ${out} ${how}.`);
  const { limit } = request.plan.claim;
  if (limit && !checkpoint) tell(`Its verdict will be undecided at best, because the plan is not exact: ${limit}`);
  return { exitCode: EXIT.done };
}

/** The one value of an option that only a sweep can have several of. */
function onlyOne<T>(option: string, values: readonly T[] | undefined): T | undefined {
  if (values === undefined || values.length === 1) return values?.[0];
  throw usage(`--${option} holds ${values.length} values; it must be one, or --engine ray must be given`);
}

/**
 * The batch file for SLURM beside a check. One that is there already is kept, because users edit it.
 * @param check the path of the check
 * @returns writes it, and says what was written
 * @throws Failure where another file is in its place
 */
async function batchBeside(check: string | undefined): Promise<() => Promise<string>> {
  if (check === undefined) {
    throw usage('--engine slurm writes two files; --out must name the first, such as check_alpha.py');
  }
  const path = join(dirname(check), `${basename(check).replace(/\.py$/, '')}.sbatch`);
  await assertNoLoss(path, isBatch, 'a batch file of LoRA Alpha; choose another path for --out');
  const before = await stat(path).catch(() => null);
  return async () => {
    if (before && before.size > 0) return `${check} was written. ${path} was kept as it is. Start it: sbatch ${path}`;
    await writeNew(path, batchFile(basename(check)));
    return `${check} and ${path} were written. Edit the first lines of ${path}, then start it: sbatch ${path}`;
  };
}

/** `export FILE --engine ray --alpha 16,32 --out FOLDER`: a check for each alpha, rank and plan, and their sweep. */
async function exportSweep(path: string, options: ExportOptions): Promise<Ended> {
  const { out, rank: ranks, alpha: alphas, plan, scaling, rslora } = options;
  if (out === undefined || out === STDIN) throw usage('--engine ray writes a folder; --out must name it');
  if (scaling !== undefined) throw usage('--scaling is given; with --engine ray it must be --alpha');
  if (alphas === undefined) throw usage('no alpha is given; it must be --alpha, such as --alpha 16,32,64');
  const targets = alphas.map((alpha) => targetOf({ alpha, rslora }));
  const plans = plan?.includes('all') ? 'all' : plan ? PLAN_IDS.filter((id) => plan.includes(id)) : 'best';
  const count = targets.length * (ranks?.length ?? 1);
  if (count > MOST_CHECKS) throw usage(`--alpha and --rank make ${count} checks; it must be ${MOST_CHECKS} at most`);
  await assertOnlyExports(out);
  const chosen = await chooseRecipe(path, options.network);
  const swept: SweptChecks[] = [];
  for (const rank of ranks ?? [chosen.recipe.rank]) swept.push(await checksAt(rank, chosen, path, { targets, plans }));
  const checks = swept.flatMap((each) => each.checks);
  const leftOut = swept.flatMap((each) => each.leftOut);
  if (checks.length === 0) throw nothing(`${chosen.file.path}: there is no check to export; ${leftOut.join('; ')}`);
  for (const one of leftOut) tell(`left out: ${one}`);
  const others = await writeFolder(out, [...checks, sweepFile(checks)]);
  if (others.length > 0) tell(`from an earlier export, and not in this sweep: ${others.join(', ')}`);
  const sweep = join(out, 'sweep.py');
  tell(`${checks.length} checks and ${sweep} were written. Run them: python ${sweep} --tiny (small models)`);
  return { exitCode: EXIT.done };
}

/** The checks of a config whose rank is another number. */
async function checksAt(rank: number, chosen: ChosenRecipe, path: string, request: SweepRequest): Promise<SweptChecks> {
  const { file, reading, index, recipe } = chosen;
  const made = atRank(file.text, reading, index, rank);
  if ('message' in made) return { checks: [], leftOut: [`rank ${rank}: ${made.message}`] };
  const ranked = configRecipe(made.text, await readingOf({ ...file, text: made.text }, path), index);
  if (!ranked) return { checks: [], leftOut: [`rank ${rank}: the config cannot be read at this rank`] };
  const name = basename(file.path);
  return sweptChecks({ ...ranked, name: rank === recipe.rank ? name : `${name} with rank ${rank}` }, request);
}

/**
 * Refuses a folder with anything but earlier exports and their results. There need not be such a folder.
 * @throws Failure
 */
export async function assertOnlyExports(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => null);
  if (!info) return;
  if (!info.isDirectory()) throw usage(`${folder}: is a file; --out must be a folder, new or empty`);
  const names = await readdir(folder).catch((error: unknown) => {
    throw usage(`${folder}: cannot be read: ${reasonOf(error)}`);
  });
  // Sweeps and Python make folders there, file managers and editors hidden files.
  for (const name of names.filter((each) => !/^(?:\..*|results|__pycache__)$/.test(each))) {
    await assertNoLoss(join(folder, name), isExport, 'an export of LoRA Alpha; choose a new or empty folder');
  }
}

/**
 * Writes files into a folder, which is made if it is missing.
 * @returns the files of earlier exports that are as they were
 * @throws Failure with a line that says why that cannot be done
 */
export async function writeFolder(folder: string, files: readonly SweepFile[]): Promise<string[]> {
  await makeFolder(folder);
  for (const { name, text } of files) await writeNew(join(folder, name), text);
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.py') && files.every((file) => file.name !== name)).toSorted();
}
