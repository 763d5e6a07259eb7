// What `npm run measure -- --open` and `--scan` measure inside the extension host of a real editor (host.ts).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { openBrowser } from '../../../scripts/browser.mjs';
import { ensureBuilt } from '../../../scripts/fresh.mjs';
import { ROOT } from '../../../scripts/paths.mjs';
import { startServer } from '../../../scripts/server.mjs';
import { removeFolder, say } from '../../../scripts/shell.mjs';
import { INPUTS, withoutHints } from './inputs.mjs';
import { writeWorkspace } from './workspace.mjs';

const LIMIT_MS = 600_000;

/**
 * @param {'open' | 'scan'} what host.ts measures
 * @param {(workspace: string) => object} write fills the workspace; what it returns is part of the result
 */
async function runInHost(what, write) {
  await ensureBuilt();
  const bundle = path.join(ROOT, 'out', 'bench-host.js');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'host.ts')],
    outfile: bundle,
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] },
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), `lora-alpha-${what}-`));
  const [results, workspace] = [path.join(folder, 'results.json'), path.join(folder, 'workspace')];
  mkdirSync(workspace);
  const written = write(workspace);
  const env = { LORA_ALPHA_RESULTS: results, LORA_ALPHA_MEASURE: what };
  const server = await startServer({ forTests: true, env });
  const browser = await openBrowser();
  try {
    await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('The measurement did not end within 10 minutes.')), LIMIT_MS);
      const open = async () => {
        await browser.page.exposeFunction('codeAutomationLog', () => undefined);
        await browser.page.exposeFunction('codeAutomationExit', () => {
          clearTimeout(limit);
          resolve();
        });
        const payload = [
          ['extensionDevelopmentPath', server.remote(ROOT)],
          ['extensionTestsPath', server.remote(bundle)],
          ['skipWelcome', 'true'],
        ];
        await browser.page.goto(server.url(workspace, payload));
      };
      open().catch(reject);
    });
  } catch (error) {
    // What was measured until then is worth something.
    if (!existsSync(results)) throw error;
    say(error.message);
  } finally {
    await browser.close();
    await server.stop();
  }
  const measured = JSON.parse(readFileSync(results, 'utf8'));
  await removeFolder(folder);
  return { ...written, vscode: server.vscode, ...measured };
}

/** Opens hostile and long files: for how long each blocks the extension host at most. */
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

const ms = (value) => (value === null ? '?' : value.toFixed(0)).padStart(6);

export function openReport({ inputs, vscode, error, runs }) {
  if (error) return error;
  const cell = ({ blocked, turn }) => `${ms(blocked)} ms ${ms(turn)} ms`;
  return [
    `Longest block of the extension host, in VS Code ${vscode}: by the clock, and in processor time of its thread`,
    `${''.padEnd(44)}  ${'as a config'.padStart(19)}   ${'as any other text'.padStart(19)}   lenses`,
    ...inputs.map(({ file, what, size }) => {
      const run = runs.find((each) => each.file === file);
      const head = `${`${what}, .${file.split('.').at(-1)}`.padEnd(34)} ${`${Math.round(size / 1000)} kB`.padStart(8)}`;
      if (!run) return `${head}  not measured`;
      return `${head}  ${cell(run.opened)}   ${cell(run.foreign)}   ${String(run.lenses).padStart(5)}`;
    }),
  ].join('\n');
}

/** Looks through a workspace of many files: how long that takes, for how long it blocks the host, what it keeps. */
export function measureScan(files) {
  return runInHost('scan', (workspace) => {
    const written = writeWorkspace(workspace, files);
    say(`${written.files} files, ${written.configs} of them LoRA configs, ${Math.round(written.bytes / 1e6)} MB`);
    return written;
  });
}

export function scanReport({ files, configs, bytes, vscode, error, runs }) {
  if (error) return error;
  const line = ({ name, ms: all, blocked, idle, turn, recipes, heapMb }) =>
    `${name.padEnd(34)} ${ms(all)} ms   longest block ${ms(blocked)} ms (idle ${ms(idle)} ms)   longest turn ${ms(turn)} ms of processor   ${recipes} recipes   heap +${heapMb.toFixed(1)} MB`;
  const head = `${files} files (${configs} LoRA configs, ${Math.round(bytes / 1e6)} MB) in VS Code ${vscode}`;
  return [head, ...runs.map(line)].join('\n');
}
