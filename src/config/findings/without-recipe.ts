import type { Finding, Reading } from '../reading';

/** What keeps a file with LoRA in it from having a recipe: an error, a search of many runs, or a number that is set elsewhere. */
export function withoutRecipe({ findings }: Pick<Reading, 'findings'>): Finding | null {
  return (
    findings.find(({ severity }) => severity === 'error') ??
    findings.find(({ code }) => code === 'swept-together' || code === 'alpha-swept') ??
    findings.find(({ code }) => code === 'value-elsewhere') ??
    null
  );
}
