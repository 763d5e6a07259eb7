import type { LanguageModel } from '../../experiment/tasks/transformer/model';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapeOfKey, baseWith, weightsOf, type ReadyBases } from '../../experiment/training/pretrained';

/** Each takes some tens of kilobytes. */
const MOST_FILES = 50;
const DIGEST_BYTES = 32;

/**
 * Shipped bases, and those that earlier threads have trained and kept in a folder. A file holds the SHA-256
 * digest of the weights, then the weights as float32. If one cannot be read or written, its base is trained again.
 * @param build identifies the code that trains bases; bases of another build are not used
 */
export function storedBases(shipped: ReadyBases, folder: string | undefined, build: string): ReadyBases {
  if (folder === undefined) return shipped;
  const from = digest(build).toString('hex');
  const fileOf = (key: string): string => join(folder, `${digest(`${from} ${key}`).toString('hex')}.f32`);
  return {
    get: (key) => shipped.get(key) ?? orUndefined(() => read(fileOf(key), key)),
    keep: (key, base) =>
      void orUndefined(() => {
        write(fileOf(key), weightsOf(base));
        dropOldest(folder);
      }),
  };
}

function read(file: string, key: string): LanguageModel | undefined {
  const bytes = readFileSync(file);
  const weights = bytes.subarray(DIGEST_BYTES);
  if (!digest(weights).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
  // Copied, because a Float32Array begins at a multiple of four bytes of its buffer.
  return baseWith(shapeOfKey(key), new Float32Array(Uint8Array.from(weights).buffer));
}

/** Another window may read meanwhile: the file is there as a whole or not at all. */
function write(file: string, { buffer }: Float32Array): void {
  const weights = new Uint8Array(buffer);
  const unfinished = `${file}.${randomUUID()}`;
  mkdirSync(join(file, '..'), { recursive: true });
  try {
    writeFileSync(unfinished, Buffer.concat([digest(weights), weights]));
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Removes what was written first, where there are too many. */
function dropOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  if (files.length <= MOST_FILES) return;
  const byAge = files
    .map((file) => ({ file, time: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => one.time - other.time);
  for (const { file } of byAge.slice(0, files.length - MOST_FILES)) rmSync(file, { force: true });
}

function digest(of: string | Uint8Array): Buffer {
  return createHash('sha256').update(of).digest();
}

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
