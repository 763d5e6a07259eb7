import { describe, expect, it } from 'vitest';
import { rateAt } from '../../../../src/experiment/training/schedule';

const rates = (kind: 'constant' | 'linear' | 'cosine', warmupSteps: number, steps: number): number[] =>
  Array.from({ length: steps }, (_, i) => Number(rateAt({ kind, warmupSteps }, i + 1, steps).toFixed(4)));

describe('rateAt', () => {
  it('climbs, then stays', () => expect(rates('constant', 2, 5)).toEqual([0.5, 1, 1, 1, 1]));
  it('climbs, then falls along a line', () => expect(rates('linear', 2, 6)).toEqual([0.5, 1, 0.75, 0.5, 0.25, 0]));
  it('falls along half a cosine', () => expect(rates('cosine', 0, 4)).toEqual([0.8536, 0.5, 0.1464, 0]));
  it('is a number for a warm-up as long as the run', () => expect(rates('linear', 3, 3)).toEqual([0.3333, 0.6667, 1]));
});
