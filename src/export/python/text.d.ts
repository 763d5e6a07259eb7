/** A file of Python as text: scripts/python-text.mjs, for whatever bundles or runs the sources. */
declare module '*.py' {
  export const text: string;
}
