import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optimizersPage } from './optimizers-page';

/** The bundle lies in .cache/. */
const PAGE = join(__dirname, '../docs/optimizers.md');

async function main(args: readonly string[]): Promise<number> {
  const page = await optimizersPage();
  if (!args.includes('--check')) {
    writeFileSync(PAGE, page);
    return 0;
  }
  if (readFileSync(PAGE, 'utf8') === page) return 0;
  process.stderr.write('docs/optimizers.md is out of date: npm run docs\n');
  return 1;
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
