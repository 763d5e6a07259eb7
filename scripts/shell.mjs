// Small helpers around child processes, ports and waiting. Node's own modules only.
import { spawn } from 'node:child_process';
import { accessSync, constants, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** One line of progress, on stderr so that stdout stays for results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a command to its end.
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean}} [options] `show` lets its output
 *   through; otherwise it is kept, and its end becomes part of the error
 * @returns {Promise<string>} what it wrote (empty with `show`)
 */
export function run(command, args, { cwd, env = process.env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const tail = output.trim().split('\n').slice(-15).join('\n');
      const how = signal ? `was ended by ${signal}` : `failed with status ${code}`;
      reject(new Error(`${[command, ...args].join(' ')} ${how}${tail ? `:\n${tail}` : ''}`));
    });
  });
}

/** Runs npm, which on Windows is a script that needs a shell's help. */
export function npm(args, options) {
  return process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args], options) : run('npm', args, options);
}

/** The first of these programs that stands on the PATH, or null. */
export function which(...names) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const found = endings.map((ending) => path.join(folder, name + ending)).find(runnable);
      if (found) return found;
    }
  }
  return null;
}

export function runnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A TCP port nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Asks again until `condition` returns something truthy, and returns it. Throws when `ms` are over. */
export async function until(condition, what, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Waited ${ms / 1000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What a folder says that somebody still writes into, or that Windows still holds. */
const STILL_IN_USE = new Set(['ENOTEMPTY', 'EBUSY', 'EPERM']);

/**
 * Removes a folder that a process which is ending may still write into: all of it again, as often as it takes. Node's own
 * `maxRetries` only asks again for the folder itself, which the new file keeps from going.
 */
export async function removeFolder(folder) {
  let last;
  const gone = () => {
    try {
      rmSync(folder, { recursive: true, force: true });
      return true;
    } catch (error) {
      if (!STILL_IN_USE.has(error.code)) throw error;
      last = error;
      return false;
    }
  };
  await until(gone, `whoever writes into ${folder} to end`).catch((error) => {
    throw last ?? error;
  });
}
