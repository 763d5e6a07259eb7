import * as l10n from '@vscode/l10n';
import { CONVERSION_MARK } from '../../config/hint';
import type { Gauge } from '../../recipe/gauge';
import { numberLabel } from '../../recipe/notation';
import { initRow, type InitMethod } from '../../recipe/init/init-rows';
import { constantOf, lrPower, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../recipe/optimizers/constants';
import { docstring } from '../python/docstring';
import { pythonKeywords, pythonLiteral } from '../python/literal';
import { CONVERT, CONVERT_IMPORTS } from '../python/sections';

/** What the scaling of an adapter is made from, beside its rank. */
export interface AdapterScaling {
  alpha: number;
  useRslora: boolean;
}

/** The conversion of a checkpoint: an adapter, the optimizer's state and the schedule's rates. */
export interface Conversion {
  /** The config's file, and its trainer's name for people. */
  name: string;
  trainer: string;
  rank: number;
  /** Null if the file does not name it; the Python file then looks at the adapter alone. */
  init: InitMethod | null;
  from: AdapterScaling;
  to: AdapterScaling;
  gauge: Gauge;
  row: OptimizerRow;
  /** Further sentences at the top of the file: what must be in the config first. */
  notes: readonly string[];
}

/**
 * Inits that leave the same frozen weights at every alpha. PiSSA takes s·B·A from them, and divides B·A by s. OLoRA and
 * LoRA-GA do not divide, and those that need data have not been tried. Checked again by SAME_BASE in the Python file.
 */
const SAME_BASE: ReadonlySet<InitMethod> = new Set(['kaiming-uniform', 'random-b', 'gaussian', 'orthogonal', 'pissa']);

/** Whether a text was written by {@link conversionFile}. */
export function isConversion(text: string): boolean {
  return text.startsWith(CONVERSION_MARK);
}

/** One Python file that converts a checkpoint of Hugging Face's Trainer; a sentence where that would be another run. */
export function conversionFile(conversion: Conversion): { text: string } | { refused: string } {
  const { rank, init, from, to, gauge, row } = conversion;
  const { saved } = row;
  if (!saved || row.exactness !== 'exact') {
    return { refused: l10n.t`No rule is known for the state of ${row.title} in a checkpoint.` };
  }
  if (init !== null && !SAME_BASE.has(init)) {
    const title = initRow(init)?.title ?? init;
    return {
      refused: l10n.t`A run with the init ${title} cannot be converted: at another alpha it may start from other frozen weights.`,
    };
  }
  const scaling = ({ alpha, useRslora }: AdapterScaling): { lora_alpha: number; use_rslora: boolean } => ({
    lora_alpha: alpha,
    use_rslora: useRslora,
  });
  const head = [
    docstring(CONVERSION_MARK, aboutFile(conversion)),
    CONVERT_IMPORTS,
    `OLD = ${pythonKeywords({ r: rank, ...scaling(from) })}  # What adapter_config.json of the checkpoint must say.`,
    `NEW = ${pythonKeywords(scaling(to))}`,
    `P, Q = ${pythonLiteral(gauge.p)}, ${pythonLiteral(gauge.q)}  # A is divided by P and B by Q, so their gradients are multiplied by P and Q.`,
    `STATE = ${pythonLiteral({ dict: saved.state })}  # Powers of P or Q by which each state is multiplied.`,
    `GROUP = ${pythonLiteral({ dict: groupPowers(row) })}  # The same for the numbers of a parameter group.`,
    `OPTIMIZER, SWITCHES = ${pythonLiteral(row.title)}, ${pythonLiteral({ dict: saved.switches ?? {} })}`,
  ];
  return { text: `${head.join('\n')}\n\n${CONVERT}\n` };
}

/** Powers of c by which the numbers of a parameter group move. */
export function groupPowers(row: OptimizerRow): Record<string, number | readonly number[]> {
  const power = (id: ConstantId): number => constantOf(row, id)?.power ?? 0;
  const constants = Object.entries(row.saved?.constants ?? {}).map(
    ([name, ids]) => [name, typeof ids === 'string' ? power(ids) : ids.map(power)] as const,
  );
  const rate = lrPower(row);
  return { lr: rate, initial_lr: rate, weight_decay: row.decayPower, ...Object.fromEntries(constants) };
}

function aboutFile({ name, trainer, from, to, gauge, notes }: Conversion): string[] {
  const label = ({ alpha, useRslora }: AdapterScaling): string =>
    `alpha ${numberLabel(alpha, 6)}${useRslora ? ' with rsLoRA' : ''}`;
  return [
    `${name} (${trainer}), ${label(from)} to ${label(to)}: A ÷ ${numberLabel(gauge.p, 6)}, B ÷ ${numberLabel(gauge.q, 6)}.`,
    `It copies a checkpoint of Hugging Face's Trainer into a new folder, from which ${label(to)} goes on: adapter, optimizer state and schedule.`,
    notes.join(' '),
  ];
}
