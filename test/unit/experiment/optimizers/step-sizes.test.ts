import { describe, expect, it } from 'vitest';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { wasm } from '../../../../src/experiment/backends/wasm';
import type { FactorHyper } from '../../../../src/experiment/spec';
import type { ConstantId } from '../../../../src/recipe/optimizers/constants';
import { referenceOf, type ReferenceCase } from './reference';

/** Fourteen float32 steps against float64: a few units in the last place. */
const ROUNDING = 2e-6;

const { cases, distanceFrom } = referenceOf('step-sizes.json');

describe.each([cpu, wasm])('on $id', (backend) => {
  it.each(cases.map((golden) => [golden.id, golden] as const))('%s is what its package trains', async (_, golden) => {
    expect(await distanceFrom(golden, backend)).toBeLessThan(ROUNDING);
  });
});

describe('a number that is wrong by a tenth shows', () => {
  it.each(cases.flatMap(wrongOnes))('%s', async (_, golden) => {
    expect(await distanceFrom(golden, cpu)).toBeGreaterThan(2 * ROUNDING);
  });
});

/** What plays no part in a case: bounds that are far away, and a start below the lower bound. */
const IDLE: ReadonlySet<string> = new Set([
  'sophia: eps',
  'lamb: trustCap',
  'automagic3: minRate',
  'automagic3-low: lr',
]);

/** The case with each of its numbers off for A and B, one at a time; a switch is turned over. */
function wrongOnes(golden: ReferenceCase): [string, ReferenceCase][] {
  const { id, a, b, options } = golden;
  const times = (name: string, change: (hyper: FactorHyper) => FactorHyper): [string, ReferenceCase] => [
    `${id}: ${name}`,
    { ...golden, a: change(a), b: change(b) },
  ];
  const off = (value: number): number => {
    if (value === 0 || value === 1) return 1 - value;
    return Number.isInteger(value) ? value + 1 : 0.9 * value;
  };
  const wrong = [
    times('lr', (hyper) => ({ ...hyper, lr: 1.1 * hyper.lr })),
    times('decay', (hyper) => ({ ...hyper, weightDecay: 1.1 * hyper.weightDecay })),
    ...(Object.keys(a.constants) as ConstantId[]).map((name) =>
      times(name, ({ constants, ...hyper }) => ({
        ...hyper,
        constants: { ...constants, [name]: 1.1 * (constants[name] ?? 0) },
      })),
    ),
    ...Object.entries(options).map(([name, value]): [string, ReferenceCase] => [
      `${id}: ${name}`,
      { ...golden, options: { ...options, [name]: off(value) } },
    ]),
  ];
  return wrong.filter(([name]) => !IDLE.has(name));
}
