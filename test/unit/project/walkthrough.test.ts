import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/extension/ids';

interface Step {
  id: string;
  title: string;
  description: string;
  media: { image: Record<string, string>; altText: string };
  completionEvents: string[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read('package.json') as { contributes: { walkthroughs: { steps: Step[] }[] } };
const strings = read('package.nls.json') as Record<string, string>;
const [walkthrough, ...others] = manifest.contributes.walkthroughs;

/** Links that run a command: `[Open](command:loraAlpha.openSample)`. */
const actionsIn = (text: string): string[] => [...text.matchAll(/\]\(command:([\w.]+)\)/g)].map(([, id]) => id ?? '');
const ours: readonly string[] = Object.values(COMMANDS);

describe('the walkthrough', () => {
  it('has three steps, each with a picture and one action, which completes it', () => {
    expect(others).toEqual([]);
    expect(walkthrough?.steps.map(({ id }) => id)).toEqual(['open', 'check', 'write']);
    for (const { description, media, completionEvents } of walkthrough?.steps ?? []) {
      const actions = actionsIn(strings[description.replaceAll('%', '')] ?? '');
      expect(actions).toHaveLength(1);
      expect(completionEvents).toEqual([`onCommand:${actions[0]}`]);
      expect(Object.keys(media.image).sort()).toEqual(['dark', 'hc', 'hcLight', 'light']);
      expect(strings[media.altText.replaceAll('%', '')]).toMatch(/^.{30,}\.$/);
    }
  });

  it('and the welcome texts run only commands that exist', () => {
    const commands = Object.values(strings)
      .flatMap(actionsIn)
      .filter((id) => id.startsWith('loraAlpha.'));
    expect(commands.length).toBeGreaterThan(4);
    expect(commands.filter((id) => !ours.includes(id))).toEqual([]);
  });
});
