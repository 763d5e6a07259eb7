import { join } from 'node:path';
import { layer, OPTIMIZERS, SIZES, sweepOfMany, sweepProcess, sweepWarm, type Bench, type Row } from './rows';
import { transformer } from './transformer';
import { twoWorkers } from './two-workers';
import { findPython, HOW_TO_GET_TORCH, startTorch } from './torch';

/** Compares our training speed with PyTorch's in the same minutes: `npm run bench [-- --json]`. */

// What is shipped, built for this, and the scripts for PyTorch.
const [shipped = '', scripts = '', ...flags] = process.argv.slice(2);
const json = flags.includes('--json');

/** Width from which a layer is worth two workers. */
const WORTH_TWO = 256;

async function rows(bench: Bench, report: (row: Row) => void): Promise<void> {
  report(await sweepProcess(bench));
  report(await sweepWarm(bench));
  report(await sweepOfMany(bench));
  for (const [size, goal] of SIZES) {
    for (const optimizer of OPTIMIZERS) {
      const one = await layer(bench, size, optimizer, goal);
      report(one);
      if (size[1] >= WORTH_TWO) report(await twoWorkers(bench, size, optimizer, one));
    }
  }
  report(await transformer(bench));
}

function text({ name, ours, torch, ratio, goal }: Row): string {
  const figure = (value: number): string => (value >= 100 ? Math.round(value).toString() : value.toPrecision(3));
  const met = ratio === null ? '' : ratio >= goal ? 'met' : 'not met';
  const columns = [figure(ours), torch === null ? '-' : figure(torch), ratio === null ? '-' : ratio.toFixed(2)];
  return `${name.padEnd(52)}${columns.map((column) => column.padStart(10)).join('')}${goal.toFixed(1).padStart(8)}  ${met}\n`;
}

async function main(): Promise<void> {
  const python = findPython(__dirname);
  const torch = python && startTorch(python, join(scripts, 'serve.py'));
  const said = json ? process.stderr : process.stdout;
  if (python) said.write(`PyTorch ${python.version} (${python.command})\n`);
  else process.stderr.write(HOW_TO_GET_TORCH);
  const notes: string[] = [];
  const all: Row[] = [];
  const note = (text: string): void => void notes.push(text);
  const bench: Bench = { assets: shipped, cli: join(shipped, 'cli.js'), scripts, python, torch, note };
  const heads = ['ours', 'torch', 'ratio'].map((head) => head.padStart(10)).join('');
  said.write(`${''.padEnd(52)}${heads}${'goal'.padStart(8)}\n`);
  try {
    await rows(bench, (row) => {
      all.push(row);
      said.write(text(row));
    });
  } finally {
    torch?.end();
  }
  said.write(notes.map((text) => `\n${text}`).join('') + '\n');
  if (json) process.stdout.write(`${JSON.stringify({ rows: all }, null, 2)}\n`);
}

void main();
