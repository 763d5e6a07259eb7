import type { TrainerSource } from '../reading';

/** `axolotl-ai-cloud/axolotl 067b021c (2026-07-24)`: which version of a trainer defaults were read from. */
export function sourceLabel({ repository, commit, date }: TrainerSource): string {
  return `${repository} ${/^[0-9a-f]{7,40}$/.test(commit) ? commit.slice(0, 8) : commit} (${date})`;
}
