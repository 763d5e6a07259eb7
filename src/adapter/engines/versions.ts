import type { Range } from './engine';

type Bounds = Pick<Range, 'since' | 'until' | 'read'>;

/** `0.6.4.post1` → 0, 6, 4, 1; `2026-07-22` → 2026, 7, 22. Null for a commit. */
function numbersOf(version: string): readonly number[] | null {
  return /^v?\d+(?:[.-]\d+)+/.test(version) ? (version.match(/\d+/g) ?? []).map(Number) : null;
}

const isDate = (version: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(version);

/** Whether `one` is older than `other`; false where they cannot be compared. */
function isBefore(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  if (!left || !right || isDate(one) !== isDate(other)) return false;
  const at = [...left, ...right].findIndex((_, index) => (left[index] ?? 0) !== (right[index] ?? 0));
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

/** Whether a version may belong to a range: a commit or a date beside a number may belong to any. */
export function within(version: string, { since, until }: Bounds): boolean {
  return !(since !== undefined && isBefore(version, since)) && !(until !== undefined && isBefore(until, version));
}

/** Whether a version lies between two that were looked at. */
export const wasSeen = (version: string, range: Bounds): boolean =>
  within(version, range) &&
  !isBefore(range.until ?? range.read, version) &&
  !isBefore(version, range.since ?? range.read);

export function versionLabel({ since, until, read }: Bounds): string {
  if (since === until && since !== undefined) return since;
  if (until !== undefined) return since === undefined ? `to ${until}` : `${since} to ${until}`;
  return since === undefined ? read : `${since} to ${read}`;
}
