import { visible } from '../recipe/visible';

/**
 * Text made safe for XML and HTML, in content and in quoted attributes. Characters that act instead of being seen are
 * spelled out; the two others that XML forbids are left out.
 */
export function escapeMarkup(text: string): string {
  return visible(text)
    .replace(FORBIDDEN_IN_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const FORBIDDEN_IN_XML = /[\uFFFE\uFFFF]/g;

type MarkupAttributes = Readonly<Record<string, string | number>>;

/** `<name a="…">content</name>`. Attribute values are escaped; `content` is markup already. */
export function element(name: string, attributes: MarkupAttributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    return ` ${key}="${escapeMarkup(typeof value === 'number' ? `${hundredths(value)}` : value)}"`;
  });
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

/** A coordinate with as many digits as a screen can show. */
export function hundredths(position: number): number {
  return Math.round(position * 100) / 100;
}
