import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { CODE_FILE } from '../../config/init-code/placed';
import { reasonOf, usage } from '../failure';

const run = promisify(execFile);

/** The revision that a change is held against. */
export interface Base {
  commit: string;
  /** The folder of the repository. */
  top: string;
  /** Path in the repository → its path in the base, null if the file is new. Files that did not change are not here. */
  changed: ReadonlyMap<string, string | null>;
}

/** What the repository could start (pager, monitor, diff, filter, the download of a missing blob) does not run. */
async function git(cwd: string, ...args: readonly string[]): Promise<Buffer> {
  const safe = ['--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false', ...args];
  const env = { ...process.env, GIT_NO_LAZY_FETCH: '1', LORA_ALPHA_OFF: '' };
  const { stdout } = await run('git', safe, { cwd, env, encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

/** Options that switch every filter of the configuration off: an empty value is no command, and false. */
async function withoutFilters(top: string): Promise<string[]> {
  const filters = String.raw`^filter\..*\.(clean|process|required)$`;
  const listed = git(top, 'config', '-z', '--name-only', '--get-regexp', filters);
  const keys = await listed.then(fields, (error: { code?: unknown }) => {
    // There are none.
    if (error.code === 1) return [];
    throw error;
  });
  // -c ends a name at its first "=", --config-env (since git 2.31) at the last.
  return keys.flatMap((key) => (key.includes('=') ? [`--config-env=${key}=LORA_ALPHA_OFF`] : ['-c', `${key}=`]));
}

const line = (output: Buffer): string => output.toString().replace(/\r?\n$/, '');
const fields = (output: Buffer): string[] => output.toString().split('\0').slice(0, -1);

/**
 * The base of a change: where it parted from `ref`, as the page of a pull request has it; `ref` itself if they share no
 * known history. The files of the disk count as the change, committed or not.
 * @throws Failure if there is no such revision
 */
export async function baseOf(ref: string, cwd = process.cwd()): Promise<Base> {
  const wrong = (why: string): Error => usage(`--base is "${ref}": ${why}; it must be a revision, such as origin/main`);
  // No name of a revision begins with a dash; git would take it for an option.
  if (ref === '' || ref.startsWith('-')) throw wrong('that is the name of no revision');
  try {
    const top = line(await git(cwd, 'rev-parse', '--show-toplevel'));
    const named = line(await git(cwd, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`));
    const commit = await git(cwd, 'merge-base', named, 'HEAD').then(line, () => named);
    const compared = ['--name-status', '-z', '-M', '--no-ext-diff', '--no-textconv', '--ignore-submodules', commit];
    const changed = new Map<string, string | null>();
    const statuses = fields(await git(top, ...(await withoutFilters(top)), 'diff', ...compared, '--'));
    while (statuses.length > 0) {
      const [status = '', path = ''] = statuses.splice(0, 2);
      if (/^[RC]/.test(status)) changed.set(statuses.shift() ?? '', path);
      // Without its code, a config is another run.
      else if (status !== 'D' || path.endsWith(CODE_FILE)) changed.set(path, status === 'A' ? null : path);
    }
    const untracked = await git(top, 'ls-files', '-z', '--others', '--exclude-standard');
    for (const path of fields(untracked)) changed.set(path, null);
    return { commit, top, changed };
  } catch (error) {
    const { stderr = '', syscall } = error as { stderr?: Buffer | ''; syscall?: string };
    throw wrong(String(stderr).trim() || (syscall ? reasonOf(error) : 'git knows no such revision'));
  }
}

/** A path as the repository has it, with slashes. */
export async function pathIn({ top }: Pick<Base, 'top'>, path: string): Promise<string> {
  return relative(await realpath(top), await realpath(path).catch(() => path))
    .split(sep)
    .join('/');
}

/** The bytes that a file had in the base. */
export const bytesIn = ({ commit, top }: Base, path: string): Promise<Buffer> =>
  // The commit is first, so no path is taken for an option.
  git(top, 'cat-file', 'blob', `${commit}:${path}`);
