import { measuredModules } from '../../adapter/measure';
import { isBad } from '../../adapter/engines/words';
import { adapterJson } from '../../messages/adapter-answer';
import { auditOf, auditText } from '../adapter/audit';
import { convertCommand, goalOf, type ConvertOptions } from '../adapter/convert';
import { openedAdapter } from '../adapter/sources';
import { adapterText } from '../adapter/text';
import { EXIT, usage } from '../failure';
import type { Ended } from '../files/several';
import { out } from '../terminal';

export interface AdapterOptions extends ConvertOptions {
  measure?: boolean;
  audit?: boolean;
  engine?: readonly string[];
}

/** `adapter PATH`: what a trained adapter is, and what it does. */
export async function adapterCommand(path: string, options: AdapterOptions): Promise<Ended> {
  const opened = await openedAdapter(path);
  const goal = goalOf(options);
  if (goal) return convertCommand(path, opened, goal, options);
  if (options.out !== undefined || options.inPlace)
    throw usage('nothing is asked for; it must be --portable, --alpha, --to …');
  const { adapter } = opened;
  const audit = await auditOf(path, adapter, options.engine);
  const exitCode = options.engine && audit.rows.some(isBad) ? EXIT.different : EXIT.done;
  if (options.engine && !options.json) {
    out(`${auditText(audit, true)}\n`);
    return { exitCode };
  }
  const measures = await measuredModules(adapter, options.measure);
  if (options.json) return { exitCode, document: adapterJson(path, adapter, measures, audit.rows) };
  out(`${adapterText(path, adapter, measures)}\n${auditText(audit, options.audit === true)}\n`);
  return { exitCode };
}
