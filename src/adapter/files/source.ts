import type { Source, Tensor } from '../adapter';

/** Bytes that are in memory already. */
export function bytesSource(name: string, bytes: Uint8Array): Source {
  return {
    name,
    size: bytes.length,
    read: (offset, length) =>
      offset + length <= bytes.length
        ? Promise.resolve(bytes.subarray(offset, offset + length))
        : Promise.reject(new Error(`${name} ends before byte ${offset + length}`)),
  };
}

/** A tensor's bytes; with `from` and `length` a part of them. */
export const bytesOf = ({ source, at }: Tensor, from = 0, length = at.length - from): Promise<Uint8Array> =>
  source.read(at.offset + from, length);

/** How many numbers a tensor has. */
export const countOf = ({ shape }: Pick<Tensor, 'shape'>): number => shape.reduce((product, n) => product * n, 1);
