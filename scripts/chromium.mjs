// Finds Chromium for tests and pictures, or installs Debian's package if that is allowed.
import { existsSync } from 'node:fs';
import { run, runnable, say, which } from './shell.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** @returns {Promise<string>} path of a Chromium or Chrome; `CHROME_PATH` decides, where it is set */
export async function chromiumPath() {
  const told = process.env.CHROME_PATH;
  if (told) {
    if (runnable(told)) return told;
    throw new Error(`CHROME_PATH is ${told}, which is not a program that can be run.`);
  }
  return find() ?? (await install());
}

const find = () => which(...NAMES) ?? PLACES.find(runnable) ?? null;

async function install() {
  const advice = 'No Chromium or Chrome was found: install one, or set CHROME_PATH to its program.';
  const apt = which('apt-get');
  if (!apt || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Error(advice);
  say('Installing Chromium with apt …');
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run(apt, [...wait, 'update'], { env });
    await run(apt, [...wait, 'install', '-y', '--no-install-recommends', 'chromium'], { env });
  } catch (error) {
    throw new Error(`${advice} apt could not do it: ${error.message}`, { cause: error });
  }
  const found = find();
  if (!found) throw new Error(advice);
  return found;
}
