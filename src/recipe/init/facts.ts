import { initRow, isAutomatic } from './init-rows';
import type { Recipe } from '../recipe';

/** Properties of an init that matter for a change of scaling. */
export interface InitFacts {
  /** Whether B starts at zero, so that B/q = B. */
  zeroB: boolean;
  /**
   * `divides`: A and B are divided by √s, so the symmetric gauge holds without code. `subtracts`: s·B·A is subtracted
   * from the frozen weights, so another alpha leaves other frozen weights.
   */
  scaling?: 'divides' | 'subtracts';
  /** Only A is trained. */
  trains?: 'A';
  /** The init's name is unknown. */
  isUnknown?: true;
}

/** The properties of a recipe's init. Default: A random and B zero. For an unknown init, B counts as not zero. */
export function initFacts({ init }: Pick<Recipe, 'init'>): InitFacts {
  if (init === null) return { zeroB: true };
  const row = initRow(init);
  if (!row) return { zeroB: false, isUnknown: true };
  const scaling = isAutomatic(row) ? 'divides' : row.subtracts ? 'subtracts' : null;
  return { zeroB: row.B.factor === 0, ...(scaling && { scaling }), ...(row.frozen && { trains: 'A' }) };
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
export const isEmbedding = (name: string): boolean =>
  /(^|[-,._\s])(embed_tokens|word_embeddings|embeddings?|embed_in|wte|wpe)($|[,._\s])/.test(name);
