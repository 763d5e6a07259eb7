import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costsOf } from '../../../scripts/docs/costs';
import { namesSection } from '../../../scripts/docs/names-section';
import { costLine, reasonsSection, rulesSection } from '../../../scripts/docs/optimizers-page';
import { packagesSection } from '../../../scripts/docs/packages-section';
import { trainersPage } from '../../../scripts/docs/trainers-page';
import { verdictPage } from '../../../scripts/docs/verdict-page';
import { optimizerRow } from '../../../src/recipe/optimizers/optimizers';

const DOCS = join(__dirname, '../../../docs');
const page = readFileSync(join(DOCS, 'optimizers.md'), 'utf8');

// `npm run docs` writes the page; `npm run docs -- --check` measures all of it again.
describe('docs/optimizers.md', () => {
  it('has the rule of every row, and its reason, as the table has them', () => {
    expect(page).toContain(rulesSection().join('\n'));
    expect(page).toContain(reasonsSection().join('\n'));
  });

  it('has every name of every trainer, and what was measured on the published packages', () => {
    expect(page).toContain(namesSection().join('\n'));
    const measured = readFileSync(join(DOCS, 'optimizers/measured.json'), 'utf8');
    expect(page).toContain(packagesSection(measured).join('\n'));
  });

  it.each(['sgd', 'adamw', 'adagrad'])('has the measurements of %s as they come out today', async (id) => {
    const row = optimizerRow(id);
    if (!row) throw new Error(`no row ${id}`);
    expect(page.split('\n')).toContain(costLine(row, await costsOf(row)));
  });
});

// `npm run attack -- --save` measures, `npm run docs` writes the page.
describe('the generated pages', () => {
  const docs = (file: string): string => readFileSync(join(DOCS, file), 'utf8');

  it.each([
    ['trainers.md', () => trainersPage(docs('trainers/judged.json'))],
    ['verdict.md', () => verdictPage(docs('verdict/measured.json'))],
  ])('%s is what `npm run docs` makes', async (file, make) => {
    expect(await make()).toBe(docs(file));
  });
});
