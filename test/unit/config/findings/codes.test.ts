import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FINDING_CODES } from '../../../../src/config/findings/codes';

it.each(['findings.md', 'findings.de.md'])('%s explains every code, and no other', (name) => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs', name), 'utf8');
  const [, ...sections] = page.split(/^## /m);
  const parts = sections.map((section) =>
    /^([a-z0-9-]+)\n\n\*\*([A-ZÄÖÜ].*[^.])\.\*\* (\S.{59,}[.:])\n+$/s.exec(section),
  );
  expect(sections.filter((_, i) => !parts[i])).toEqual([]);
  expect(parts.map((part) => part?.[1])).toEqual(FINDING_CODES.toSorted());
  expect(new Set(parts.map((part) => part?.[2])).size).toBe(FINDING_CODES.length);
});
