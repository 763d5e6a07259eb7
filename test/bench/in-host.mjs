// Runs a program inside the extension host of a real editor, on a workspace, and returns what it wrote into its results.
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { openBrowser } from '../../scripts/browser.mjs';
import { ensureBuilt } from '../../scripts/fresh.mjs';
import { ROOT } from '../../scripts/paths.mjs';
import { startServer } from '../../scripts/server.mjs';
import { removeFolder, say } from '../../scripts/shell.mjs';

const LIMIT_MS = 600_000;

/**
 * @param {string} name of the folder in test/bench whose host.ts is run
 * @param {(workspace: string) => object} write fills the workspace; what it returns is part of the result
 */
export async function runInHost(name, write) {
  await ensureBuilt();
  const bundle = path.join(ROOT, 'out', `${name}.js`);
  await build({
    entryPoints: [path.join(ROOT, 'test', 'bench', name, 'host.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), `lora-alpha-${name}-`));
  const results = path.join(folder, 'results.json');
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace);
  const written = write(workspace);
  const server = await startServer({ forTests: true, env: { LORA_ALPHA_RESULTS: results } });
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
