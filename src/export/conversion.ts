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
import { alphaWords } from './export-check';
import { text as convert } from './python/convert.py';
import { assignment, docstring, sectionOf } from './python/literal';
import { type Exported, exported, exportedRun, type ExportRequest, refuse } from './refusal';

/** What the scaling of an adapter is made from, beside its rank. */
type AdapterScaling = Pick<AdapterNumbers, 'alpha' | 'scalingRule'>;

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
 * Inits that leave the same frozen weights at every alpha. PiSSA takes s·B·A from them, and divides B·A by s. OLoRA
 * and LoRA-GA do not, and those that need data have not been tried. SAME_BASE in the Python file checks them again.
 */
const SAME_BASE: ReadonlySet<InitMethod> = new Set(['kaiming-uniform', 'random-b', 'gaussian', 'orthogonal', 'pissa']);

/** Whether a text was written by {@link conversionFile}. */
export function isConversion(text: string): boolean {
  return text.startsWith(CONVERSION_MARK);
}

/** A Python file that converts a checkpoint of Hugging Face's Trainer. @throws Refusal if that would be another run */
export function conversionFile({ name, trainer, rank, init, from, to, gauge, row, notes }: Conversion): string {
  const { saved } = row;
  const { p, q } = gauge;
  if (!saved || row.exactness !== 'exact') {
    refuse(l10n.t`No rule is known for the state of ${row.title} in a checkpoint.`);
  }
  if (init !== null && !SAME_BASE.has(init)) {
    const title = initRow(init)?.title ?? init;
    refuse(
      l10n.t`A run with the init ${title} cannot be converted: at another alpha it may start from other frozen weights.`,
    );
  }
  const keywords = ({ alpha, scalingRule }: AdapterScaling) => {
    return { lora_alpha: alpha, use_rslora: scalingRule === 'rslora' };
  };
  const label = alphaWords(to);
  const moves = `A ÷ ${numberLabel(p, 6)}, B ÷ ${numberLabel(q, 6)}`;
  const about = [
    `${name} (${trainer}), ${alphaWords(from)} to ${label}: ${moves}.`,
    `It copies a checkpoint of Hugging Face's Trainer into a new folder, from which ${label} goes on: adapter, optimizer state and schedule.`,
    notes.join(' '),
  ];
  const recipe = [
    '# What adapter_config.json of the checkpoint must say.',
    assignment('OLD', { keywords: { r: rank, ...keywords(from) } }),
    assignment('NEW', { keywords: keywords(to) }),
    '# A is divided by P and B by Q, so their gradients are multiplied by P and Q.',
    `P, Q = ${p}, ${q}`,
    '# Powers of P or Q by which each state is multiplied, and the numbers of a parameter group.',
    assignment('STATE', { dict: saved.state }),
    assignment('GROUP', { dict: groupPowers(row) }),
    assignment('OPTIMIZER', row.title),
    assignment('SWITCHES', { dict: saved.switches ?? {} }),
  ];
  return [
    `${docstring(CONVERSION_MARK, about)}\n${sectionOf(convert, 'imports')}\n\n`,
    `${sectionOf(convert, 'options')}\n`,
    `${recipe.join('\n')}\n${sectionOf(convert, 'convert')}\n`,
  ].join('\n');
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

/** One Python file that converts a checkpoint of this run to a plan, or one sentence why there is none. */
export function exportConversion(request: ExportRequest): Exported {
  return exported(() => {
    const { recipe, plans, plan, name } = request;
    const { run, row } = exportedRun(
      request,
      (trainer) =>
        l10n.t`Only checkpoints with an adapter of PEFT can be converted; the format of ${trainer} is another or unknown.`,
    );
    if (plan.id === 'lr-only') {
      refuse(l10n.t('This plan changes the learning rate alone, and is another run: choose another plan.'));
    }
    // That the run goes on from a checkpoint is what the file is for.
    const limit = plan.caveats.find(({ limits, code }) => limits !== undefined && code !== 'run-resumes');
    // The checkpoint is past its init.
    const moves = plan.configChanges.filter(({ field, from, to }) => field !== 'init' && (to === null || to !== from));
    const numbers = moves.map((change) => (change.to === null ? outsideWords([change]) : `${change.key} ${change.to}`));
    return conversionFile({
      ...{ name, trainer: run.trainer.name, rank: recipe.rank, init: recipe.init, gauge: plan.gauge, row },
      ...{ from: recipe, to: plans.target },
      notes: [
        `Set ${numbers.join(', ')}, then resume from there.`,
        ...(limit ? [`The plan is ${plan.exactness}: ${limit.message}`] : []),
      ],
    });
  });
}

const NUMBERS =
  'Set learning rate, weight decay, eps and max grad norm as in the plan symmetric from the old alpha to the new one, then resume from the new folder.';

/**
 * One Python file that gives a trained adapter, or a checkpoint with it, the scaling of the file whose run goes on from
 * it, dividing A and B alike. One sentence where there is none.
 * @param text the text `reading` was read from
 * @param name of the config's file
 */
export function adapterConversion(text: string, reading: ConfigReading, from: AdapterNumbers, name: string): Exported {
  return exported(() => {
    const { rank, scaling } = from;
    const [recipe] = reading.recipes;
    const file = runOfRecipe(text, reading, 0)?.run;
    if (!file?.layout.peft || !recipe || recipe.alphaIsIgnored !== undefined) {
      refuse(l10n.t('Only an adapter of PEFT can be converted, for a run whose alpha is in the file.'));
    }
    if (rank !== recipe.rank) {
      refuse(l10n.t`An adapter of rank ${rank} cannot be converted to rank ${recipe.rank}.`);
    }
    const row = rowFor(recipe.optimizer);
    if (!row) refuse(l10n.t('The optimizer is not in this file.'));
    const p = Math.sqrt(recipe.scaling / scaling);
    return conversionFile({
      ...{ name, trainer: file.trainer.name, rank, init: recipe.init, gauge: { p, q: p }, row, notes: [NUMBERS] },
      ...{ from, to: recipe },
    });
  });
}
