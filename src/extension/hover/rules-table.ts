import * as l10n from '@vscode/l10n';
import { fieldLabel } from '../../recipe/field-names';
import { exactGauge, GAUGE_POWERS } from '../../recipe/gauge';
import { lawOf } from '../../recipe/notation';
import { lrPower, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { table } from './markdown';

/** How every number of an optimizer moves when the scaling moves by k, from its row. */
export function rulesTable(row: OptimizerRow): string {
  // c, by which a factor shrinks at the start, is k to this power.
  const power = GAUGE_POWERS[exactGauge(row)].q;
  const rules: (readonly [string, number])[] = [
    ...(row.frozen === 'A' ? [] : [[l10n.t('init of A'), -1] as const]),
    ...(row.rate === 'fixed' ? [] : [[fieldLabel('learningRate'), lrPower(row)] as const]),
    ...(row.decay === 'none' ? [] : [[fieldLabel('weightDecay'), row.decayPower] as const]),
    ...row.constants.map(({ constant, power: own }) => [fieldLabel(constant), own] as const),
    [fieldLabel('maxGradNorm'), 1],
  ];
  return table(
    [l10n.t('at scaling × k'), ''],
    rules.map(([name, own]) => [name, lawOf(own * power)]),
  );
}
