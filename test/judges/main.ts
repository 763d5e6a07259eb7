import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgedTrainers, judgeTrainers, type Judged } from './engine';
import { PYTHON, startForks } from './python';

const USAGE = 'node test/judges/run.mjs [trainer…] [--json] [--save] [--python PATH]';

/** What docs/trainers.md is made of. */
const SAVED = 'docs/trainers/judged.json';

const OPTIONS = {
  json: { type: 'boolean', default: false },
  /** Keep the results for the page of trainers; a judge that was skipped keeps its last one. */
  save: { type: 'boolean', default: false },
  python: { type: 'string', default: PYTHON },
} as const;

/** Lets every judge read its trainer's fixtures, and prints what came of it. Ends with 1 where a judge disagrees. */
async function main([root = '.', ...args]: readonly string[]): Promise<number> {
  try {
    const { values, positionals: ids } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const known = judgedTrainers(root);
    const odd = ids.find((id) => !known.includes(id));
    if (odd !== undefined)
      throw new Error(`there is no judge with fixtures for "${odd}", only for ${known.join(', ')}`);
    const judged = await judgedBy(root, ids.length > 0 ? ids : known, values.python);
    if (values.save) save(join(root, SAVED), judged);
    process.stdout.write(values.json ? `${JSON.stringify(judged, null, 2)}\n` : tableOf(judged));
    return judged.some(({ failed }) => failed.length > 0) ? 1 : 0;
  } catch (error) {
    process.stderr.write(`judges: ${String(error)}\nusage: ${USAGE}\n`);
    return 64;
  }
}

function save(path: string, judged: readonly Judged[]): void {
  const known = new Map((JSON.parse(readFileSync(path, 'utf8')) as Judged[]).map((one) => [one.trainer, one]));
  for (const one of judged) if (one.skipped === null) known.set(one.trainer, one);
  const all = [...known.values()].toSorted((one, other) => (one.trainer < other.trainer ? -1 : 1));
  const [date] = new Date().toISOString().split('T');
  const shown = all.map((one) => (judged.includes(one) ? { ...one, date } : one));
  writeFileSync(path, `${JSON.stringify(shown, null, 2)}\n`);
}

async function judgedBy(root: string, ids: readonly string[], python: string): Promise<Judged[]> {
  const end = await startForks(root, python);
  const temporary = mkdtempSync(join(tmpdir(), 'lora-alpha-judges-'));
  try {
    return await judgeTrainers(root, ids, temporary);
  } finally {
    end();
    rmSync(temporary, { recursive: true, force: true });
  }
}

function tableOf(judged: readonly Judged[]): string {
  const lines = judged.flatMap(({ trainer, skipped, passed, failed, refused }) => {
    const counts =
      skipped === null ? `${passed} passed, ${failed.length} failed, ${refused.length} refused` : 'skipped';
    const codes = [...new Set(refused.map((text) => text.split(': ').at(-1)))].join(', ');
    const why = skipped ?? codes;
    return [
      `${trainer.padEnd(16)}  ${counts}${why === '' ? '' : `  (${why})`}`,
      ...failed.map((fault) => `  ${fault}`),
    ];
  });
  const sum = (count: (one: Judged) => number): number => judged.reduce((total, one) => total + count(one), 0);
  const skipped = judged.filter((one) => one.skipped !== null).length;
  const total = `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed.length)} failed; ${skipped} judges without their package`;
  return `${[...lines, total].join('\n')}\n`;
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
