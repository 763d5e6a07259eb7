/** `a/*.{b,c}` → `a/*.b`, `a/*.c`: neither ripgrep nor VS Code takes braces within braces. */
export function withoutBraces(glob: string): string[] {
  const found = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob);
  if (!found) return [glob];
  const [, before = '', choices = '', after = ''] = found;
  return [...new Set(choices.split(',').flatMap((choice) => withoutBraces(before + choice + after)))];
}

/**
 * One glob for all of them, or null for none.
 * @param settings maps of glob → whether it excludes, as `search.exclude` is; what hangs on a sibling (`{when}`) is left out
 */
export function excludeGlob(...settings: readonly (Readonly<Record<string, unknown>> | undefined)[]): string | null {
  const globs = settings
    .flatMap((setting) => Object.entries(setting ?? {}))
    .flatMap(([glob, excludes]) => (excludes === true ? withoutBraces(glob) : []))
    // What is excluded by the name of a folder is excluded with all it holds.
    .flatMap((glob) => (glob.endsWith('/**') || /\.\w+$/.test(glob) ? [glob] : [glob, `${glob}/**`]));
  const all = [...new Set(globs)];
  if (all.length === 0) return null;
  return all.length === 1 ? (all[0] ?? null) : `{${all.join(',')}}`;
}
