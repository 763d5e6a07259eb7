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
 * @param settings maps of glob → whether it excludes, as `search.exclude` is; what hangs on a sibling (`{when}`) is left out
 */
export function excludedGlobs(...settings: readonly (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  const globs = settings
    .flatMap((setting) => Object.entries(setting ?? {}))
    .flatMap(([glob, excludes]) => (excludes === true ? withoutBraces(glob) : []));
  return [...new Set(globs)];
}

/** One glob for all of them, or null for none. */
export function oneGlob(globs: readonly string[]): string | null {
  // What is excluded by the name of a folder is excluded with all it holds.
  const each = globs.flatMap((glob) => (glob.endsWith('/**') || /\.\w+$/.test(glob) ? [glob] : [glob, `${glob}/**`]));
  const all = [...new Set(each)];
  if (all.length === 0) return null;
  return all.length === 1 ? (all[0] ?? null) : `{${all.join(',')}}`;
}

/**
 * Whether a path, relative to the folder of the workspace, is one that these globs (without braces) name, as VS Code reads
 * them: `**` is any number of folders. A regular expression could take for ever; this takes as long as both are long.
 */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const all = globs.map((glob) => glob.split('/'));
  return (path) => {
    const names = path.split('/');
    return all.some((parts) => isNamed(parts, names));
  };
}

function isNamed(parts: readonly string[], names: readonly string[]): boolean {
  // The parts of the glob that the names so far lead to.
  let reached = withFolders(parts, [0]);
  for (const name of names) {
    const next = reached.flatMap((at) => {
      const part = parts[at];
      if (part === '**') return [at];
      return part !== undefined && isName(part, name) ? [at + 1] : [];
    });
    if (next.length === 0) return false;
    reached = withFolders(parts, next);
  }
  return reached.includes(parts.length);
}

/** `**` is no folder, too. */
function withFolders(parts: readonly string[], reached: readonly number[]): number[] {
  const all = new Set(reached);
  for (const at of all) if (parts[at] === '**') all.add(at + 1);
  return [...all];
}

/** Whether a name is as a part of a glob says: `*` any letters, `?` one, `[a-c]` and `[!a-c]` one of some. */
function isName(part: string, name: string): boolean {
  const signs = part.match(/\[[!^]?[^\]]+\]|./gsu) ?? [];
  const letters = Array.from(name);
  let [at, sign, star, from] = [0, 0, -1, 0];
  while (at < letters.length) {
    const own = signs[sign];
    if (own === '*') [star, from] = [sign++, at];
    else if (own !== undefined && isLetter(own, letters[at] ?? '')) {
      sign++;
      at++;
    } else if (star < 0) return false;
    // The last star takes one letter more.
    else [sign, at] = [star + 1, ++from];
  }
  return signs.slice(sign).every((left) => left === '*');
}

function isLetter(sign: string, letter: string): boolean {
  if (sign === '?') return true;
  if (sign.length < 3 || !sign.startsWith('[')) return sign === letter;
  const isNot = /^\[[!^]/.test(sign);
  const ranges = sign.slice(isNot ? 2 : 1, -1).match(/.-.|./gsu) ?? [];
  const isIn = ranges.some((range) => {
    const [first = '', , last = first] = Array.from(range);
    return first <= letter && letter <= last;
  });
  return isIn !== isNot;
}
