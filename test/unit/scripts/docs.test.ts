import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costsOf } from '../../../scripts/docs/costs';
import { costLine, reasonsSection, rulesSection } from '../../../scripts/docs/optimizers-page';
import { optimizerRow } from '../../../src/recipe/optimizers';

const page = readFileSync(join(__dirname, '../../../docs/optimizers.md'), 'utf8');

// `npm run docs` writes the page; `npm run docs -- --check` measures all of it again.
describe('docs/optimizers.md', () => {
  it('has the rule of every row, and its reason, as the table has them', () => {
    expect(page).toContain(rulesSection().join('\n'));
    expect(page).toContain(reasonsSection().join('\n'));
  });

  it.each(['sgd', 'adamw', 'adagrad'])('has the measurements of %s as they come out today', async (id) => {
    const row = optimizerRow(id);
    if (!row) throw new Error(`no row ${id}`);
    expect(page.split('\n')).toContain(costLine(row, await costsOf(row)));
  });
});
