import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optimizersPage } from '../../../scripts/docs/optimizers-page';
import { optimizerRows } from '../../../src/recipe/optimizers';

const PAGE = join(__dirname, '../../../docs/optimizers.md');

describe('docs/optimizers.md', () => {
  it('is what the table and the experiment say today (npm run docs writes it)', { timeout: 60_000 }, async () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(await optimizersPage());
  });

  it('has a section for every row', () => {
    const page = readFileSync(PAGE, 'utf8');
    for (const { id } of optimizerRows()) expect(page).toMatch(new RegExp(`^### .* \\(\`${id}\`\\)$`, 'm'));
  });
});
