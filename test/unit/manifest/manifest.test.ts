import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import manifest from '../../../package.json';
import strings from '../../../package.nls.json';
import { TOOLS as MCP_TOOLS } from '../../../src/cli/mcp/tools';
import { BOUNDS, withinBounds } from '../../../src/extension/bounds';
import { COMMANDS, CONFIG_LANGUAGES, DONE, ON_CONFIG, PAGES, SETTINGS, TOOLS } from '../../../src/extension/ids';
import { TASK_CHOICES } from '../../../src/experiment/toy/task-choice';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const { commands, configuration, menus, walkthroughs, languageModelTools: tools } = manifest.contributes;
const nls: Readonly<Record<string, string>> = strings;
const ids: readonly string[] = Object.values(COMMANDS);

/** A manifest's text as the user reads it. */
const shown = (value = ''): string => value.replace(/^%(.+)%$/, (whole, key: string) => nls[key] ?? whole);

describe('commands', () => {
  const items = Object.values(menus).flat();
  const palette = new Map<string, string>(menus.commandPalette.map(({ command, when }) => [command, when]));

  it('are those the code registers, no more and no fewer', () => {
    expect(commands.map(({ command }) => command).sort()).toEqual(ids.toSorted());
  });

  it('share one category and have a name, one the words that people look for', () => {
    expect(commands.map(({ category }) => shown(category))).toEqual(commands.map(() => 'LoRA'));
    for (const { title } of commands) expect(shown(title)).toMatch(/^[A-Z][^%]+$/);
    const check = commands.find(({ command }) => command === COMMANDS.check);
    expect(shown(check?.title)).toBe('Check alpha equivalence');
  });

  it('that need a preview, arguments or a config are not in the palette without them', () => {
    for (const command of [COMMANDS.applyPreview, COMMANDS.discardPreview]) expect(palette.get(command)).toBeTruthy();
    for (const name of ['explain', 'compareSelected', 'sortRecipes', 'filterRecipes', 'refreshRecipes'] as const) {
      expect(palette.get(COMMANDS[name]), name).toBe('false');
    }
    for (const command of [COMMANDS.rescale, COMMANDS.showRuns]) expect(palette.get(command)).toBe(ON_CONFIG);
  });

  it('stand in no menu without a condition, and in no menu unless they exist', () => {
    expect(items.filter(({ command }) => !ids.includes(command))).toEqual([]);
    expect(items.filter(({ when }) => !when)).toEqual([]);
  });
});

interface Setting {
  type: string | string[];
  enum?: string[];
  minimum?: number;
  maximum?: number;
  scope: string;
  order: number;
  default?: unknown;
  description?: string;
  markdownDescription?: string;
  tags?: string[];
}

describe('settings', () => {
  const settings = Object.entries<Setting>(configuration.properties).map(([key, setting]) => ({
    ...setting,
    id: key.replace('loraAlpha.', ''),
    words: shown(setting.markdownDescription ?? setting.description),
  }));

  it('are those the code reads; three are shown only to those who ask for advanced ones', () => {
    const advanced = settings.filter(({ tags }) => tags?.includes('advanced')).map(({ id }) => id);
    expect(advanced).toEqual(['backend', 'seeds', 'workers']);
    const { section, ...names } = SETTINGS;
    expect(section).toBe('loraAlpha');
    expect(settings.map(({ id }) => id).sort()).toEqual(Object.values<string>(names).sort());
  });

  it.each(settings)('$id has a default, a scope and one sentence', (setting) => {
    expect(setting).toHaveProperty('default');
    expect(setting.scope).toMatch(/^(window|resource)$/);
    // A dot within a word (`files.exclude`) ends no sentence.
    expect(setting.words).toMatch(/^[A-Z](?:(?!\. ).)*\.$/);
  });

  it('have each a place of their own', () => {
    const places = settings.map(({ order }) => order);
    expect(places).toEqual(places.map(() => expect.any(Number) as number));
    expect(new Set(places).size).toBe(places.length);
  });

  it('that are numbers have bounds, which the editor checks and their descriptions name', () => {
    const numbers = settings.filter(({ type }) => type === 'integer' || type === 'number');
    const bounds = numbers.map(({ id, minimum: low, maximum: high, default: fallback }) => [
      id,
      { low, high, fallback },
    ]);
    expect(Object.fromEntries(bounds)).toEqual(BOUNDS);
    for (const { minimum, maximum, words } of numbers) expect(words).toContain(`from ${minimum} to ${maximum}`);
  });

  it('that are words name all of them', () => {
    const words = settings.filter(({ type }) => type === 'string').map(({ id, enum: choices }) => [id, choices]);
    expect(Object.fromEntries(words)).toEqual({ backend: ['auto', 'cpu', 'wasm', 'webgl'], task: TASK_CHOICES });
  });

  it('take the nearest number that may be', () => {
    const taken = [0, -1e300, 16, 17, Infinity, 2.4, NaN, '3', null, {}].map((value) =>
      withinBounds(BOUNDS.seeds, value),
    );
    expect(taken).toEqual([1, 1, 16, 16, 16, 2, 1, 1, 1, 1]);
  });
});

describe('texts', () => {
  const text = readFileSync(path.join(ROOT, 'package.json'), 'utf8');
  const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);

  it('that package.json names are all there, and those that are there are all used', () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(nls).sort());
  });

  it('hold no emoji', () => {
    expect(Object.values(nls).filter((value) => /\p{Extended_Pictographic}/u.test(value))).toEqual([]);
  });
});

it('is activated by a panel to restore or a config to open, never by the start of the editor', () => {
  const pages = Object.values(PAGES).map((view) => `onWebviewPanel:${view}`);
  const languages = CONFIG_LANGUAGES.map((language) => `onLanguage:${language}`);
  expect(manifest.activationEvents.toSorted()).toEqual([...pages, ...languages].sort());
});

describe('where it runs', () => {
  it('has an entry for Node and one for browsers', () => {
    expect(manifest).toMatchObject({ main: './dist/extension.js', browser: './dist/extension-web.js' });
  });

  it('works in an untrusted and in a virtual workspace, where the files are or else beside the user', () => {
    const capabilities = { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true };
    expect(manifest).toMatchObject({ capabilities, extensionKind: ['workspace', 'ui'] });
  });

  it('uses no API newer than the oldest editor it asks for', () => {
    const numbers = (version: string): number => {
      const [major = 0, minor = 0] = version.replace(/^\D+/, '').split('.').map(Number);
      return major * 1000 + minor;
    };
    const types = numbers(manifest.devDependencies['@types/vscode']);
    expect(types).toBeGreaterThan(1000);
    expect(types).toBeLessThanOrEqual(numbers(manifest.engines.vscode));
  });
});

describe('the shop window', () => {
  it('has an icon of at least 128 pixels', () => {
    const icon = readFileSync(path.join(ROOT, manifest.icon));
    expect(icon.subarray(1, 4).toString('latin1')).toBe('PNG');
    // Width and height of the image stand in the PNG's first chunk.
    expect(icon.readUInt32BE(16)).toBeGreaterThanOrEqual(128);
    expect(icon.readUInt32BE(20)).toBe(icon.readUInt32BE(16));
  });

  it('has a licence, categories and keywords', () => {
    expect(manifest.license).toBe('MIT');
    expect(readFileSync(path.join(ROOT, 'LICENSE'), 'utf8')).toMatch(/MIT License/);
    expect(manifest.categories).toEqual(expect.arrayContaining(['Machine Learning', 'Visualization', 'Notebooks']));
    expect(manifest.keywords.length).toBeGreaterThan(0);
  });
});

describe('the tools of language models', () => {
  it('are those the code registers, called by verb and noun', () => {
    expect(tools.map(({ name }) => name)).toEqual(Object.values(TOOLS));
    for (const { name } of tools) expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
  });

  it.each(tools)('$name says when to use it, what it does, what it answers, and what its inputs are', (tool) => {
    expect(tool.modelDescription.length).toBeGreaterThan(400);
    for (const part of [/Use it before/, /writes nothing/, /The answer is JSON/, /never call a plan exact/])
      expect(tool.modelDescription).toMatch(part);
    const { properties, required } = tool.inputSchema;
    for (const name of required) expect(Object.keys(properties)).toContain(name);
    for (const { type, description } of Object.values(properties)) {
      expect(type).toMatch(/^(string|number|integer|boolean)$/);
      expect(shown(description)).toMatch(/^[^%].*\.$/);
    }
  });

  it.each(Object.entries(MCP_TOOLS))('%s takes what the tool of MCP takes', (name, { input }) => {
    const own = tools.find((tool) => tool.name === TOOLS[name as keyof typeof TOOLS]);
    const { properties = {}, required } = z.toJSONSchema(input);
    expect(Object.keys(own?.inputSchema.properties ?? {}).sort()).toEqual(Object.keys(properties).sort());
    expect(own?.inputSchema.required).toEqual(required);
  });
});

describe('the skill', () => {
  it('is called like its folder, says when it is wanted, and names every tool and no other', () => {
    const [skill, ...others] = manifest.contributes.chatSkills;
    expect(others).toEqual([]);
    const text = readFileSync(path.join(ROOT, skill?.path ?? ''), 'utf8');
    const [, name, description = ''] = /^---\nname: (.+)\ndescription: (.+)\n---\n/.exec(text) ?? [];
    expect(name).toBe(path.basename(path.dirname(skill?.path ?? '')));
    expect(description.length).toBeLessThan(1024);
    const named = text.match(/`[a-z]+_lora\w*`/g)?.map((word) => word.slice(1, -1));
    expect(new Set(named)).toEqual(new Set(Object.values(TOOLS)));
  });
});

describe('the walkthrough', () => {
  /** Links that run a command: `[Open](command:loraAlpha.openSample)`. */
  const actionsIn = (text: string): string[] => [...text.matchAll(/\]\(command:([\w.]+)\)/g)].map(([, id = '']) => id);

  it('has three steps, each with a picture and one action, and done by whatever way does it', () => {
    const done = walkthroughs[0]?.steps.map(({ completionEvents }) => completionEvents);
    expect(done).toEqual([
      [`onCommand:${COMMANDS.openSample}`, `onContext:${ON_CONFIG}`],
      [`onContext:${DONE.check}`],
      [`onContext:${DONE.apply}`],
    ]);
    expect(walkthroughs).toHaveLength(1);
    expect(walkthroughs[0]?.steps.map(({ id }) => id)).toEqual(['open', 'check', 'write']);
    for (const { description, media } of walkthroughs[0]?.steps ?? []) {
      const actions = actionsIn(shown(description));
      expect(actions).toHaveLength(1);
      expect(Object.keys(media.image).sort()).toEqual(['dark', 'hc', 'hcLight', 'light']);
      expect(shown(media.altText)).toMatch(/^[^%].{29,}\.$/);
    }
  });

  it('and the welcome texts run only commands that exist', () => {
    const own = Object.values(nls)
      .flatMap(actionsIn)
      .filter((id) => id.startsWith('loraAlpha.'));
    expect(own.length).toBeGreaterThan(4);
    expect(own.filter((id) => !ids.includes(id))).toEqual([]);
  });
});
