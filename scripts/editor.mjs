// `npm run editor [-- --print]`: opens the sample workspace with the extension in your VS Code, or starts a server for a
// browser if there is none. `--print` always starts the server.
import path from 'node:path';
import { checkNode, ensureBuilt, ensurePackages } from './fresh.mjs';
import { ROOT } from './paths.mjs';
import { run, say, which } from './shell.mjs';

const EXAMPLES = path.join(ROOT, 'examples');

async function inOwnEditor() {
  const code = which('code', 'code-insiders', 'codium');
  if (!code || process.argv.includes('--print')) return false;
  await ensureBuilt();
  try {
    await run(code, ['--new-window', `--extensionDevelopmentPath=${ROOT}`, EXAMPLES]);
  } catch (error) {
    say(`${error.message}\nGoing on without it.`);
    return false;
  }
  say(`Opened ${EXAMPLES} in ${path.basename(code)}. Open a config and click "Check alpha equivalence".`);
  return true;
}

async function inServer() {
  const { ensurePacked } = await import('./package.mjs');
  const { startServer } = await import('./server.mjs');
  const server = await startServer({ vsix: await ensurePacked() });
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  say(`VS Code ${server.vscode} with the extension. Open this address in a browser; Ctrl-C here ends it.`);
  process.stdout.write(`${server.url(EXAMPLES)}\n`);
  await stopped;
  await server.stop();
}

try {
  checkNode();
  await ensurePackages();
  if (!(await inOwnEditor())) await inServer();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
