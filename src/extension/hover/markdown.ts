import * as l10n from '@vscode/l10n';
import { fieldLabel } from '../../recipe/field-names';
import { GAUGE_POWERS, exactGauge } from '../../recipe/gauge';
import { lawOf } from '../../recipe/notation';
import { type OptimizerRow, lrPower } from '../../recipe/optimizers/optimizer-row';
import { visible } from '../../recipe/visible';

/** Any text as plain words of Markdown: nothing in it makes a link, a picture, markup or code. */
export function plain(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&]/g, (mark) => `\\${mark}`)
    .replace(/\s+/g, ' ')
    .replace(/:(?=\S)/g, '\\:');
}

export function code(text: string): string {
  return `\`${visible(text)
    .replace(/[`\s|]+/g, ' ')
    .trim()}\``;
}

/** A table with a head, whose cells are Markdown. The editor leaves no gap between columns, so they bring their own. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' &emsp; | ')} |`;
  return [line(head), `|${head.map(() => ' :-- |').join('')}`, ...rows.map(line)].join('\n');
}

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
