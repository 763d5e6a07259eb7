import { basename } from 'node:path';
import { isConversion } from '../../export/conversion';
import { exportConversion } from '../../export/export-conversion';
import { exportCheck, type Exported } from '../../export/export-check';
import { isExport } from '../../export/head';
import type { ExportRequest } from '../../export/request';
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
  checkpoint?: boolean;
  network?: string;
}

/** What can be exported: how a file is known again, what it is called, and how it is run. */
interface Kind {
  make: (request: ExportRequest) => Exported;
  isOwn: (text: string) => boolean;
  noun: string;
  usage: (out: string) => string;
}

const CHECK: Kind = {
  make: exportCheck,
  isOwn: isExport,
  noun: 'a PyTorch check of LoRA Alpha',
  usage: (out) => `python ${out} --tiny (a small model), or without --tiny (yours)`,
};

const CONVERSION: Kind = {
  make: exportConversion,
  isOwn: isConversion,
  noun: 'a conversion of LoRA Alpha',
  usage: (out) => `python ${out} CHECKPOINT NEW_FOLDER`,
};

/**
 * `export FILE --alpha N`: a Python file that checks the plan with PyTorch and PEFT, or with `--checkpoint` one that converts
 * a checkpoint to it; to stdout, or to `--out`.
 */
export async function exportCommand(path: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const out = options.out === STDIN ? undefined : options.out;
  const { make, isOwn, noun, usage } = options.checkpoint ? CONVERSION : CHECK;
  if (out !== undefined) await assertNoLoss(out, isOwn, `${noun}; choose another path`);
  const chosen = await chooseRecipe(path, options.network);
  const { file } = chosen;
  const plans = plansOf(chosen, targetOf(options), undefined);
  const plan = planOf(plans, options.plan, file.path);
  const exported = make({ ...chosen, name: basename(file.path), plans, plan });
  if ('refused' in exported) throw nothing(`${file.path}: ${exported.refused}`);
  if (out === undefined) {
    terminal.exact(exported.text);
    return EXIT.done;
  }
  await writeNew(out, exported.text);
  terminal.note(`${out} was written. Run it: ${usage(out)}.\n`);
  return EXIT.done;
}
