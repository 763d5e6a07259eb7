import { exactGauge, GAUGE_POWERS } from '../../recipe/gauge';
import { lawOf } from '../../recipe/notation';
import { lrPower, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { table } from './markdown';

/** How every number of an optimizer moves when the scaling moves by k, from its row. */
export function rulesTable(row: OptimizerRow): string {
  // c, by which a factor shrinks at the start, is k to this power.
  const power = GAUGE_POWERS[exactGauge(row)].q;
  const rules: (readonly [string, number])[] = [
    ...(row.frozen === 'A' ? [] : [['init of A', -1] as const]),
    ...(row.rate === 'fixed' ? [] : [['learning rate', lrPower(row)] as const]),
    ...(row.decay === 'none' ? [] : [['weight decay', row.decayPower] as const]),
    ...row.constants.map(({ constant, power: own }) => [constant, own] as const),
    ['max grad norm', 1],
  ];
  return table(
    ['at scaling × k', ''],
    rules.map(([name, own]) => [name, lawOf(own * power)]),
  );
}
