import { fileURLToPath } from 'node:url';
import type { Adapter, Source } from '../../adapter/adapter';
import { bytesSource } from '../../adapter/files/source';
import type { Wrong } from '../../adapter/files/safetensors';
import { measureFrom, type Measured } from '../../adapter/measure';
import { openAdapter } from '../../adapter/open';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import type { AdapterRequest } from '../config-reader';
import { fileSource } from './file-source';

/** The adapter that was opened last, whose modules are measured one after another. */
let last: { key: string; adapter: Adapter | Wrong } | null = null;

/** Opens an adapter on the disk, of which the headers are read. The host gets its tensors without their bytes. */
export async function openFiles(asked: AdapterRequest): Promise<Adapter | Wrong> {
  const sources = await Promise.all(asked.urls.map((url) => fileSource(fileURLToPath(url))));
  const adapter = await openAdapter(sources.map((source) => editedOr(source, asked.config)));
  last = { key: JSON.stringify(asked), adapter };
  return plain(adapter);
}

const editedOr = (source: Source, config: string | null): Source =>
  config !== null && source.name === ADAPTER_CONFIG
    ? bytesSource(source.name, new TextEncoder().encode(config))
    : source;

/** What can be sent: data alone. */
const plain = <T>(adapter: T): T => JSON.parse(JSON.stringify(adapter)) as T;

/** A module that takes longer than this is measured alone. */
const SLICE_MS = 150;

/** Norm and spectrum of some modules, from one on. */
export async function measureFiles({
  from,
  ...asked
}: AdapterRequest & { from: number }): Promise<(Measured | null)[]> {
  if (last?.key !== JSON.stringify(asked)) await openFiles(asked);
  const { adapter } = last ?? {};
  return adapter && !('wrong' in adapter) ? measureFrom(adapter, from, SLICE_MS) : [];
}
