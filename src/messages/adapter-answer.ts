import type { Adapter } from '../adapter/adapter';
import type { Audited } from '../adapter/engines/audit';
import type { Measures } from '../adapter/measure';
import { baseOf, dtypeOf, recipeOf } from '../adapter/summary';

/** What `adapter --json` prints. What is missing or contradictory limits every claim, as what is not understood does. @param lacks what was not looked at */
export function adapterJson(
  path: string,
  adapter: Adapter,
  measures: Measures | null,
  engines: readonly Audited[],
  lacks: readonly { line: null; source: string; why: string }[] = [],
): object {
  const { layout, config, modules, saved, faults, metadata } = adapter;
  const about = config && (({ raw: _raw, ...said }) => said)(config);
  return {
    ...{ file: path, layout, base: baseOf(adapter), bytes: adapter.bytes, config: about },
    recipe: Object.fromEntries(recipeOf(adapter)),
    modules: modules.map((module) => {
      const { name, prefix, kind, rank, statedRank, alpha, scaling, a, b, magnitude } = module;
      const { sigma, norm, stableRank, used } = measures?.get(module) ?? {};
      return {
        ...{ name: `${prefix}${name}`, kind, rank, statedRank, alpha, scaling, dtype: dtypeOf(module) },
        ...{ shapes: [a.shape, b.shape], isDora: magnitude !== null },
        ...(sigma !== undefined && { isFinite: sigma !== null }),
        ...(sigma && { norm, stableRank, used, singularValues: sigma }),
      };
    }),
    saved: saved.map(({ key, dtype, shape }) => ({ key, dtype, shape })),
    ...{ faults, metadata, engines },
    notUnderstood: [
      ...faults.map(({ sentence, module = '' }) => ({ line: null, source: module, why: sentence })),
      ...lacks,
    ],
  };
}
