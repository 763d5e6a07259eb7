import type { Reading } from './reading';

/** What was taken for what in a file of no known trainer; null where its trainer is known, and nothing was guessed. */
export function guessedIn({ isGuess, findings }: Pick<Reading, 'isGuess' | 'findings'>): string | null {
  if (!isGuess) return null;
  return findings
    .filter(({ code }) => code === 'guessed')
    .map(({ message }) => message)
    .join(' ');
}
