import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { batchFile, isBatch } from '../../export/batch';
import { exportConversion, isConversion } from '../../export/conversion';
import { exportCheck, isExport } from '../../export/export-check';
import { EXIT, type ExitCode, nothing, usage } from '../failure';
import { chooseRecipe, planOf, plansOf, targetOf } from '../files/config-file';
import { assertNoLoss, STDIN, writeNew } from '../files/files';
import { exact, note } from '../terminal';
import { exportSweep, type ExportOptions } from './export-sweep';

/**
 * `export FILE --alpha N` writes a Python file, to stdout or to `--out`: it checks the plan with PyTorch and PEFT, or with
 * `--checkpoint` converts a checkpoint to the plan. `--engine slurm` adds a batch file for SLURM. `--engine ray` writes a
 * folder: checks, and the sweep that runs them.
 */
export async function exportCommand(path: string, options: ExportOptions): Promise<ExitCode> {
  const { engine, checkpoint, scaling, rslora } = options;
  if (engine !== undefined && checkpoint) throw usage('--engine runs checks, and --checkpoint exports none');
  if (engine === 'ray') return exportSweep(path, options);
  const out = options.out === STDIN ? undefined : options.out;
  const [alpha, rank] = [onlyOne('alpha', options.alpha), onlyOne('rank', options.rank)];
  const given = { ...(scaling !== undefined && { scaling }), ...(rslora && { rslora }) };
  const target = targetOf({ ...given, ...(alpha !== undefined && { alpha }), ...(rank !== undefined && { rank }) });
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
    return EXIT.done;
  }
  await writeNew(out, exported.text);
  const how = checkpoint ? 'CHECKPOINT NEW_FOLDER' : '--tiny (a small model), or without --tiny (yours)';
  note(writeBatch ? await writeBatch() : `${out} was written. Run it: python ${out} ${how}.\n`);
  return EXIT.done;
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
    if (before && before.size > 0) return `${check} was written. ${path} was kept as it is. Start it: sbatch ${path}\n`;
    await writeNew(path, batchFile(basename(check)));
    return `${check} and ${path} were written. Edit the first lines of ${path}, then start it: sbatch ${path}\n`;
  };
}
