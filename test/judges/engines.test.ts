import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../../src/adapter/adapter';
import { audit } from '../../src/adapter/engines/audit';
import { openedAdapter } from '../../src/cli/adapter/sources';
import { NOT_INSTALLED, together, type Ended } from './python';

/** Engines as engines.py starts them, and as the audit names the same version. */
const ENGINES: readonly (readonly [started: string, named: string, atLeast: number])[] = [
  ['peft@0.21.2', 'peft', 14],
  ['mlx-lm@0.32.2', 'mlx-lm', 1],
  ['lycoris@4.1.3', 'lycoris', 3],
  // With LORA_ALPHA_ENGINES, see engines.py.
  ['vllm@0.6.4.post1', 'vllm@0.6.4.post1', 10],
  ['vllm@0.6.6.post1', 'vllm@0.6.6.post1', 8],
  ['vllm@0.29.0', 'vllm@0.29.0', 12],
  ['vllm@0.30.0', 'vllm@0.30.0', 14],
  ['vllm@0.31.0', 'vllm@0.31.0', 14],
  ['vllm@0.32.0', 'vllm@0.32.0', 14],
  ['vllm@0.33.0', 'vllm', 14],
  ['sglang@0.5.10', 'sglang@0.5.10', 6],
  ['sglang@0.5.18', 'sglang@0.5.18', 6],
  ['sglang@0.5.23', 'sglang', 6],
  ['lmdeploy@0.18.0', 'lmdeploy', 10],
  ['exllamav2@0.3.2', 'exllamav2', 10],
  ['exllamav3@1.6.5', 'exllamav3', 10],
  ['lorax@a7394ba3', 'lorax', 6],
  ['llama.cpp@0.3.36', 'llama.cpp', 10],
  ['diffusers@0.42.1', 'diffusers', 4],
  ['sdnext@058a7f0c', 'sdnext', 4],
  ['invokeai@6.14.2', 'invokeai', 4],
  ['diffsynth@2.1.12', 'diffsynth', 1],
  ['kohya@48d368fa', 'kohya', 4],
];

const SCRIPT = resolve('test/judges/engines.py');
const folder = mkdtempSync(join(tmpdir(), 'engines-'));

interface Said {
  case: string;
  refused?: string;
  /** Null where the update was no multiple of B·A. */
  scales?: Readonly<Record<string, number | null>>;
  lost?: readonly string[];
}

/** What the engine did, in the words of the audit. */
function measured({ refused, scales = {}, lost = [] }: Said, { modules }: Adapter): string {
  if (refused !== undefined) return 'refused';
  if (modules.some(({ scaling }) => scaling === null)) return 'unknown';
  const ratios = modules.flatMap(({ prefix, name, scaling }) => {
    const is = scales[name] ?? scales[`${prefix}${name}`];
    if (is === null) return [NaN];
    return is === undefined ? [] : [is === scaling ? 1 : is / (scaling ?? 0)];
  });
  const [worst = 1] = ratios.toSorted((one, other) => Math.abs(Math.log(other)) - Math.abs(Math.log(one)));
  if (Math.abs(worst - 1) > 2e-3) return `${worst > 1 ? 'strong' : 'weak'} ${worst.toFixed(2)}`;
  return lost.length > 0 ? 'dropped' : 'right';
}

describe('rows of the audit that say “ran”', () => {
  const made = new Map<string, Adapter>();
  let ended: Ended[] = [];
  beforeAll(async () => {
    const [[status] = [1]] = await together([[SCRIPT, '--make', folder]]);
    if (status !== 0) return;
    for (const name of readdirSync(folder)) made.set(name, (await openedAdapter(join(folder, name))).adapter);
    ended = await together(ENGINES.map(([started]) => [SCRIPT, started, folder]));
  });

  it.for(ENGINES)('%s did what they say', (engine, { skip }) => {
    const [, named, atLeast] = engine;
    const [status, stdout, stderr] = ended[ENGINES.indexOf(engine)] ?? [NOT_INSTALLED, 'no torch and safetensors', ''];
    if (status === NOT_INSTALLED) skip(stdout.trim());
    expect(status, stderr.slice(-2000)).toBe(0);
    const lines = stdout.trim().split('\n');
    const compared = lines.flatMap((line) => {
      const said = JSON.parse(line) as Said;
      const adapter = made.get(said.case);
      const [row] = adapter ? audit(adapter, [named]) : [];
      if (!adapter || row?.evidence !== 'ran' || row.outcome === 'unknown') return [];
      const isScaled = row.outcome === 'strong' || row.outcome === 'weak';
      const claimed = isScaled ? `${row.outcome} ${(row.factor ?? Infinity).toFixed(2)}` : row.outcome;
      // The engine has loaded it as any other adapter, onto the base that it has.
      const isInit = /^(?:pissa|olora|corda|loftq)$/.test(said.case) && claimed === 'dropped';
      const found = measured(said, adapter);
      return [[said.case, claimed, isInit && found === 'right' ? 'dropped' : found] as const];
    });
    expect(compared.filter(([, claimed, found]) => claimed !== found)).toEqual([]);
    expect(compared.length).toBeGreaterThanOrEqual(atLeast);
  });
});
