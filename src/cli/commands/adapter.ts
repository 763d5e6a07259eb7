import { measureModule, workOf, type Measured } from '../../adapter/measure';
import type { Adapter, AdapterModule } from '../../adapter/adapter';
import { convertCommand, goalOf, type ConvertOptions } from '../adapter/convert';
import { openedAdapter } from '../adapter/sources';
import { adapterJson, adapterText, type Measures } from '../adapter/text';
import { EXIT, usage } from '../failure';
import type { Ended } from '../files/several';
import { out } from '../terminal';

export interface AdapterOptions extends ConvertOptions {
  measure?: boolean;
}

/** Multiplications that take about two seconds: more are done only where they are asked for. */
const QUICK = 1e9;

/** `adapter PATH`: what a trained adapter is, and what it does. */
export async function adapterCommand(path: string, options: AdapterOptions): Promise<Ended> {
  const opened = await openedAdapter(path);
  const goal = goalOf(options);
  if (goal) return convertCommand(path, opened, goal, options);
  if (options.out !== undefined || options.inPlace)
    throw usage('nothing is asked for; it must be --portable, --alpha, --to …');
  const { adapter } = opened;
  const measures = options.measure || workOf(adapter) <= QUICK ? await measured(adapter) : null;
  if (options.json) return { exitCode: EXIT.done, document: adapterJson(path, adapter, measures) };
  out(adapterText(path, adapter, measures));
  return { exitCode: EXIT.done };
}

async function measured({ modules }: Adapter): Promise<Measures> {
  const found = new Map<AdapterModule, Measured | null>();
  for (const module of modules) found.set(module, await measureModule(module));
  return found;
}
