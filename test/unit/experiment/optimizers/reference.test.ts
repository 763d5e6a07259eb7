import { describe, expect, it } from 'vitest';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { wasm } from '../../../../src/experiment/backends/wasm';
import type { FactorHyper } from '../../../../src/experiment/spec';
import type { ConstantId } from '../../../../src/recipe/optimizers/constants';
import { referenceOf, type ReferenceCase } from './reference';

/** Fourteen float32 steps against float64: a few units in the last place. */
const ROUNDING = { cpu: 2e-6, wasm: 3e-6 };

const { cases: referenceCases, distanceFrom } = referenceOf('reference.json');

describe.each([
  { backend: cpu, least: ROUNDING.cpu },
  { backend: wasm, least: ROUNDING.wasm },
])('on $backend.id', ({ backend, least }) => {
  it.each(referenceCases.map((golden) => [golden.id, golden] as const))(
    '%s is what its package trains',
    async (_, golden) => {
      expect(await distanceFrom(golden, backend)).toBeLessThan(least);
    },
  );
});

describe('a number that is wrong by a percent shows', () => {
  it.each(referenceCases.flatMap(wrongOnes))('%s', async (_, golden) => {
    expect(await distanceFrom(golden, cpu)).toBeGreaterThan(ROUNDING.cpu);
  });
});

/** The case with each of its numbers off, one at a time; a switch is turned over. */
function wrongOnes(golden: ReferenceCase): [string, ReferenceCase][] {
  const { id, b, options } = golden;
  const withB = (name: string, fields: Partial<FactorHyper>): [string, ReferenceCase] => [
    `${id}: ${name} of B`,
    { ...golden, b: { ...b, ...fields } },
  ];
  const constants = Object.entries(b.constants) as [ConstantId, number][];
  return [
    withB('lr', { lr: 1.01 * b.lr }),
    ...(b.weightDecay === 0 ? [] : [withB('decay', { weightDecay: 1.01 * b.weightDecay })]),
    ...constants.map(([name, value]) => withB(name, { constants: { ...b.constants, [name]: 1.01 * value } })),
    // ASGD keeps its averages from t0 on; they do not train.
    ...Object.entries(options)
      .filter(([name]) => name !== 't0')
      .map(([name, value]): [string, ReferenceCase] => [
        `${id}: ${name}`,
        { ...golden, options: { ...options, [name]: value === 0 || value === 1 ? 1 - value : 0.99 * value } },
      ]),
  ];
}
