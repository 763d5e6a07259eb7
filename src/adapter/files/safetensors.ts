import * as l10n from '@vscode/l10n';
import { visit } from 'jsonc-parser';
import type { Source, Tensor } from '../adapter';
import { bitsOf } from './dtype';
import { isRecord, parsed, type Values } from './json';

/** Why a file cannot be read, as one sentence. */
export interface Wrong {
  readonly wrong: string;
}

export interface Contents {
  /** In the order of their bytes. */
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** An adapter of 100,000 tensors has a header of about 12 MB. The library's own bound is 100 MB. */
const MOST_HEADER = 16 * 1024 * 1024;

/** @see https://github.com/huggingface/safetensors (safetensors/src/tensor.rs: Dtype) */
const TYPES =
  `BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16 I32 U32 F32
  C64 F64 I64 U64`.split(/\s+/);

/** Ends {@link readSafetensors} with its sentence. */
class Malformed extends Error {}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/**
 * The header of a .safetensors file. What the library `safetensors` refuses is refused: the tensors lie one after the
 * other from the end of the header to the end of the file.
 * @see https://github.com/huggingface/safetensors (safetensors/src/tensor.rs: Metadata::validate)
 */
export async function readSafetensors(source: Source): Promise<Contents | Wrong> {
  const { name, size } = source;
  try {
    if (size < 8) throw new Malformed(l10n.t('it is shorter than the length of a header'));
    const start = await source.read(0, 8);
    const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
    const long = l10n.t`its header has ${length} bytes; at most ${MOST_HEADER} are read`;
    if (length > MOST_HEADER) throw new Malformed(long);
    if (8 + length > size) throw new Malformed(l10n.t('its header ends behind the end of the file'));
    return contentsOf(source, 8 + length, await source.read(8, length));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { wrong: l10n.t`${name} is no readable .safetensors file: ${error.message}.` };
  }
}

function contentsOf(source: Source, start: number, bytes: Uint8Array): Contents {
  const { __metadata__: metadata = {}, ...entries } = headerOf(bytes);
  const isText = isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
  if (!isText) throw new Malformed(l10n.t('its metadata is not a map of texts'));
  const tensors = Object.entries(entries).map(([key, entry]) => tensorOf(source, start, key, entry));
  tensors.sort((one, other) => one.at.offset - other.at.offset || one.at.length - other.at.length);
  let end = start;
  for (const { key, at } of tensors) {
    if (at.offset < end) throw new Malformed(l10n.t`the bytes of ${key} overlap with those of another tensor`);
    if (at.offset > end) throw new Malformed(l10n.t`bytes before those of ${key} belong to no tensor`);
    end = at.offset + at.length;
  }
  if (end > source.size) throw new Malformed(l10n.t`its tensors need ${end} bytes, and it has ${source.size}`);
  if (end < source.size) throw new Malformed(l10n.t('bytes behind the last tensor belong to no tensor'));
  // Names such as __proto__ are keys like any other.
  return { tensors, metadata: metadata as Record<string, string> };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as a text, a byte order mark too; empty where it is none. */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return '';
  }
}

/** Python's json and JSON.parse take the last of two equal keys, and other readers the first. */
function headerOf(bytes: Uint8Array): Values {
  const text = textOf(bytes);
  const open: Set<string>[] = [];
  let twice: string | null = null;
  let header: Values | null = null;
  try {
    visit(text, {
      onObjectBegin: () => void open.push(new Set()),
      onObjectProperty: (key) => {
        if (open.at(-1)?.has(key)) twice ??= key;
        open.at(-1)?.add(key);
      },
      onObjectEnd: () => void open.pop(),
    });
    header = parsed(text);
  } catch {
    // The scanner calls itself for each level.
  }
  if (twice !== null) throw new Malformed(l10n.t`its header has ${twice} twice`);
  if (header === null) throw new Malformed(l10n.t('its header is not a JSON object, or nested too deep'));
  return header;
}

function tensorOf(source: Source, start: number, key: string, entry: unknown): Tensor {
  const { dtype, shape, data_offsets: range } = isRecord(entry) ? entry : {};
  if (typeof dtype !== 'string' || !TYPES.includes(dtype)) throw new Malformed(l10n.t`the type of ${key} is unknown`);
  const sizes = Array.isArray(shape) && shape.every(isWhole) ? shape : null;
  if (!sizes) throw new Malformed(l10n.t`the shape of ${key} is no list of sizes`);
  const [from, to, ...more]: unknown[] = Array.isArray(range) ? range : [];
  if (!isWhole(from) || !isWhole(to) || to < from || more.length > 0) {
    throw new Malformed(l10n.t`the offsets of ${key} are not the begin and the end of its bytes`);
  }
  const needed = sizes.reduce((product, n) => product * n, bitsOf(dtype)) / 8;
  if (needed === to - from)
    return { key, dtype, shape: sizes, source, at: { offset: start + from, length: to - from } };
  throw new Malformed(l10n.t`${key} needs ${needed} bytes by its shape and type, and ${to - from} by its offsets`);
}
