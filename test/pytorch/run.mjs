// The real libraries as judges: `npm run test:pytorch -- [words] [--quick] [--python PATH] [--jobs N] [--save]`. With
// `--entry TRAINER`, once or several times: that trainer, started by its own entry point on a tiny model. `--entry switches`:
// every switch of every optimizer.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../scripts/paths.mjs';
import { say } from '../../scripts/shell.mjs';
import { counted } from './counts.mjs';
import { page } from './page.mjs';
import { judge } from './suite.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ quick: { type: 'boolean' }, save: { type: 'boolean' }, python: { type: 'string' }, jobs: { type: 'string' } },
    entry: { type: 'string', multiple: true },
  },
});
const { quick, python, save, jobs = '1', entry: entries } = values;
const { outcomes, versions } = await judge({ words: positionals, quick, python, jobs: Number(jobs), entries });
for (const [what, { length }] of Object.entries(counted(outcomes))) say(`${String(length).padStart(5)} ${what}`);
const file = path.join(ROOT, 'docs', 'real-libraries.md');
if (save) writeFileSync(file, page(readFileSync(file, 'utf8'), outcomes, versions));
process.exitCode = outcomes.some(({ failed }) => failed) ? 1 : 0;
