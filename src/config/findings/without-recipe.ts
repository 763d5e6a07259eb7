import type { Finding, Reading } from '../reading';

/** Why a file with LoRA has no recipe: an error, a search of many runs, or an unresolved value. */
export function withoutRecipe({ findings }: Pick<Reading, 'findings'>): Finding | null {
  return (
    findings.find(({ severity }) => severity === 'error') ??
    findings.find(({ code }) => code === 'swept-together' || code === 'alpha-swept') ??
    findings.find(({ code }) => code === 'value-elsewhere') ??
    null
  );
}
