/**
 * Places labels of equal height so that none overlaps another, each as near to its own y as it can be. Labels that want
 * the same y keep their order.
 * @param height of a label, in pixels
 * @param range top and bottom of the room for the middles of labels, in pixels
 * @returns the middle of each label
 */
export function spreadLabels(
  wanted: readonly number[],
  height: number,
  [top, bottom]: readonly [number, number],
): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  // Groups of labels that touch; a group lies where its members want to be in the mean.
  const groups: { members: number[]; start: number }[] = [];
  for (const index of order) {
    let group = { members: [index], start: startOf([index], wanted, height) };
    for (let last = groups.at(-1); last && endOf(last, height) > group.start; last = groups.at(-1)) {
      groups.pop();
      const members = [...last.members, ...group.members];
      group = { members, start: startOf(members, wanted, height) };
    }
    groups.push(group);
  }
  const middles = wanted.map(() => top);
  let free = top - height / 2;
  for (const { members, start } of groups) {
    let at = Math.max(free, start);
    for (const index of members) {
      middles[index] = at + height / 2;
      at += height;
    }
    free = at;
  }
  // What went over the lower edge moves up, and pushes what is above.
  let ceiling = bottom + height / 2;
  for (const index of groups.flatMap(({ members }) => members).toReversed()) {
    middles[index] = Math.min(middles[index] ?? top, ceiling - height / 2);
    ceiling = middles[index] - height / 2;
  }
  return middles;
}

/** Upper edge of a group whose labels are as near to their own y as they can be together. */
function startOf(members: readonly number[], wanted: readonly number[], height: number): number {
  const offsets = members.map((index, i) => (wanted[index] ?? 0) - (i + 0.5) * height);
  return offsets.reduce((sum, offset) => sum + offset, 0) / members.length;
}

function endOf({ members, start }: { members: readonly number[]; start: number }, height: number): number {
  return start + members.length * height;
}
