import { basename } from 'node:path';
import { exportCheck } from '../../export/export-check';
import { isExport } from '../../export/head';
import type { PlanId } from '../../recipe/plans/plan';
import { chooseRecipe, planOf, plansOf } from '../files/config-file';
import { EXIT, type ExitCode } from '../exit-codes';
import { nothing } from '../failure';
import { assertNoLoss, STDIN, writeNew } from '../files/files';
import { targetOf, type TargetOptions } from '../target-options';
import type { Terminal } from '../terminal';

export interface ExportOptions extends TargetOptions {
  plan?: PlanId;
  out?: string;
  network?: string;
}

/** `export FILE --alpha N`: a Python file that checks the plan with PyTorch and PEFT; to stdout, or to `--out`. */
export async function exportCommand(path: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const out = options.out === STDIN ? undefined : options.out;
  if (out !== undefined) await assertNoLoss(out, isExport, 'a PyTorch check of LoRA Alpha; choose another path');
  const chosen = await chooseRecipe(path, options.network);
  const { file } = chosen;
  const plans = plansOf(chosen, targetOf(options), undefined);
  const plan = planOf(plans, options.plan, file.path);
  const exported = exportCheck({ ...chosen, name: basename(file.path), plans, plan });
  if ('refused' in exported) throw nothing(`${file.path}: ${exported.refused}`);
  if (out === undefined) {
    terminal.exact(exported.text);
    return EXIT.done;
  }
  await writeNew(out, exported.text);
  terminal.note(`${out} was written. Run it: python ${out} --tiny (a small model), or without --tiny (yours).\n`);
  return EXIT.done;
}
