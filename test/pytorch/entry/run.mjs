// Starts trainers by their own entry points, on tiny models: `node test/pytorch/entry/run.mjs [trainer…] [--python
// PATH]`.
import { parseArgs } from 'node:util';
import { say } from '../../../scripts/shell.mjs';
import { counted } from '../counts.mjs';
import { judge } from '../suite.mjs';

const TRAINERS = ['axolotl', 'litgpt', 'llamafactory', 'mlx_lm', 'ms_swift', 'torchtune'];
const { values, positionals } = parseArgs({ allowPositionals: true, options: { python: { type: 'string' } } });
const entries = positionals.length > 0 ? positionals : TRAINERS;
const { outcomes } = await judge({ entries, python: values.python });
for (const [what, { length }] of Object.entries(counted(outcomes))) say(`${String(length).padStart(5)} ${what}`);
process.exitCode = outcomes.some(({ failed }) => failed) ? 1 : 0;
