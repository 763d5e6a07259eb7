import { join } from 'node:path';
import * as measure from './rows';
import { transformer } from './transformer';
import { findPython, HOW_TO_GET_TORCH, startTorch } from './torch';

/** Compares our training speed with PyTorch's in the same minutes: `npm run bench [-- --json]`. */

// What is shipped, built for this, and the scripts for PyTorch.
const [shipped = '', scripts = '', ...flags] = process.argv.slice(2);
const json = flags.includes('--json');

/** Width from which a layer is worth two workers. */
const WORTH_TWO = 256;

async function rows(bench: measure.Bench, report: (row: measure.Row) => void): Promise<void> {
  report(await measure.sweepProcess(bench));
  report(await measure.sweepWarm(bench));
  report(await measure.sweepOfMany(bench));
  for (const [size, goal] of measure.SIZES) {
    for (const optimizer of measure.OPTIMIZERS) {
      const one = await measure.layer(bench, size, optimizer, goal);
      report(one);
      if (size[1] >= WORTH_TWO) report(await measure.twoWorkers(bench, size, optimizer, one));
    }
  }
  report(await transformer(bench));
}

function text({ name, ours, torch, ratio, goal }: measure.Row): string {
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
  const all: measure.Row[] = [];
  const note = (text: string): void => void notes.push(text);
  const bench: measure.Bench = { assets: shipped, cli: join(shipped, 'cli.js'), scripts, python, torch, note };
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
