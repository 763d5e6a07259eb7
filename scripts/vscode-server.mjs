// Puts real VS Code servers into the cache, from npm packages alone: no compiler, no download of an editor.
// `node scripts/vscode-server.mjs [newest|oldest]…` installs them and prints their folders.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CACHE } from './paths.mjs';
import { npm, say } from './shell.mjs';

/**
 * The editors the tests run in. code-server carries VS Code's own server, built; it needs the Node it was built for,
 * which npm has as a package too.
 */
export const EDITORS = {
  newest: {
    vscode: '1.139.1',
    codeServer: '4.139.1',
    node: 24,
    watchdog: '@vscode/native-watchdog',
    // It brings ripgrep for every platform.
    ripgrep: null,
  },
  oldest: {
    vscode: '1.100.3',
    codeServer: '4.100.3',
    node: 20,
    watchdog: 'native-watchdog',
    // Its own ripgrep package downloads the binary when it is installed; a later one ships it.
    ripgrep: '1.18.0',
  },
};

/**
 * Installs an editor, unless it is there.
 * Two installs at once are safe: each works in a folder of its own and the first to end gives it its name.
 * @param {keyof typeof EDITORS} which
 * @returns {Promise<{node: string, main: string, vscode: string}>} the Node to run, the server's script, the VS Code version
 */
export async function vscodeServer(which) {
  const editor = EDITORS[which];
  if (!editor) throw new Error(`There is no editor called ${which}; there are ${Object.keys(EDITORS).join(' and ')}.`);
  const home = path.join(CACHE, `vscode-${editor.vscode}`);
  if (!existsSync(home)) {
    say(`Installing VS Code ${editor.vscode} (the server, from npm) …`);
    mkdirSync(CACHE, { recursive: true });
    removeLeftovers();
    const building = path.join(CACHE, `installing-${process.pid}-${editor.vscode}`);
    try {
      await install(editor, building);
      moveIntoPlace(building, home);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  return {
    node: nodeFor(editor, home),
    main: path.join(vscodeFolder(home), 'out', 'server-main.js'),
    vscode: editor.vscode,
  };
}

async function install(editor, home) {
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{"private":true}');
  const packages = [`code-server@${editor.codeServer}`];
  if (editor.ripgrep) packages.push(`@vscode/ripgrep@${editor.ripgrep}`);
  if (!ownNodeFits(editor)) packages.push(`${nodePackage()}@${editor.node}`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'];
  await npm(['install', ...quiet, '--no-save', ...packages], { cwd: home });
  const vscode = vscodeFolder(home);
  await npm(['ci', ...quiet, '--omit=dev', '--legacy-peer-deps'], { cwd: vscode });

  const asar = path.join(vscode, 'node_modules.asar');
  if (!existsSync(asar)) symlinkSync('node_modules', asar);
  const stub = (name, module) =>
    copyFileSync(
      path.join(import.meta.dirname, 'server-stubs', name),
      path.join(vscode, 'node_modules', module, 'index.js'),
    );
  stub('spdlog.cjs', '@vscode/spdlog');
  stub('watchdog.cjs', editor.watchdog);
  if (editor.ripgrep) copyRipgrep(home, vscode);
}

function copyRipgrep(home, vscode) {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const from = path.join(home, 'node_modules', '@vscode', `ripgrep-${process.platform}-${process.arch}`, 'bin', name);
  const bin = path.join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(from, path.join(bin, name));
  chmodSync(path.join(bin, name), 0o755);
}

function moveIntoPlace(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    // Somebody else was quicker; theirs is as good.
    if (!existsSync(to)) throw error;
  }
}

/** Folders of installs that were broken off. */
function removeLeftovers() {
  for (const name of readdirSync(CACHE)) {
    const pid = /^installing-(\d+)-/.exec(name)?.[1];
    if (pid && !alive(Number(pid))) rmSync(path.join(CACHE, name), { recursive: true, force: true });
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const vscodeFolder = (home) => path.join(home, 'node_modules', 'code-server', 'lib', 'vscode');

const ownNodeFits = (editor) => Number(process.versions.node.split('.')[0]) === editor.node;

const nodePackage = () => `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

function nodeFor(editor, home) {
  const packaged = path.join(
    home,
    'node_modules',
    nodePackage(),
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(packaged)) return packaged;
  if (ownNodeFits(editor)) return process.execPath;
  throw new Error(
    `VS Code ${editor.vscode} needs Node ${editor.node}: remove ${home} and start again, and it is installed with it.`,
  );
}

if (import.meta.filename === process.argv[1]) {
  const wanted = process.argv.slice(2);
  for (const which of wanted.length > 0 ? wanted : Object.keys(EDITORS)) {
    const { node, main } = await vscodeServer(which);
    process.stdout.write(`${which}: ${node} ${main}\n`);
  }
}
