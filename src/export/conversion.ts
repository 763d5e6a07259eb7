import * as l10n from '@vscode/l10n';
import type { AdapterNumbers } from '../config/compare/adapter-differs';
import { CONVERSION_MARK } from '../config/hint';
import { outsideWords } from '../config/planned';
import { runOfRecipe } from '../config/read';
import type { ConfigReading } from '../config/read';
import type { Gauge } from '../recipe/gauge';
import { initRow, type InitMethod } from '../recipe/init/init-rows';
import { numberLabel } from '../recipe/notation';
import type { ConstantId } from '../recipe/optimizers/constants';
import { constantOf, lrPower, type OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { rowFor } from '../recipe/optimizers/optimizers';
import type { Exported } from './export-check';
import { docstring, pythonKeywords, pythonLiteral } from './python/literal';
import { CONVERT, CONVERT_IMPORTS } from './python/sections';
import { type ExportRequest, refusalOf } from './refusal';

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

/** One Python file that converts a checkpoint of this run to a plan, or one sentence why there is none. */
export function exportConversion(request: ExportRequest): Exported {
  const { text, reading, index, recipe, plans, plan, name } = request;
  const located = runOfRecipe(text, reading, index);
  const row = rowFor(recipe.optimizer);
  if (located && !located.run.layout.peft) {
    return {
      refused: l10n.t`Only checkpoints with an adapter of PEFT can be converted; the format of ${located.run.trainer.name} is another or unknown.`,
    };
  }
  const refused = refusalOf(request, located);
  if (refused !== null || !located || !row) return { refused: refused ?? '' };
  if (plan.id === 'lr-only') {
    return { refused: l10n.t('This plan changes the learning rate alone, and is another run: choose another plan.') };
  }
  const { target } = plans;
  // That the run goes on from a checkpoint is what the file is for.
  const limit = plan.caveats.find(({ limits, code }) => limits !== undefined && code !== 'run-resumes');
  // The checkpoint is past its init.
  const moves = plan.configChanges.filter(({ field, from, to }) => field !== 'init' && (to === null || to !== from));
  const numbers = moves.map((change) => (change.to === null ? outsideWords([change]) : `${change.key} ${change.to}`));
  const conversion: Conversion = {
    ...{ name, trainer: located.run.trainer.name, rank: recipe.rank, init: recipe.init, gauge: plan.gauge, row },
    from: { alpha: recipe.alpha, useRslora: recipe.scalingRule === 'rslora' },
    to: { alpha: target.alpha, useRslora: target.scalingRule === 'rslora' },
    notes: [
      `Set ${numbers.join(', ')}, then resume from there.`,
      ...(limit ? [`The plan is ${plan.exactness}: ${limit.message}`] : []),
    ],
  };
  return conversionFile(conversion);
}

const NUMBERS =
  'Set learning rate, weight decay, eps and max grad norm as in the plan symmetric from the old alpha to the new one, then resume from the new folder.';

/**
 * One Python file that gives a trained adapter, or a checkpoint with it, the scaling of the file whose run goes on from it.
 * A and B are divided alike. One sentence where there is none.
 * @param text the text `reading` was read from
 * @param name of the config's file
 */
export function adapterConversion(
  text: string,
  reading: ConfigReading,
  adapter: AdapterNumbers,
  name: string,
): Exported {
  const [recipe] = reading.recipes;
  const file = runOfRecipe(text, reading, 0)?.run;
  const { rank, scaling, alpha, useRslora } = adapter;
  if (!file?.layout.peft || !recipe || recipe.alphaIsIgnored !== undefined) {
    return { refused: l10n.t('Only an adapter of PEFT can be converted, for a run whose alpha is in the file.') };
  }
  if (rank !== recipe.rank) {
    return { refused: l10n.t`An adapter of rank ${rank} cannot be converted to rank ${recipe.rank}.` };
  }
  const row = rowFor(recipe.optimizer);
  if (!row) return { refused: l10n.t('The optimizer is not in this file.') };
  const p = Math.sqrt(recipe.scaling / scaling);
  return conversionFile({
    ...{ name, trainer: file.trainer.name, rank, init: recipe.init, gauge: { p, q: p }, row, notes: [NUMBERS] },
    ...{ from: { alpha, useRslora }, to: { alpha: recipe.alpha, useRslora: recipe.scalingRule === 'rslora' } },
  });
}
