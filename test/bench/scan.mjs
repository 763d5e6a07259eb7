// `node test/bench/scan.mjs [--files N] [--json]`: looks through a workspace of 10,000 files in a real extension host, and
// says how long that took, how long the host was blocked at most, and what it keeps. Also `npm run measure -- --scan`.
import { parseArgs } from 'node:util';
import { say } from '../../scripts/shell.mjs';
import { runInHost } from './in-host.mjs';
import { writeWorkspace } from './scan/workspace.mjs';

/** @returns what `test/bench/scan/host.ts` measured */
export function measureScan(files) {
  return runInHost('scan', (workspace) => {
    const written = writeWorkspace(workspace, files);
    say(`${written.files} files, ${written.configs} of them LoRA configs, ${Math.round(written.bytes / 1e6)} MB`);
    return written;
  });
}

export function scanReport({ files, configs, bytes, vscode, error, runs }) {
  if (error) return error;
  const line = ({ name, ms, blocked, idle, turn, garbage, recipes, heapMb }) =>
    `${name.padEnd(34)} ${ms.toFixed(0).padStart(6)} ms   longest block ${blocked.toFixed(1).padStart(5)} ms   (idle ${idle.toFixed(1)} ms)   longest turn ${turn === null ? '?' : turn.toFixed(1)} ms of processor   garbage ${garbage.toFixed(1)} ms   ${recipes} recipes   heap +${heapMb.toFixed(1)} MB`;
  return [
    `${files} files (${configs} LoRA configs, ${Math.round(bytes / 1e6)} MB) in VS Code ${vscode}`,
    ...runs.map(line),
  ].join('\n');
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { files: { type: 'string', default: '10000' }, json: { type: 'boolean' } } });
  const measured = await measureScan(Number(values.files));
  process.stdout.write(`${values.json ? JSON.stringify(measured, null, 2) : scanReport(measured)}\n`);
  process.exitCode = measured.error ? 1 : 0;
}
