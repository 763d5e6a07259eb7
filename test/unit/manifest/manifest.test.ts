import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS, CONFIG_LANGUAGES, ON_CONFIG, PAGES, SETTINGS } from '../../../src/extension/ids';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Command {
  command: string;
  title: string;
  category?: string;
}
interface Property {
  scope?: string;
  order?: number;
  default?: unknown;
  description?: string;
  markdownDescription?: string;
}
interface MenuItem {
  command?: string;
  when?: string;
}
interface Manifest {
  main: string;
  browser?: string;
  icon?: string;
  license?: string;
  categories?: string[];
  keywords?: string[];
  engines: { vscode: string; node: string };
  extensionKind?: string[];
  devDependencies: Record<string, string>;
  activationEvents?: string[];
  capabilities?: {
    untrustedWorkspaces?: { supported: boolean | string };
    virtualWorkspaces?: boolean | { supported: boolean };
  };
  contributes: {
    commands: Command[];
    configuration: { properties: Record<string, Property> };
    menus?: Record<string, MenuItem[]>;
  };
}

const manifest = JSON.parse(text('package.json')) as Manifest;
const nls = JSON.parse(text('package.nls.json')) as Record<string, string>;
const { commands, configuration, menus = {} } = manifest.contributes;

/** A manifest's text as the user reads it. */
function shown(value: string): string {
  return value.replace(/^%(.+)%$/, (whole, key: string) => nls[key] ?? whole);
}

describe('commands', () => {
  it('are those the code registers, no more and no fewer', () => {
    expect(commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort());
  });

  it('share one category and have a name', () => {
    expect(commands.map(({ category }) => shown(category ?? ''))).toEqual(commands.map(() => 'LoRA'));
    for (const { title } of commands) expect(shown(title)).toMatch(/^[A-Z][^%]+$/);
  });

  it('have the one people look for under its own words', () => {
    const check = commands.find(({ command }) => command === COMMANDS.check);
    expect(shown(check?.title ?? '')).toBe('Check alpha equivalence');
  });

  it('that only make sense on a preview are offered there alone', () => {
    const palette = menus['commandPalette'] ?? [];
    for (const command of [COMMANDS.applyPreview, COMMANDS.discardPreview]) {
      expect(palette.find((item) => item.command === command)?.when, command).toBeTruthy();
    }
  });

  it('that need arguments or a config are not in the palette without them', () => {
    const palette = Object.fromEntries(
      (menus['commandPalette'] ?? []).map(({ command = '', when }) => [command, when]),
    );
    for (const command of [COMMANDS.explain, COMMANDS.compareSelected]) expect(palette[command], command).toBe('false');
    for (const command of [COMMANDS.rescale, COMMANDS.showRuns]) expect(palette[command], command).toBe(ON_CONFIG);
  });

  it('stand in no menu without a condition, and in no menu unless they exist', () => {
    const known = new Set<string | undefined>(commands.map(({ command }) => command));
    const items = Object.values(menus).flat();
    expect(items.filter(({ command }) => !known.has(command))).toEqual([]);
    expect(items.filter(({ when }) => !when)).toEqual([]);
  });
});

describe('settings', () => {
  const properties = Object.entries(configuration.properties);

  it('are those the code reads', () => {
    const { section, ...names } = SETTINGS;
    expect(properties.map(([key]) => key).sort()).toEqual(
      Object.values(names)
        .map((name) => `${section}.${name}`)
        .sort(),
    );
  });

  it.each(properties)('%s has a default, a scope, a place in the order, and one sentence', (_key, property) => {
    expect(property).toHaveProperty('default');
    expect(property.scope).toMatch(/^(window|resource)$/);
    expect(property.order).toEqual(expect.any(Number));
    // A dot within a word (`files.exclude`) ends no sentence.
    expect(shown(property.markdownDescription ?? property.description ?? '')).toMatch(/^[A-Z](?:(?!\. ).)*\.$/);
  });

  it('have each a place of their own', () => {
    const places = properties.map(([, { order }]) => order);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('texts', () => {
  const used = [...text('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? '');

  it('that package.json names are all there', () => {
    expect([...new Set(used)].filter((key) => !(key in nls))).toEqual([]);
  });

  it('that are there are all used', () => {
    expect(Object.keys(nls).filter((key) => !used.includes(key))).toEqual([]);
  });

  it('hold no emoji', () => {
    expect(Object.values(nls).filter((value) => /\p{Extended_Pictographic}/u.test(value))).toEqual([]);
  });
});

describe('activation', () => {
  const events = manifest.activationEvents ?? [];

  const pages = Object.values(PAGES).map((view) => `onWebviewPanel:${view}`);

  it('waits for a panel to restore or a config to open, never for the start of the editor', () => {
    expect(events).toEqual(expect.arrayContaining(pages));
    const allowed = [...pages, ...CONFIG_LANGUAGES.map((language) => `onLanguage:${language}`)];
    expect(events.filter((event) => !allowed.includes(event))).toEqual([]);
  });

  it('names every language that configs are looked for in', () => {
    expect(events).toEqual(expect.arrayContaining(CONFIG_LANGUAGES.map((language) => `onLanguage:${language}`)));
  });
});

describe('where it runs', () => {
  it('has an entry for Node and one for browsers', () => {
    expect(manifest.main).toBe('./dist/extension.js');
    expect(manifest.browser).toBe('./dist/extension-web.js');
  });

  it('works in an untrusted and in a virtual workspace', () => {
    expect(manifest.capabilities?.untrustedWorkspaces?.supported).toBe(true);
    const virtual = manifest.capabilities?.virtualWorkspaces;
    expect(typeof virtual === 'object' ? virtual.supported : virtual).toBe(true);
  });

  it('runs where the files are, and beside the user where that cannot be', () => {
    expect(manifest.extensionKind).toEqual(['workspace', 'ui']);
  });

  it('uses no API newer than the oldest editor it asks for', () => {
    const numbers = (version: string): number[] => version.replace(/^\D+/, '').split('.').map(Number);
    const [major = 0, minor = 0] = numbers(manifest.engines.vscode);
    const [typesMajor = 0, typesMinor = 0] = numbers(manifest.devDependencies['@types/vscode'] ?? '');
    expect(typesMajor * 1000 + typesMinor).toBeLessThanOrEqual(major * 1000 + minor);
  });
});

describe('the shop window', () => {
  it('has an icon of at least 128 pixels', () => {
    const icon = readFileSync(path.join(ROOT, manifest.icon ?? ''));
    expect(icon.subarray(1, 4).toString('latin1')).toBe('PNG');
    // Width and height of the image stand in the PNG's first chunk.
    expect(icon.readUInt32BE(16)).toBeGreaterThanOrEqual(128);
    expect(icon.readUInt32BE(20)).toBe(icon.readUInt32BE(16));
  });

  it('has a licence, categories and keywords', () => {
    expect(manifest.license).toBe('MIT');
    expect(text('LICENSE')).toMatch(/MIT License/);
    expect(manifest.categories).toEqual(expect.arrayContaining(['Machine Learning', 'Visualization', 'Notebooks']));
    expect(manifest.keywords?.length).toBeGreaterThan(0);
  });
});
