import type { Recipe } from '../../../recipe/recipe';
import { scalarAt, type MapNode } from '../../syntax/tree';
import type { Layout } from '../../trainers/trainer';

/** The parameters that train besides A and B without a scaling, and whether B has a bias. */
export function unscaledParameters({ traps, loraBias }: Layout, root: MapNode): Pick<Recipe, 'unscaled' | 'loraBias'> {
  const unscaled = traps.flatMap(({ unscaled, applies }) => (unscaled && applies(root) ? [unscaled] : []));
  const hasBias = loraBias !== undefined && scalarAt(root, loraBias.path) === true;
  return { ...(unscaled.length > 0 ? { unscaled } : {}), ...(hasBias ? { loraBias: true } : {}) };
}
