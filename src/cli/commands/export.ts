import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { batchFile, isBatch } from '../../export/batch';
import { exportConversion, isConversion } from '../../export/conversion';
import { exportCheck, type Exported } from '../../export/export-check';
import { isExport } from '../../export/python/head';
import type { ExportRequest } from '../../export/refusal';
import { EXIT, type ExitCode, nothing, usage } from '../failure';
import { chooseRecipe, planOf, plansOf, targetOf } from '../files/config-file';
import { assertNoLoss, STDIN, writeNew } from '../files/files';
import type { Terminal } from '../terminal';
import { exportSweep, type ExportOptions } from './export-sweep';

/** What can be exported: how a file is known again, what it is called, and how it is run. */
interface ExportKind {
  make: (request: ExportRequest) => Exported;
  isOwn: (text: string) => boolean;
  noun: string;
  howToRun: (out: string) => string;
}

const CHECK: ExportKind = {
  make: exportCheck,
  isOwn: isExport,
  noun: 'a PyTorch check of LoRA Alpha',
  howToRun: (out) => `python ${out} --tiny (a small model), or without --tiny (yours)`,
};

const CONVERSION: ExportKind = {
  make: exportConversion,
  isOwn: isConversion,
  noun: 'a conversion of LoRA Alpha',
  howToRun: (out) => `python ${out} CHECKPOINT NEW_FOLDER`,
};

/**
 * `export FILE --alpha N` writes a Python file, to stdout or to `--out`: it checks the plan with PyTorch and PEFT, or with
 * `--checkpoint` converts a checkpoint to the plan. `--engine slurm` adds a batch file for SLURM. `--engine ray` writes a
 * folder: checks, and the sweep that runs them.
 */
export async function exportCommand(path: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const { engine, alpha, rank, plan: ids, ...others } = options;
  if (engine !== undefined && options.checkpoint) throw usage('--engine runs checks, and --checkpoint exports none');
  if (engine === 'ray') return exportSweep(path, options, terminal);
  const out = options.out === STDIN ? undefined : options.out;
  const target = targetOf({ ...others, ...onlyOne('alpha', alpha), ...onlyOne('rank', rank) });
  const { plan: id } = onlyOne('plan', ids);
  if (id === 'all') throw usage('--plan is "all", which needs --engine ray');
  const { make, isOwn, noun, howToRun } = options.checkpoint ? CONVERSION : CHECK;
  if (out !== undefined) await assertNoLoss(out, isOwn, `${noun}; choose another path`);
  const batch = engine === 'slurm' ? await batchBeside(out) : null;
  const chosen = await chooseRecipe(path, options.network);
  const { file } = chosen;
  const plans = plansOf(chosen, target, undefined);
  const exported = make({ ...chosen, name: basename(file.path), plans, plan: planOf(plans, id, file.path) });
  if ('refused' in exported) throw nothing(`${file.path}: ${exported.refused}`);
  if (out === undefined) {
    terminal.exact(exported.text);
    return EXIT.done;
  }
  await writeNew(out, exported.text);
  terminal.note(batch ? await batch.write() : `${out} was written. Run it: ${howToRun(out)}.\n`);
  return EXIT.done;
}

/** The one value of an option that only a sweep can have several of. */
function onlyOne<K extends string, T>(option: K, values: readonly T[] | undefined): Partial<Record<K, T>> {
  if (values === undefined) return {};
  const [value] = values;
  if (values.length === 1 && value !== undefined) return { [option]: value } as Partial<Record<K, T>>;
  throw usage(`--${option} holds ${values.length} values; it must be one, or --engine ray must be given`);
}

/**
 * The batch file for SLURM beside a check. One that is there already is kept, because users edit it.
 * @param check the path of the check
 * @returns `write`, which says what was written
 * @throws Failure where another file is in its place
 */
async function batchBeside(check: string | undefined): Promise<{ write: () => Promise<string> }> {
  if (check === undefined)
    throw usage('--engine slurm writes two files; --out must name the first, such as check_alpha.py');
  const path = join(dirname(check), `${basename(check).replace(/\.py$/, '')}.sbatch`);
  await assertNoLoss(path, isBatch, 'a batch file of LoRA Alpha; choose another path for --out');
  const size = await stat(path).then(
    (info) => info.size,
    () => 0,
  );
  return {
    write: async () => {
      if (size > 0) return `${check} was written. ${path} was kept as it is. Start it: sbatch ${path}\n`;
      await writeNew(path, batchFile(basename(check)));
      return `${check} and ${path} were written. Edit the first lines of ${path}, then start it: sbatch ${path}\n`;
    },
  };
}
