/** A file of Python as text: scripts/python-text.mjs, for whatever bundles or runs the sources. */
declare module '*.py' {
  export const text: string;
}
/** A page of docs/, in the same way. */
declare module '*.md' {
  export const text: string;
}
