import fc from 'fast-check';

/**
 * The pieces of a template, apart at ` ¦ ` and at line ends, with the escapes of JSON: pieces`a ¦ \n ¦ #␣` gives `a`, a
 * line feed and `# `. `␣` is a blank, and `∅` nothing.
 */
export function pieces({ raw: [text = ''] }: TemplateStringsArray): string[] {
  return text
    .trim()
    .split(/ ¦ |\s*\n\s*/)
    .map((piece) => {
      const text = JSON.parse(`"${piece.replaceAll('"', '\\"')}"`) as string;
      return text.replaceAll('␣', ' ').replaceAll('∅', '');
    });
}

/** One of the pieces of a template. */
export function oneOf(template: TemplateStringsArray): fc.Arbitrary<string> {
  return fc.constantFrom(...pieces(template));
}

/** Puts together what stands before a place and behind it. */
export const at =
  (n: number, join: (before: string, behind: string) => string): ((text: string) => string) =>
  (text) => {
    const start = n % (text.length + 1);
    return join(text.slice(0, start), text.slice(start));
  };

/** One of these, each as often as its weight says. */
export function weighted<T>(...of: (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return nested(Number.POSITIVE_INFINITY, ...of);
}

/** The same; below `maxDepth`, the first. */
export function nested<T>(maxDepth: number, ...of: (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof({ maxDepth }, ...of.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
