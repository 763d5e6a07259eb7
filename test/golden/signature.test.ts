import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VariantSpec } from '../../src/experiment/spec';
import { optimizerRow } from '../../src/recipe/optimizers/optimizers';
import { signatureOf, valueOf, type QuantityKey } from '../../src/recipe/signature';
import { optimizerOf, recipeWith } from '../support/recipe';
import { parseGolden, type GoldenFile } from './schema';
import { translate } from './translate';

const SHARED = join(process.env.LORA_ALPHA_SHARED ?? resolve(__dirname, '../../../shared'), 'golden/golden.json');
const FILES = [join(__dirname, 'fixture.json'), SHARED].filter((path) => existsSync(path));

/** Every number of a variant's signature: those of A by A's numbers, those of B by B's. */
function numbersOf(variant: VariantSpec, rowId: string, useDora: boolean): Map<QuantityKey, number> {
  const row = optimizerRow(rowId);
  if (!row) throw new Error(`no row ${rowId}`);
  const values = new Map<QuantityKey, number>();
  for (const [factor, own] of [
    ['A', variant.a],
    ['B', variant.b],
    ['M', variant.m ?? variant.a],
  ] as const) {
    const { eps, ...constants } = own.constants;
    const recipe = recipeWith({
      alpha: variant.scaling,
      scalingRule: 'direct',
      scaling: variant.scaling,
      useDora,
      lrA: factor === 'M' ? own.lr : variant.a.lr,
      lrB: variant.b.lr,
      maxGradNorm: variant.maxGradNorm ?? 0,
      optimizer: optimizerOf(row, {
        betas: [0.9, 0.999],
        eps: eps ?? null,
        weightDecay: row.decay === 'none' ? null : own.weightDecay,
        constants,
      }),
    });
    const { quantities } = signatureOf(recipe, { init: { A: variant.init.A, B: 1 } });
    for (const [key, quantity] of Object.entries(quantities)) {
      const isOwn = quantity.factor === factor || (quantity.factor === null && factor === 'A');
      if (isOwn) values.set(key as QuantityKey, valueOf(quantity) ?? NaN);
    }
  }
  return values;
}

function distance(one: Map<QuantityKey, number>, other: Map<QuantityKey, number>): number {
  const differences = [...one].map(([key, value]) =>
    value === other.get(key) ? 0 : Math.abs((other.get(key) ?? NaN) / value - 1),
  );
  return Math.max(...differences);
}

type Seen = Record<'id' | 'variant', string> &
  Record<'distance' | 'deviation', number> &
  Record<'clipped' | 'isExact', boolean>;

function seenIn(file: GoldenFile): Seen[] {
  return file.cases.flatMap((golden) => {
    const translated = translate(file, golden);
    if (typeof translated === 'string') return [];
    const { spec, twins } = translated;
    const [base, ...others] = spec.variants;
    if (!base) return [];
    const mine = numbersOf(base, spec.optimizer.row, spec.useDora);
    return twins.flatMap((twin, i): Seen[] => {
      const variant = others[i];
      if (!variant || twin.dev64 === undefined || twin.dev64 === null) return [];
      // Twins whose first steps move apart make up for what no recipe can.
      if (variant.b.early?.length) return [];
      const its = numbersOf(variant, spec.optimizer.row, spec.useDora);
      return [
        {
          id: `${golden.id} ${twin.gauge} k=${twin.k}`,
          variant: twin.variant,
          distance: distance(mine, its),
          deviation: twin.dev64,
          clipped: golden.clip !== null,
          isExact: optimizerRow(spec.optimizer.row)?.exactness === 'exact',
        },
      ];
    });
  });
}

if (!existsSync(SHARED)) console.warn(`left out: there is no ${SHARED}; signatures are held against the fixture alone`);

describe.each(FILES)('in %s', (path) => {
  const seen = seenIn(parseGolden(readFileSync(path, 'utf8'), path));

  it('a signature that is the same is the same run in PyTorch', () => {
    const same = seen.filter((each) => each.isExact && each.distance < 1e-9);
    expect(same.length).toBeGreaterThan(0);
    // torch adds 1e-6 to the norm it clips by.
    expect(same.filter(({ deviation, clipped }) => deviation > (clipped ? 1e-3 : 1e-6))).toEqual([]);
  });

  it('a run that is another in PyTorch has another signature', () => {
    const different = seen.filter(({ deviation }) => deviation > 1e-3);
    expect(different.length).toBeGreaterThan(0);
    expect(different.filter((each) => each.distance < 1e-9)).toEqual([]);
  });
});
