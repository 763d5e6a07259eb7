import type { Adapter, Source } from '../../src/adapter/adapter';
import { measureFrom, type Measured } from '../../src/adapter/measure';
import { openAdapter } from '../../src/adapter/open';
import type { AdapterView, MeasuringView } from '../../src/messages/adapter';
import { adapterFolder, modelFile } from '../support/trained-adapter';
import { unknownState } from './curves';

/** States of the editor of adapters, opened and measured by the host's own code from files made here. */

interface State {
  view: AdapterView;
  progress: MeasuringView;
  measured: (Measured | null)[];
}

async function shown(file: string, sources: readonly Source[], done = Infinity): Promise<State> {
  const adapter = await openAdapter(sources);
  const progress = { seconds: 240, trouble: '' };
  if ('wrong' in adapter)
    return { view: { file, adapter }, progress: { ...progress, measuring: 'done' }, measured: [] };
  const measured = done > 0 ? (await measureFrom(adapter, 0, Infinity)).slice(0, done) : [];
  const measuring = done === 0 ? 'offered' : done < measured.length + 1 ? 'running' : 'done';
  return { view: { file, adapter: plain(adapter) }, progress: { ...progress, measuring }, measured };
}

const plain = (adapter: Adapter): Adapter => JSON.parse(JSON.stringify(adapter)) as Adapter;
const NAME = 'adapter_model.safetensors';

const STATES: Readonly<Record<string, () => Promise<State>>> = {
  rslora: () => shown(NAME, adapterFolder()),
  plain: () => shown(NAME, adapterFolder({ use_rslora: false, rank_pattern: {}, alpha_pattern: {} })),
  measuring: () => shown(NAME, adapterFolder(), 9),
  offered: () => shown(NAME, adapterFolder({}, { ss_network_alpha: '7' }), 0),
  model: () => shown('model.safetensors', [modelFile()]),
};

export function adapterStateOf(name: string): Promise<State> {
  return (STATES[name] ?? unknownState(name))();
}
