import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, type FileHandle, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from '../../config/trainers/peft/trained-adapter';
import { type Failure, nothing, reasonOf, usage } from '../failure';

/** The name under which a command reads from its standard input. */
export const STDIN = '-';

/** Configs are small; a file beyond this is data. */
const LARGEST = 16 * 1024 * 1024;

/** What {@link assertNoLoss} says of a report. */
const REPORT = 'a report of LoRA Alpha; choose another path, or overwrite it with --force';

/** How the bytes became text; the way back is the same, so that every byte that is not edited stays. */
type Encoding = 'utf8' | 'utf16le' | 'latin1';

export interface ConfigText {
  /** As the user wrote it on the command line; `standard input` for `-`. */
  path: string;
  /** With its byte order mark, if it has one. */
  text: string;
  encoding: Encoding;
}

/**
 * The text of a file, or of standard input.
 * @throws Failure with a line that says why it cannot be read
 */
export async function readText(path: string): Promise<ConfigText> {
  if (path === STDIN) return decode('standard input', await atMost(process.stdin, LARGEST + 1));
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw usage(`${path}: is a folder; it must be a config file`);
    if (info.size > LARGEST) throw tooLarge(path);
    // A device has no size: one byte above the limit is enough to know.
    return decode(path, await buffer(createReadStream(path, { end: LARGEST })));
  } catch (error) {
    throw readable(path, error);
  }
}

/** Whether a file is an adapter's config with the trained weights beside it. */
export async function hasWeights(path: string): Promise<boolean> {
  if (basename(path) !== ADAPTER_CONFIG) return false;
  const beside = await readdir(dirname(await realpath(path))).catch(() => []);
  return beside.some((name) => ADAPTER_WEIGHTS.includes(name));
}

/**
 * Replaces the file's content with `text` in one step: a reader sees the old or the new text, never half of it. Mode,
 * owner and symbolic links stay. A file that has changed since it was read is not written.
 * @throws Failure with a line that says why it cannot be written
 */
export async function writeText({ path, encoding, text: before }: ConfigText, text: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
    await replaceFile(path, Buffer.from(text, encoding), Buffer.from(before, encoding));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Refuses a path at which a file stands that is not an earlier one of ours, such as the config itself.
 * @param isOurs whether a text is an earlier one
 * @param what such a file is, and what to do instead
 * @throws Failure
 */
export async function assertNoLoss(path: string, isOurs: (text: string) => boolean, what = REPORT): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info && !info.isFile()) throw usage(`${path}: is no regular file; choose another path`);
  if (!info || info.size === 0) return;
  const text = await buffer(createReadStream(path, { end: LARGEST })).catch(() => Buffer.alloc(0));
  if (isOurs(text.toString('utf8'))) return;
  throw usage(`${path}: exists and is not ${what}`);
}

/** Writes a file that need not exist yet, such as a report, in one step. */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, Buffer.from(text), null);
  } catch (error) {
    throw unwritable(path, error, '; choose a path in a folder that exists');
  }
}

/** The bytes of a stream up to a limit; the rest is not read. */
async function atMost(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    size += (chunks.at(-1) as Buffer).length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks);
}

function decode(path: string, bytes: Buffer): ConfigText {
  if (bytes.length > LARGEST) throw tooLarge(path);
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0;
  if (isUtf16) return { path, text: bytes.toString('utf16le'), encoding: 'utf16le' };
  // A zero byte is how git, too, tells binary files from text.
  if (bytes.includes(0)) throw nothing(`${path}: is a binary file; it must be a text file in YAML, JSON or TOML`);
  const utf8 = bytes.toString('utf8');
  // Bytes that are no UTF-8 (comments in an old encoding) are taken one by one, and written back as they were.
  const encoding = Buffer.from(utf8, 'utf8').equals(bytes) ? 'utf8' : 'latin1';
  return { path, text: encoding === 'utf8' ? utf8 : bytes.toString('latin1'), encoding };
}

function tooLarge(path: string): Failure {
  return nothing(`${path}: is larger than ${LARGEST / 1024 / 1024} MB; a LoRA config is a small text file`);
}

function readable(path: string, error: unknown): unknown {
  const isSystemError = error instanceof Error && 'code' in error;
  return isSystemError ? usage(`${path}: cannot be read: ${reasonOf(error)}; it must be a config file`) : error;
}

function unwritable(path: string, error: unknown, advice = ''): unknown {
  return error instanceof Unreplaced
    ? usage(`${path}: ${error.message}`)
    : usage(`${path}: cannot be written: ${reasonOf(error)}${advice}`);
}

/** Why a file was not replaced. The message continues a line that begins with the path. */
class Unreplaced extends Error {}

/** A temporary file older than this was left behind by a process that died. */
const STALE_MS = 10_000;
/** The most bytes that a file's name may have on Linux; other systems allow as many characters or more. */
const LONGEST_NAME = 255;

/**
 * Replaces the content of the file at `path` in one step, and keeps mode, owner and symbolic links. The new content is
 * first written to a temporary file with a fixed name, so that only one of several writers continues.
 * @param before the content that the file must still have; null if the file need not exist yet
 * @throws Unreplaced, or the system's error
 */
async function replaceFile(path: string, content: Buffer, before: Buffer | null): Promise<void> {
  const target = before ? await realpath(path) : await realpath(path).catch(() => path);
  const info = await stat(target).catch(() => null);
  if (info && !info.isFile()) throw new Unreplaced('is no regular file, so nothing was written');
  if (info && info.nlink > 1) {
    throw new Unreplaced(`has ${info.nlink} hard links, and replacing it would part them; nothing was written`);
  }
  const beside = join(dirname(target), besideName(basename(target)));
  const file = await openAlone(beside);
  const { ino } = await file.stat({ bigint: true });
  const isOwn = async (): Promise<boolean> => (await stat(beside, { bigint: true }).catch(() => null))?.ino === ino;
  try {
    await file.writeFile(content);
    if (info) await likeBefore(file, info);
    await file.sync();
    await file.close();
    if (before && !(await readFile(target)).equals(before)) {
      throw new Unreplaced('has changed since it was read, so nothing was written; run the command again');
    }
    // A process that was slow to write finds here the temporary file of the one that took it for left behind.
    if (!(await isOwn())) throw new Unreplaced('is being written by another process; nothing was written');
    await rename(beside, target);
  } catch (error) {
    await file.close().catch(() => undefined);
    if (await isOwn()) await rm(beside, { force: true });
    throw error;
  }
}

/** The name of the temporary file, the same for every process that writes the file. */
function besideName(name: string): string {
  const whole = `.${name}.lora-alpha`;
  return Buffer.byteLength(whole) <= LONGEST_NAME
    ? whole
    : `.${createHash('sha256').update(name).digest('hex')}.lora-alpha`;
}

async function openAlone(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => null,
  );
  if (age !== null && age > STALE_MS) await rm(path, { force: true });
  return open(path, O_WRONLY | O_CREAT | O_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Unreplaced(`is being written by another process (${path}); nothing was written`);
  });
}

/** Restores mode and owner. Changing the owner needs privileges; without them the file keeps the current user. */
async function likeBefore(
  file: FileHandle,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Promise<void> {
  await file.chown(uid, gid).catch(() => undefined);
  await file.chmod(mode);
}
