import { isUtf8 } from 'node:buffer';
import { constants, createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syntaxOf } from '../../config/syntax/parse';
import { CODE_FILE, namesCode } from '../../config/init-code/placed';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from '../../config/trainers/peft/trained-adapter';
import { closest } from '../../recipe/closest';
import { Failure, noConfig, nothing, reasonOf, usage } from '../failure';

/** The name under which a command reads from its standard input. */
export const STDIN = '-';

/** Configs are small; a file beyond this is data. */
const LARGEST = 16 * 1024 * 1024;

export interface ConfigText {
  /** As the user wrote it on the command line; `standard input` for `-`. */
  path: string;
  /** With its byte order mark, if it has one. */
  text: string;
  /** How the bytes became text; the way back is the same, so that every byte that is not edited stays. */
  encoding: 'utf8' | 'utf16le' | 'latin1';
}

/**
 * The text of a file, or of standard input.
 * @throws Failure with a line that says why it cannot be read
 */
export async function readText(path: string): Promise<ConfigText> {
  if (path === STDIN) return decodeText('standard input', await bytesOf(path));
  try {
    const info = await fs.stat(path);
    if (info.isDirectory()) throw usage(`${path}: is a folder; it must be a config file`);
    return decodeText(path, await bytesOf(path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const beside = error.code === 'ENOENT' ? await fs.readdir(dirname(path)).catch(() => []) : [];
    const meant = closest(basename(path), beside);
    const instead = meant === null ? 'it must be a config file' : `did you mean ${join(dirname(path), meant)}?`;
    throw usage(`${path}: cannot be read: ${reasonOf(error)}; ${instead}`);
  }
}

/** A longer file is no adapter's config. */
const LARGEST_NEIGHBOUR = 1024 * 1024;

/** The text of a file that a config names; null where none can be read. A pipe or device there might never end. */
export async function textOfNeighbour(path: string): Promise<string | null> {
  const info = await fs.stat(path).catch(() => null);
  if (!info?.isFile() || info.size > LARGEST_NEIGHBOUR) return null;
  const read = await readText(path).catch(() => null);
  return read && read.text;
}

/** The bytes of a file or of standard input, up to some above the limit. */
async function bytesOf(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (path === STDIN ? process.stdin : createReadStream(path)) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST) break;
  }
  return Buffer.concat(chunks);
}

/**
 * The text of bytes.
 * @throws Failure where loaders would stop at them
 */
export function decodeText(path: string, bytes: Buffer): ConfigText {
  if (bytes.length > LARGEST) {
    throw noConfig(`${path}: is larger than ${LARGEST / 1024 / 1024} MB; a LoRA config is a small text file`);
  }
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0;
  // A zero byte is how git, too, tells binary files from text.
  if (!isUtf16 && bytes.includes(0)) {
    throw noConfig(`${path}: is a binary file; it must be a text file in YAML, JSON or TOML`);
  }
  const encoding = isUtf16 ? 'utf16le' : isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(encoding);
  // A shell takes the bytes of an old encoding one by one; they are written back as they were.
  if (encoding === 'utf8' || /shell$/.test(syntaxOf(path) ?? '')) return { path, text, encoding };
  throw nothing(`${path}: is not UTF-8, at which loaders of Python stop; save it as UTF-8`);
}

/** Whether a file is an adapter's config with the trained weights beside it. */
export async function hasWeights(path: string): Promise<boolean> {
  if (basename(path) !== ADAPTER_CONFIG) return false;
  const real = await fs.realpath(path).catch(() => path);
  const beside = await fs.readdir(dirname(real)).catch(() => []);
  return beside.some((name) => ADAPTER_WEIGHTS.includes(name));
}

/** The code of an earlier plan beside a config that names it. */
export async function codeBeside(path: string, text: string): Promise<string | undefined> {
  return namesCode(text) ? ((await textOfNeighbour(join(dirname(path), CODE_FILE))) ?? undefined) : undefined;
}

/**
 * Replaces the file's content with `text` in one step: a reader sees the old or the new text, never half of it. Mode,
 * owner and symbolic links stay. A file that has changed since it was read is not written.
 * @throws Failure with a line that says why it cannot be written
 */
export async function writeText(
  { path, encoding, text: before }: ConfigText,
  text: string,
  isInPlace = false,
): Promise<void> {
  const write = isInPlace ? overwriteFile : replaceFile;
  await fs
    .access(path, constants.W_OK)
    .then(() => write(path, Buffer.from(text, encoding), Buffer.from(before, encoding)))
    .catch(unwritable(path));
}

/** Writes a file that need not exist yet, such as a report, in one step. */
export async function writeNew(path: string, text: string): Promise<void> {
  await replaceFile(path, Buffer.from(text), null).catch(unwritable(path, '; choose a path in a folder that exists'));
}

/** Makes a folder, and those above it. @throws Failure */
export async function makeFolder(path: string): Promise<void> {
  await fs.mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw usage(`${path}: cannot be made: ${reasonOf(error)}`);
  });
}

function unwritable(path: string, advice = ''): (error: unknown) => never {
  return (error) => {
    throw error instanceof Failure ? error : usage(`${path}: cannot be written: ${reasonOf(error)}${advice}`);
  };
}

/**
 * Refuses a path at which a file stands that is not an earlier one of ours, such as the config itself.
 * @param isOurs whether a text is an earlier one
 * @param what such a file is, and what to do instead
 * @throws Failure
 */
export async function assertNoLoss(path: string, isOurs: (text: string) => boolean, what: string): Promise<void> {
  const info = await fs.stat(path).catch(() => null);
  if (info && !info.isFile()) throw usage(`${path}: is no regular file; choose another path`);
  if (!info || info.size === 0) return;
  const text = await bytesOf(path).catch(() => '');
  if (!isOurs(text.toString())) throw usage(`${path}: exists and is not ${what}`);
}

/** A temporary file older than this was left behind by a process that died. */
const STALE_MS = 10_000;
/** So many characters of a name leave room: with the others they have less than the 255 bytes that Linux allows. */
const LONGEST_NAME = 60;

/**
 * Replaces the content of the file at `path` in one step, and keeps mode, owner and symbolic links.
 * @param before the content that the file must still have; null if the file need not exist yet
 * @throws Failure, or the system's error
 */
async function replaceFile(path: string, content: Buffer, before: Buffer | null): Promise<void> {
  const target = before ? await fs.realpath(path) : await fs.realpath(path).catch(() => path);
  const info = await fs.stat(target).catch(() => null);
  if (info?.isFile() && info.nlink > 1) {
    const instead = before ? '--in-place writes through them; nothing was written' : 'nothing was written';
    throw usage(`${path}: has ${info.nlink} hard links, and replacing it would part them; ${instead}`);
  }
  await place(path, target, target, content, before);
}

/**
 * Writes through the file at `path`: links of both kinds, owner and all attributes stay, but a reader may see half of
 * it. The finished text lies beside it until the file is written, so that nothing is lost if the process dies.
 * @throws Failure, or the system's error
 */
async function overwriteFile(path: string, content: Buffer, before: Buffer): Promise<void> {
  const target = await fs.realpath(path);
  const finished = `${besideOf(target)}-finished`;
  if (await fs.stat(finished).catch(() => null)) {
    const why = 'may have been left half written by an earlier --in-place, so nothing was written';
    throw usage(`${path}: ${why}; ${finished} has the finished text: rename or delete it`);
  }
  await place(path, target, finished, content, before);
  const file = await fs.open(target, 'r+');
  try {
    await file.writeFile(content);
    await file.truncate(content.length);
    await file.sync();
  } catch (error) {
    throw usage(`${path}: may be half written: ${reasonOf(error)}; ${finished} has the finished text`);
  } finally {
    await file.close();
  }
  await fs.rm(finished, { force: true });
}

/** The temporary file beside a file: the same for every process that writes it. */
const besideOf = (target: string): string =>
  join(dirname(target), `.${basename(target).slice(0, LONGEST_NAME)}.lora-alpha`);

/**
 * Puts new content of the file `target` in the place of `to`, in one step, with the mode and owner of `target`. Extended
 * attributes stay on macOS, where they are copied with a file; elsewhere Node has no call for them. The content is first
 * written to a temporary file with a fixed name, so that only one of several writers continues.
 */
async function place(path: string, target: string, to: string, content: Buffer, before: Buffer | null): Promise<void> {
  const refused = (why: string): Failure => usage(`${path}: ${why}`);
  const info = await fs.stat(target).catch(() => null);
  if (info && !info.isFile()) throw refused('is no regular file, so nothing was written');
  const beside = besideOf(target);
  const file = await openAlone(beside, before && process.platform === 'darwin' ? target : null).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      const ended = `if none is writing, one has died: delete ${beside}`;
      throw refused(`is being written by another process, so nothing was written; ${ended}`);
    },
  );
  const { ino } = await file.stat({ bigint: true });
  const isOwn = async (): Promise<boolean> => (await fs.stat(beside, { bigint: true }).catch(() => null))?.ino === ino;
  try {
    // Changing the owner needs privileges; without them the file keeps the current user.
    if (info) await file.chown(info.uid, info.gid).catch(() => undefined);
    if (info) await file.chmod(info.mode);
    await file.writeFile(content);
    await file.sync();
    await file.close();
    if (before && !(await fs.readFile(target)).equals(before)) {
      throw refused('has changed since it was read, so nothing was written; run the command again');
    }
    // A process that was slow to write finds here the temporary file of the one that took it for left behind.
    if (!(await isOwn())) throw refused('is being written by another process; nothing was written');
    await fs.rename(beside, to);
  } catch (error) {
    await file.close().catch(() => undefined);
    if (await isOwn()) await fs.rm(beside, { force: true });
    throw error;
  }
}

/** @param like a file whose copy is opened, empty, for the attributes that a copy keeps; null for none */
async function openAlone(path: string, like: string | null): Promise<fs.FileHandle> {
  const info = await fs.stat(path).catch(() => null);
  if (info && Date.now() - info.mtimeMs > STALE_MS) await fs.rm(path, { force: true });
  if (like === null) return fs.open(path, 'wx');
  await fs.copyFile(like, path, constants.COPYFILE_EXCL);
  return fs.open(path, 'w');
}
