import * as v from 'valibot';
import { numberLabel } from '../../src/recipe/notation';
import { size, table } from './table';

/** What test/golden/packages writes: our optimizers, and every rule, on the published implementations. */
const measurement = v.object({
  problem: v.object({ layer: v.string(), width: v.number(), batch: v.number(), rank: v.number(), steps: v.number() }),
  measured: v.array(
    v.object({
      row: v.string(),
      package: v.string(),
      version: v.string(),
      optimizer: v.string(),
      ours: v.nullish(v.object({ same: v.boolean(), deviation: v.nullable(v.number()) })),
      rule: v.array(
        v.object({ gauge: v.string(), k: v.number(), bit: v.boolean(), deviation: v.nullable(v.number()) }),
      ),
      costs: v.array(v.object({ alone: v.string(), value: v.nullish(v.number()), deviation: v.nullable(v.number()) })),
    }),
  ),
});

type Measured = v.InferOutput<typeof measurement>['measured'][number];

/** The section about the published packages, from the JSON that their measurement wrote. */
export function packagesSection(json: string): string[] {
  const { problem, measured } = v.parse(measurement, JSON.parse(json));
  return [
    '## Against the published packages',
    '',
    `Measured by \`test/golden/packages\` (Python) on one layer, ${problem.width} wide, rank ${problem.rank}, ${problem.batch} rows, ${problem.steps} steps of float32. "Ours": how far the`,
    'loss of this project’s own training lies from the package’s. "The rule": the package’s optimizer itself, run at k = 4 and k = 3 under',
    'the row’s rule, against its own run at k = 1 (`=`: the same bits). "Left alone": the same at k = 4 with one number not moved.',
    '',
    ...table(
      ['row', 'published as', 'ours', 'k = 4', 'k = 3', 'LoRA+ gauge, k = 4', 'left alone'],
      measured.map(cells),
    ),
  ];
}

function cells({ row, package: name, version, optimizer, ours, rule, costs }: Measured): string[] {
  const at = (gauge: string, k: number): string => {
    const found = rule.find((each) => each.gauge === gauge && each.k === k);
    if (!found) return '–';
    return found.bit ? '=' : known(found.deviation);
  };
  return [
    `\`${row}\``,
    `${optimizer} (${name} ${version.replace(/\+.*/, '')})`,
    ours ? `${known(ours.deviation)}${ours.same ? '' : ' (differs)'}` : '–',
    at('symmetric', 4),
    at('symmetric', 3),
    at('keep-init', 4),
    costs
      .map(
        ({ alone, value, deviation }) =>
          `${alone}${value == null ? '' : ` ${numberLabel(value)}`}: ${known(deviation)}`,
      )
      .join('<br>'),
  ];
}

/** Null in the file: a run that was no number in the end. */
function known(deviation: number | null): string {
  if (deviation === null) return 'diverges';
  return deviation === 0 ? '0' : size(deviation);
}
