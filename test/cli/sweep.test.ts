import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, runJson, workspace } from './support/cli';
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

  it('takes many alphas, in a row, on several seeds, and keeps to 80 columns', async () => {
    const cwd = await workspace();
    const args = ['sweep', 'axolotl.yml', '--alphas', '1..64', '--steps', '20', '--seed', '3', '--seeds', '2'];
    const { code, stdout } = await run([...args, '--report', 'out.html'], { cwd });
    expect(code).toBe(0);
    expect(stdout.match(/^alpha \d+ /gm)).toHaveLength(64);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    const html = await readFile(join(cwd, 'out.html'), 'utf8');
    expect(html.match(/>alpha \d+<\/text>/g)?.length).toBeLessThan(20);
  });

  it('sweeps a config over alphas of one’s own', async () => {
    const args = ['sweep', 'axolotl.yml', '--alphas', '4,48', '--steps', '50'];
    const { code, document } = await runJson(sweepDocument, args);
    expect(code).toBe(0);
    expect(document).toMatchObject({ verdict: 'equivalent', steps: 50 });
    const deviation = (name: string) => document.variants.find((each) => each.name === name)?.maxDeviation;
    expect(deviation('alpha-4')).toBe(0);
    expect(deviation('alpha-48')).toBeGreaterThan(0);
  });
});
