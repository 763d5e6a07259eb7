/** Limits far above the globs that people write: characters, and alternatives in braces. */
const LONGEST = 1_000;
const MOST_ALTERNATIVES = 1_000;

/**
 * `a/*.{b,c}` → `a/*.b`, `a/*.c`, because neither ripgrep nor VS Code supports nested braces. A glob with too many
 * alternatives (`{a,b}{a,b}{a,b}…`) gives none.
 */
export function withoutBraces(glob: string): string[] {
  if (glob.length > LONGEST) return [];
  const all = new Set<string>();
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (all.size + open.length >= MOST_ALTERNATIVES) return [];
    const [, before = '', choices = '', after = ''] = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(next) ?? [];
    if (before + choices + after === '') all.add(next);
    else open.push(...choices.split(',').map((choice) => before + choice + after));
  }
  return [...all];
}

/**
 * The globs of all settings that exclude something, without braces.
 * @param settings maps of glob → whether it excludes, as `search.exclude`; what hangs on a sibling (`{when}`) is left out
 */
export function excludedGlobs(...settings: readonly (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  const all = settings.flatMap((setting) => Object.entries(setting ?? {}));
  return [...new Set(all.flatMap(([glob, excludes]) => (excludes === true ? withoutBraces(glob) : [])))];
}

/** One glob for all of them, or null for none. */
export function oneGlob(globs: readonly string[]): string | null {
  // What is excluded by the name of a folder is excluded with all it holds.
  const each = globs.flatMap((glob) => (glob.endsWith('/**') || /\.\w+$/.test(glob) ? [glob] : [glob, `${glob}/**`]));
  const [first = null, ...others] = new Set(each);
  return others.length === 0 ? first : `{${[first, ...others].join(',')}}`;
}

/**
 * Whether a path, relative to the folder of the workspace, is one that these globs (without braces) name, as VS Code
 * reads them: `**` is any number of folders.
 */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => {
    const path = starred(glob.split('/'), '**', '(?:[^/]*/)', (part) => `${nameOf(part)}/`);
    try {
      return new RegExp(`^${path}$`, 'u');
    } catch {
      // A range from a later letter to an earlier one.
      return /(?!)/;
    }
  });
  return (path) => patterns.some((pattern) => pattern.test(`${path}/`));
}

/** A part of a glob: `*` any letters, `?` one, `[a-c]` and `[!a-c]` one of some. */
function nameOf(part: string): string {
  const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return starred(part.match(/\[[!^]?[^\]]+\]|./gsu) ?? [], '*', '[^/]', (sign) => {
    if (sign === '?') return '[^/]';
    if (sign.length < 3) return escaped(sign);
    const isNot = /^\[[!^]/.test(sign);
    return `(?!/)[${isNot ? '^' : ''}${escaped(sign.slice(isNot ? 2 : 1, -1))}]`;
  });
}

/**
 * A pattern of items, with any number of `any` at each star. What follows a star but the last is matched where it first
 * can be, and never elsewhere (`(?=(…))\k` is not entered again): trying all places could take for ever.
 */
function starred(items: readonly string[], star: string, any: string, one: (item: string) => string): string {
  const pieces = [''];
  for (const item of items) {
    if (item === star) pieces.push('');
    else pieces.push((pieces.pop() ?? '') + one(item));
  }
  return pieces
    .map((piece, i) => {
      if (i === 0) return piece;
      if (i === pieces.length - 1) return `${any}*${piece}`;
      const name = `at${groups++}`;
      return String.raw`(?=(?<${name}>${any}*?${piece}))\k<${name}>`;
    })
    .join('');
}

/** Names of groups, each used once. */
let groups = 0;
