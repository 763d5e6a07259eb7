import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { batchFile, isBatch } from '../../export/batch';
import { usage } from '../failure';
import { assertNoLoss, writeNew } from '../files/files';

/**
 * The batch file for SLURM beside a check. One that is there already is kept, because users edit it.
 * @param check the path of the check
 * @returns `write`, which says what was written
 * @throws Failure where another file is in its place
 */
export async function batchBeside(check: string | undefined): Promise<{ write: () => Promise<string> }> {
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
