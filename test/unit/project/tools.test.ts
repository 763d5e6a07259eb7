import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PLAN_TOOL } from '../../../src/extension/ids';

interface Tool {
  name: string;
  displayName: string;
  modelDescription: string;
  inputSchema: { properties: Record<string, { type: string; description: string }>; required: string[] };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const { contributes } = read('package.json') as { contributes: { languageModelTools: Tool[] } };
const strings = read('package.nls.json') as Record<string, string>;

describe('the tools of language models', () => {
  const tools = contributes.languageModelTools;

  it('are those the code registers, called by verb and noun', () => {
    expect(tools.map(({ name }) => name)).toEqual([PLAN_TOOL]);
    for (const { name } of tools) expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
  });

  it.each(tools)('$name says when to use it, what it does and what it answers', ({ modelDescription }) => {
    expect(modelDescription.length).toBeGreaterThan(400);
    for (const part of [/Use it before/, /writes nothing/, /The answer is JSON/, /never call a plan exact/])
      expect(modelDescription).toMatch(part);
  });

  it.each(tools)('$name describes each of its inputs', ({ inputSchema: { properties, required } }) => {
    expect(Object.keys(properties)).toEqual(['path', 'alpha', 'recipe']);
    expect(required).toEqual(['path', 'alpha']);
    for (const { type, description } of Object.values(properties)) {
      expect(type).toMatch(/^(string|number|integer)$/);
      expect(strings[description.replaceAll('%', '')]).toMatch(/\.$/);
    }
  });
});
