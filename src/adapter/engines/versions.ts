import type { Range } from './engine';

type Bounds = Pick<Range, 'since' | 'until' | 'read'>;

/** `0.6.4.post1` → 0, 6, 4, 1; `2026-07-22` → 2026, 7, 22. Null for a commit. */
const numbersOf = (version: string): readonly number[] | null =>
  /^v?\d+(?:[.-]\d+)+/.test(version) ? (version.match(/\d+/g) ?? []).map(Number) : null;

const isDate = (version: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(version);

/** Whether `one` is older than `other`; false where they cannot be compared, or one is not said. */
function isBefore(one = '', other = ''): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  if (!left || !right || isDate(one) !== isDate(other)) return false;
  const at = [...left, ...right].findIndex((_, index) => (left[index] ?? 0) !== (right[index] ?? 0));
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

/** Whether a version may belong to a range: a commit or a date beside a number may belong to any. */
export const within = (version: string, { since, until }: Bounds): boolean =>
  !isBefore(version, since) && !isBefore(until, version);

/** Whether a version lies between two that were looked at. */
export const wasSeen = (version: string, { since, until, read }: Bounds): boolean =>
  within(version, { since: since ?? read, until: until ?? read, read });

export function versionLabel({ since, until, read }: Bounds): string {
  if (since === until && since !== undefined) return since;
  if (until !== undefined) return since === undefined ? `to ${until}` : `${since} to ${until}`;
  return since === undefined ? read : `${since} to ${read}`;
}
