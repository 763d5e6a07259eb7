import type { Adapter, Source } from '../../src/adapter/adapter';
import { measureFrom } from '../../src/adapter/measure';
import { openAdapter } from '../../src/adapter/open';
import type { AdapterView } from '../../src/messages/adapter';
import { adapterFolder, modelFile } from '../support/trained-adapter';
import { unknownState } from './curves';

/** States of the editor of adapters, opened and measured by the host's own code from files made here. */

async function shown(file: string, sources: readonly Source[], done = Infinity): Promise<AdapterView> {
  const adapter = await openAdapter(sources);
  if ('wrong' in adapter) return { file, adapter, measured: [] };
  const measured = await measureFrom(adapter, 0, Infinity);
  return { file, adapter: plain(adapter), measured: measured.slice(0, done) };
}

const plain = (adapter: Adapter): Adapter => JSON.parse(JSON.stringify(adapter)) as Adapter;
const NAME = 'adapter_model.safetensors';

const STATES: Readonly<Record<string, () => Promise<AdapterView>>> = {
  rslora: () => shown(NAME, adapterFolder()),
  plain: () => shown(NAME, adapterFolder({ use_rslora: false, rank_pattern: {}, alpha_pattern: {} })),
  measuring: () => shown(NAME, adapterFolder(), 9),
  header: () => shown(NAME, adapterFolder({}, { ss_network_alpha: '7' }), 0),
  model: () => shown('model.safetensors', [modelFile()]),
};

export function adapterStateOf(name: string): Promise<AdapterView> {
  return (STATES[name] ?? unknownState(name))();
}
