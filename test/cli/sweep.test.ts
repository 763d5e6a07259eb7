import { describe, expect, it } from 'vitest';
import { runJson } from './support/cli';
import { sweepDocument } from './support/shapes';

describe('sweep', () => {
  it.each(['cpu', 'wasm'])(
    'without a file: six curves equal to the last bit, and the weights too, on %s',
    async (backend) => {
      const { code, document } = await runJson(sweepDocument, ['sweep', '--backend', backend]);
      expect(code).toBe(0);
      expect(document).toMatchObject({ verdict: 'identical', steps: 5, backend, weightDeviation: 0 });
      const curves = document.variants.filter(({ name }) => name.startsWith('alpha-'));
      expect(curves.map(({ name }) => name)).toEqual([0.25, 1, 4, 16, 64, 256].map((alpha) => `alpha-${alpha}`));
      expect(new Set(curves.map(({ loss }) => loss.join())).size).toBe(1);
      expect(new Set(curves[0]?.loss).size).toBe(5);
    },
  );
});
