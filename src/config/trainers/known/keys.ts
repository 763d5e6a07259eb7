/** Keys that stand in a text, apart by white space. */
export function keys(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
