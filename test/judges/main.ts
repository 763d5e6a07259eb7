import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgedTrainers, judgeTrainer, type Judged } from './engine';

const USAGE = 'node test/judges/run.mjs [trainer…] [--json] [--save] [--python PATH]';

/** What docs/trainers.md is made of. */
const SAVED = 'docs/trainers/judged.json';

interface Options {
  ids: readonly string[];
  json: boolean;
  /** Keep the results for the page of trainers; a judge that was skipped keeps its last one. */
  save: boolean;
  python: string;
}

/** Lets every judge read its trainer's fixtures, and prints what came of it. Ends with 1 where a judge disagrees. */
function main([root = '.', ...args]: readonly string[]): number {
  const options = optionsOf(args);
  const known = judgedTrainers(root);
  const odd = options?.ids.find((id) => !known.includes(id));
  if (!options || odd !== undefined) {
    const why = odd === undefined ? '' : `there is no judge with fixtures for "${odd}", only for ${known.join(', ')}\n`;
    process.stderr.write(`judges: ${why}usage: ${USAGE}\n`);
    return 64;
  }
  const judged = (options.ids.length > 0 ? options.ids : known).map((id) => judgedBy(root, id, options.python));
  if (options.save) save(join(root, SAVED), judged);
  process.stdout.write(options.json ? `${JSON.stringify(judged, null, 2)}\n` : tableOf(judged));
  return judged.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

function save(path: string, judged: readonly Judged[]): void {
  const known = new Map((JSON.parse(readFileSync(path, 'utf8')) as Judged[]).map((one) => [one.trainer, one]));
  for (const one of judged) if (one.skipped === null) known.set(one.trainer, one);
  const all = [...known.values()].toSorted((one, other) => (one.trainer < other.trainer ? -1 : 1));
  const [date] = new Date().toISOString().split('T');
  const shown = all.map((one) => (judged.includes(one) ? { ...one, date } : one));
  writeFileSync(path, `${JSON.stringify(shown, null, 2)}\n`);
}

function judgedBy(root: string, id: string, python: string): Judged {
  const temporary = mkdtempSync(join(tmpdir(), 'lora-alpha-judges-'));
  try {
    return judgeTrainer(root, id, python, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function optionsOf(args: readonly string[]): Options | null {
  const options = { ids: [] as string[], json: false, save: false, python: process.env.LORA_ALPHA_PYTHON ?? 'python3' };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--json') options.json = true;
    else if (arg === '--save') options.save = true;
    else if (arg === '--python' && args[i + 1] !== undefined) options.python = args[++i] ?? '';
    else if (arg.startsWith('-')) return null;
    else options.ids.push(arg);
  }
  return options;
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

process.exitCode = main(process.argv.slice(2));
