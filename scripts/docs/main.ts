import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOutputs } from './console';
import { enginesPage } from './engines-page';
import { optimizersPage } from './optimizers-page';
import { trainersPage } from './trainers-page';
import { verdictPage } from './verdict-page';

/** The bundle is in .cache/, so the root is one folder up. */
const ROOT = join(__dirname, '..');

/** Page → what it should say. */
const PAGES: Readonly<Record<string, (now: string) => string | Promise<string>>> = {
  'docs/worked-examples.md': (now) => withOutputs(now, terminal),
  'docs/signature.md': (now) => withOutputs(now, terminal),
  'docs/engines.md': () => enginesPage(),
  'docs/optimizers.md': () => optimizersPage(readFileSync(join(ROOT, 'docs/optimizers/measured.json'), 'utf8')),
  'docs/trainers.md': () => trainersPage(readFileSync(join(ROOT, 'docs/trainers/judged.json'), 'utf8')),
  'docs/verdict.md': () => verdictPage(readFileSync(join(ROOT, 'docs/verdict/measured.json'), 'utf8')),
};

async function main(args: readonly string[]): Promise<number> {
  let late = 0;
  for (const [path, make] of Object.entries(PAGES)) {
    const now = readFileSync(join(ROOT, path), 'utf8');
    const page = await make(now);
    if (now === page) continue;
    if (args.includes('--check')) {
      process.stderr.write(`${path} is out of date: npm run docs\n`);
      late++;
    } else {
      writeFileSync(join(ROOT, path), page);
    }
  }
  return late === 0 ? 0 : 1;
}

/** What the built terminal prints, run from the project's folder. */
function terminal(args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: ROOT, encoding: 'utf8' });
  if (stderr) throw new Error(stderr);
  return stdout;
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
