import type { Finding, Reading } from '../reading';

/** Why a file has no recipe: an error, a search of many runs, an unresolved value, or why it is not read at all. */
export function withoutRecipe({ isLora, findings }: Pick<Reading, 'isLora' | 'findings'>): Finding | null {
  return (
    findings.find(({ severity }) => severity === 'error') ??
    findings.find(({ code }) => code === 'swept-together' || code === 'alpha-swept') ??
    findings.find(({ code }) => code === 'value-elsewhere') ??
    (isLora ? null : (findings[0] ?? null))
  );
}
