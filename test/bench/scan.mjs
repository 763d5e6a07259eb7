// `node test/bench/scan.mjs [--files N] [--json]`: looks through a workspace of 10,000 files in a real extension host, and
// says how long that took, how long the host was blocked at most, and what it keeps. Also `npm run measure -- --scan`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { openBrowser } from '../../scripts/browser.mjs';
import { ensureBuilt } from '../../scripts/fresh.mjs';
import { ROOT } from '../../scripts/paths.mjs';
import { startServer } from '../../scripts/server.mjs';
import { say } from '../../scripts/shell.mjs';
import { writeWorkspace } from './scan/workspace.mjs';

const BUNDLE = path.join(ROOT, 'out', 'scan.js');

/** @returns what `test/bench/scan/host.ts` measured */
export async function measureScan(files) {
  await ensureBuilt();
  await build({
    entryPoints: [path.join(ROOT, 'test', 'bench', 'scan', 'host.ts')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lora-alpha-scan-'));
  const results = path.join(folder, 'results.json');
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace);
  const written = writeWorkspace(workspace, files);
  say(`${written.files} files, ${written.configs} of them LoRA configs, ${Math.round(written.bytes / 1e6)} MB`);
  const server = await startServer({ forTests: true, env: { LORA_ALPHA_RESULTS: results } });
  const browser = await openBrowser();
  try {
    await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('The measurement did not end within 5 minutes.')), 300_000);
      const open = async () => {
        await browser.page.exposeFunction('codeAutomationLog', () => undefined);
        await browser.page.exposeFunction('codeAutomationExit', () => {
          clearTimeout(limit);
          resolve();
        });
        const payload = [
          ['extensionDevelopmentPath', server.remote(ROOT)],
          ['extensionTestsPath', server.remote(BUNDLE)],
          ['skipWelcome', 'true'],
        ];
        await browser.page.goto(server.url(workspace, payload));
      };
      open().catch(reject);
    });
    return { ...written, vscode: server.vscode, ...JSON.parse(readFileSync(results, 'utf8')) };
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
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
