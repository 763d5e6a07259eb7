// `npm run measure -- --open [--json]`: opens hostile and long files in a real editor, and says for how long each blocked
// the extension host at most.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runInHost } from './in-host.mjs';
import { INPUTS, withoutHints } from './open/inputs.mjs';

/** @returns what `test/bench/open/host.ts` measured, with what each file holds */
export function measureOpen() {
  const names = INPUTS.map(([, ending], i) => `${String(i).padStart(2, '0')}.${ending}`);
  return runInHost('open', (workspace) => {
    INPUTS.forEach(([, ending, text], i) => {
      writeFileSync(path.join(workspace, names[i]), text);
      writeFileSync(path.join(workspace, `foreign-${names[i]}`), withoutHints(text));
      // A short text of each kind, with which everything is loaded.
      if (ending !== 'ipynb') writeFileSync(path.join(workspace, `small.${ending}`), text.slice(-2000));
    });
    return { inputs: INPUTS.map(([what, , text], i) => ({ file: names[i], what, size: text.length })) };
  });
}

export function openReport({ inputs, vscode, error, runs }) {
  if (error) return error;
  const cell = ({ blocked, turn }) =>
    `${blocked.toFixed(0).padStart(6)} ms ${(turn === null ? '?' : turn.toFixed(0)).padStart(6)} ms`;
  return [
    `Longest block of the extension host, in VS Code ${vscode}: by the clock, and in processor time of its thread`,
    `${''.padEnd(44)}  ${'as a config'.padStart(19)}   ${'as any other text'.padStart(19)}   lenses`,
    ...inputs.map(({ file, what, size }) => {
      const run = runs.find((each) => each.file === file);
      const head = `${`${what}, .${file.split('.').at(-1)}`.padEnd(34)} ${`${Math.round(size / 1000)} kB`.padStart(8)}`;
      return run
        ? `${head}  ${cell(run.opened)}   ${cell(run.foreign)}   ${String(run.lenses).padStart(5)}`
        : `${head}  not measured`;
    }),
  ].join('\n');
}
