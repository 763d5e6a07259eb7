/** How trainers read YAML, JSON and TOML: what their loaders accept, and what a word without quotes is to them. */
export interface Loader {
  /** Who stops at an error: `PyYAML`. */
  name: string;
  /**
   * YAML's numbers: `1.1` as PyYAML takes them; `exponents` with a float resolver of the trainer's own, to which `1e-4`
   * is a number too.
   */
  numbers?: 'yaml-1.1' | 'exponents';
  /** Whether the loader stops at `2024-13-01`, because it is not a valid date. */
  dates?: true;
  /** Whether it stops at a key that a map has twice; otherwise the last one counts. */
  refusesTwins?: true;
  /** TOML: whether it reads only plain TOML as TOML has it, and the rest as something else (`syntax/toml/plain.ts`). */
  readsPlain?: true;
}

/**
 * The loaders, by the call that trainers make.
 *
 * - `yaml.SafeLoader with floats`: mlx-lm (`lora.py`, `yaml_loader`) and ai-toolkit (`toolkit/config.py`, `fixed_loader`)
 *   add one float resolver to PyYAML's SafeLoader.
 * - `jsonargparse`: the same resolver, no dates (`_loaders_dumpers.py`, `get_yaml_default_loader`).
 * - `OmegaConf.load`: the same again, and a key that stands twice is an error (`omegaconf/_yaml.py`, 2.3 and 2.4). Version
 *   2.4 reads with libyaml, which takes tabs where PyYAML stops; what stops one of the versions is refused here.
 * - `json.load`: neither comments nor a comma behind the last entry nor a byte order mark.
 * - `toml.load` is the package `toml` 0.10.2.
 */
export const LOADERS = {
  'yaml.safe_load': { name: 'PyYAML', numbers: 'yaml-1.1', dates: true },
  'yaml.FullLoader': { name: 'PyYAML', numbers: 'yaml-1.1', dates: true },
  'yaml.SafeLoader with floats': { name: 'PyYAML', numbers: 'exponents', dates: true },
  jsonargparse: { name: 'PyYAML', numbers: 'exponents' },
  'OmegaConf.load': { name: 'OmegaConf', numbers: 'exponents', refusesTwins: true },
  'json.load': { name: 'json' },
  'toml.load': { name: 'toml', readsPlain: true },
  'tomllib.load': { name: 'tomllib' },
} as const satisfies Readonly<Record<string, Loader>>;

export type LoaderId = keyof typeof LOADERS;

/** Of the syntaxes that are data, which loader reads a trainer's files. */
export type Loaders = Partial<Record<'yaml' | 'json' | 'toml', LoaderId>>;
