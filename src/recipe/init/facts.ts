import { initRow, isAutomatic } from './init';
import type { Recipe } from '../recipe';

/** What of an init a change of the scaling has to reckon with. */
export interface InitFacts {
  /** Whether B starts at zero, so that B' = B/q holds by itself. */
  zeroB: boolean;
  /**
   * `divides`: A and B are divided by the root of the scaling, so that the symmetric gauge holds by itself;
   * `subtracts`: the frozen weights lose scaling·B·A, so another alpha leaves other frozen weights behind.
   */
  scaling?: 'divides' | 'subtracts';
  /** The factor that alone is trained. */
  trains?: 'A' | 'B';
  /** A word that is not known here. */
  isUnknown?: true;
}

/** The facts of a recipe's init; where nobody says, those of A random and B zero. An unknown word fills both. */
export function initFacts({ init }: Pick<Recipe, 'init'>): InitFacts {
  if (init === null) return { zeroB: true };
  const row = initRow(init);
  if (!row) return { zeroB: false, isUnknown: true };
  return {
    zeroB: row.B.factor === 0,
    ...(isAutomatic(row)
      ? { scaling: 'divides' as const }
      : row.frozenWeights === 'minus-product'
        ? { scaling: 'subtracts' as const }
        : {}),
    ...(row.frozen ? { trains: row.frozen === 'B' ? ('A' as const) : ('B' as const) } : {}),
  };
}

/** Whether embedding layers are adapted, where loralib and PEFT start A at zero and B at random. */
export function adaptsEmbeddings({ targetModules }: Pick<Recipe, 'targetModules'>): boolean {
  const names = typeof targetModules === 'string' ? [targetModules] : (targetModules ?? []);
  return names.some(isEmbedding);
}

/** Whether embedding layers may be among the targets: a pattern does not say which layers it means. */
export function mayAdaptEmbeddings(recipe: Pick<Recipe, 'targetModules'>): boolean {
  const { targetModules } = recipe;
  return adaptsEmbeddings(recipe) || (typeof targetModules === 'string' && targetModules !== 'all-linear');
}

/** Whether a module of that name is an embedding, as the model families call them. */
export function isEmbedding(name: string): boolean {
  return /(^|[-,._\s])(embed_tokens|word_embeddings|embeddings?|embed_in|wte|wpe)($|[,._\s])/.test(name);
}
