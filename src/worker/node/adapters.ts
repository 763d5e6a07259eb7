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

async function opened(asked: AdapterRequest): Promise<Adapter | Wrong> {
  const sourceAt = async (url: string): Promise<Source> => {
    const source = await fileSource(fileURLToPath(url));
    const isEdited = asked.config !== null && source.name === ADAPTER_CONFIG;
    return isEdited ? bytesSource(source.name, new TextEncoder().encode(asked.config ?? '')) : source;
  };
  const adapter = await openAdapter(await Promise.all(asked.urls.map(sourceAt)));
  last = { key: JSON.stringify(asked), adapter };
  return adapter;
}

/** Opens an adapter on the disk, of which the headers are read. The host gets its tensors without their bytes. */
export const openFiles = async (asked: AdapterRequest): Promise<Adapter | Wrong> =>
  // Data alone can be sent.
  JSON.parse(JSON.stringify(await opened(asked))) as Adapter | Wrong;

/** A module that takes longer than this is measured alone. */
const SLICE_MS = 150;

/** Norm and spectrum of some modules, from one on. */
export async function measureFiles({
  from,
  ...asked
}: AdapterRequest & { from: number }): Promise<(Measured | null)[]> {
  const adapter = last?.key === JSON.stringify(asked) ? last.adapter : await opened(asked);
  return 'wrong' in adapter ? [] : measureFrom(adapter, from, SLICE_MS);
}
