// Starts and stops a VS Code server with a fresh profile.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installInto, NO_GALLERY } from './installed.mjs';
import { freePort, removeFolder, until } from './shell.mjs';
import { vscodeServer } from './vscode-server.mjs';

/** Quiet: nothing that asks, updates or reports. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  // A terminal that draws with WebGL, on a processor, takes as much of it as what it shows.
  'terminal.integrated.gpuAcceleration': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'files.autoSave': 'off',
  // Otherwise an untrusted folder asks before it shows anything.
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** How long a server may take to end when it is asked to. */
const PATIENCE_MS = 10_000;

/**
 * @typedef {object} Server
 * @property {string} folder of the server: profile, log, and room for a workspace; removed by `stop`
 * @property {number} port it listens on
 * @property {string} vscode version of the editor
 * @property {(workspace: string, payload?: [string, string][]) => string} url address of a workbench on that folder, or on a `.code-workspace` file
 * @property {(file: string) => string} remote a file as the workbench's payload names it
 * @property {(settings: object) => void} set settings on top of those it was started with; the editor takes them at once
 * @property {() => string} log what the server wrote
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} [options]
 * @param {'newest'|'oldest'} [options.editor]
 * @param {Record<string, unknown>} [options.settings]
 * @param {string | null} [options.vsix] extension to install
 * @param {boolean} [options.trust] whether every folder is trusted; otherwise the workspace is restricted
 * @param {boolean} [options.forTests] lets an address name extensions and tests to load; also keeps back every notification
 * @param {Record<string, string>} [options.env] of the server and its extension host
 * @returns {Promise<Server>}
 */
export async function startServer({
  editor = 'newest',
  settings = {},
  vsix = null,
  trust = true,
  forTests = false,
  env = {},
} = {}) {
  const { node, main, vscode } = await vscodeServer(editor);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lora-alpha-editor-'));
  const profile = ['--extensions-dir', path.join(folder, 'extensions')];
  profile.push('--server-data-dir', path.join(folder, 'server'), '--user-data-dir', path.join(folder, 'data'));
  const environment = { ...process.env, ...NO_GALLERY, ...env };
  if (vsix) await installInto(path.join(folder, 'extensions'), vsix, { node, main, vscode });

  const port = await freePort();
  const server = serverAt({ folder, port, vscode, settings });
  // The user's settings are read once. Those of the machine are followed, and rule where a setting belongs to a machine.
  writeSettings(folder, 'User', { ...SETTINGS, ...settings });
  server.set({});

  const flags = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  flags.push('--accept-server-license-terms', '--telemetry-level', 'off');
  if (forTests) flags.push('--enable-smoke-test-driver');
  if (trust) flags.push('--disable-workspace-trust');
  const out = openSync(logOf(folder), 'w');
  const child = spawn(node, [main, ...flags, ...profile], { env: environment, stdio: ['ignore', out, out] });
  closeSync(out);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const running = () => child.exitCode === null && child.signalCode === null;
  const onExit = () => child.kill();
  process.once('exit', onExit);

  const stop = async () => {
    process.off('exit', onExit);
    child.kill();
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(late);
    await removeFolder(folder);
  };
  try {
    await until(() => {
      if (!running()) throw new Error(`The VS Code server ended while it was starting:\n${server.log()}`);
      return answers(`${originOf(port)}/version`);
    }, 'the VS Code server to answer');
  } catch (error) {
    await stop();
    throw error;
  }

  return { ...server, stop };
}

/**
 * A server that runs, maybe started by another process.
 * @param {{folder: string, port: number, vscode: string, settings?: Record<string, unknown>}} server
 * @returns {Omit<Server, 'stop'>}
 */
export function serverAt({ folder, port, vscode, settings = {} }) {
  let again;
  return {
    folder,
    port,
    vscode,
    url: (workspace, payload = []) => {
      const more = payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : '';
      const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
      return `${originOf(port)}/?${kind}=${encodeURI(workspace)}${more}`;
    },
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    set: (more) => {
      clearTimeout(again);
      const say = () => writeSettings(folder, 'Machine', { ...settings, ...more });
      say();
      // A watcher that is busy with an earlier change can miss this one.
      again = setTimeout(() => existsSync(folder) && say(), 1500).unref();
    },
    log: () => readFileSync(logOf(folder), 'utf8'),
  };
}

const originOf = (port) => `http://127.0.0.1:${port}`;

const logOf = (folder) => path.join(folder, 'server.log');

function writeSettings(folder, whose, values) {
  mkdirSync(path.join(folder, 'data', whose), { recursive: true });
  writeFileSync(path.join(folder, 'data', whose, 'settings.json'), JSON.stringify(values));
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
