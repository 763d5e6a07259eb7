import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Why a file was not replaced. The message continues a line that begins with the path. */
export class Unreplaced extends Error {}

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
export async function replaceFile(path: string, content: Buffer, before: Buffer | null): Promise<void> {
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
