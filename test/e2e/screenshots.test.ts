import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { CACHE } from '../../scripts/paths.mjs';
import { LOOKS, SCREENSHOTS, screenshots, STATES } from '../webview-preview/screenshots.mjs';

/** Share of a picture's pixels that may differ: antialiasing does, a moved line or a missing word does not fit in. */
const ALLOWED = 0.002;
const DIFFERENCES = path.join(CACHE, 'screenshots');

/** What differs from the picture that was kept; empty if nothing does. */
function difference(name: string, png: Buffer): string {
  const kept = path.join(SCREENSHOTS, `${name}.png`);
  if (!existsSync(kept)) return `${name}: no picture is kept`;
  const file = readFileSync(kept);
  if (file.equals(png)) return '';
  const [before, now] = [PNG.sync.read(file), PNG.sync.read(png)];
  const { width, height } = now;
  if (before.width !== width || before.height !== height) {
    return `${name}: ${width} × ${height}, kept ${before.width} × ${before.height}`;
  }
  const seen = new PNG({ width, height });
  const share = pixelmatch(before.data, now.data, seen.data, width, height, { threshold: 0.2 }) / (width * height);
  if (share <= ALLOWED) return '';
  mkdirSync(DIFFERENCES, { recursive: true });
  writeFileSync(path.join(DIFFERENCES, `${name}.png`), PNG.sync.write(seen));
  return `${name}: ${(100 * share).toFixed(2)} % of the pixels differ`;
}

it(
  'panel, comparison and table look in every state as in the pictures that are kept, and have no fault that axe finds',
  { timeout: 300_000 },
  async () => {
    const differences: string[] = [];
    let taken = 0;
    for await (const { name, png, faults } of screenshots()) {
      taken++;
      differences.push(...[difference(name, png), ...faults.map((fault) => `${name}: ${fault}`)].filter(Boolean));
    }
    expect(differences).toEqual([]);
    expect(taken).toBe(STATES.length * LOOKS.length);
  },
);
