import { configRecipe } from '../../../src/config/compare/config-recipe';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { conversionFile } from '../../../src/export/conversion';
import type { Exported } from '../../../src/export/export-check';
import { exportConversion } from '../../../src/export/export-conversion';
import type { Gauge } from '../../../src/recipe/gauge';
import { optimizerRows } from '../../../src/recipe/optimizers/optimizers';
import { script } from '../../unit/export/export-of';

/** Files that convert checkpoints, as JSON on standard output, for run.py, which runs them. */

const TRAINERS: Readonly<Record<string, string>> = {
  AdamW: ', optim="adamw_torch", weight_decay=0.1, max_grad_norm=0.0',
  'SGD with momentum': ', optim="sgd", weight_decay=0.1, optim_args="momentum=0.9", max_grad_norm=0.0',
};

const GAUGES: Readonly<Record<string, Gauge>> = { symmetric: { p: 2, q: 2 }, 'keep-init': { p: 1, q: 4 } };

const NAME = 'train.py';

function textOf(exported: Exported): string {
  if ('refused' in exported) throw new Error(exported.refused);
  return exported.text;
}

/** The numbers of the baseline and of the plan at four times the alpha, and the conversion of its checkpoints. */
function ofTrainer(args: string): object {
  const text = script({ args });
  const reading = readConfig(text, NAME);
  const chosen = configRecipe(text, reading, 0);
  const plans = planConfig(text, reading, 0, { alpha: 64 });
  const [plan] = plans.plans;
  if (!chosen || plan?.id !== 'symmetric') throw new Error(`nothing was read of:\n${text}`);
  const changes = plan.changes.map(({ field, from, written }) => [field, [from, written]] as const);
  return {
    changes: Object.fromEntries(changes),
    text: textOf(exportConversion({ ...chosen, name: NAME, plans, plan })),
  };
}

const rows = optimizerRows().filter(({ saved }) => saved);

const ofRows = rows.flatMap((row) =>
  Object.entries(GAUGES).map(([gauge, split]) => ({
    row: row.id,
    gauge,
    text: textOf(
      conversionFile({
        ...{ name: NAME, trainer: 'PEFT', rank: 4, gauge: split, row, notes: [] },
        ...{ from: { alpha: 8, useRslora: false }, to: { alpha: 32, useRslora: false } },
      }),
    ),
  })),
);

const ofTrainers = Object.entries(TRAINERS).map(([name, args]) => ({ name, ...ofTrainer(args) }));
process.stdout.write(JSON.stringify({ trainers: ofTrainers, rows: ofRows }));
