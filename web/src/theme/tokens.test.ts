// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

function scheme(name: 'light' | 'dark'): Map<string, string> {
  const block = new RegExp(`^(?::root,\\n)?\\[data-mantine-color-scheme='${name}'\\] \\{\\n([^}]*)\\}`, 'm').exec(css)?.[1] ?? '';
  return new Map([...block.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, token = '', value = '']) => [token, value]));
}

function luminance(hex: string): number {
  const part = (from: number) => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const states = ['draft', 'assigned', 'accepted', 'rejected', 'reported', 'sent-back', 'approved', 'cancelled'];
const text: [string, string][] = [
  ...['text', 'text-2', 'text-3', 'brand-text'].flatMap((ink): [string, string][] => ['panel', 'canvas', 'sunken', 'hover'].map((ground) => [ink, ground])),
  ['text-3', 'quiet-bg'],
  ['on-brand', 'brand'],
  ['on-brand', 'brand-hover'],
  ['brand-text', 'brand-soft'],
  ['brand-text', 'brand-bg'],
  ...['info', 'warn', 'danger', 'ok'].flatMap((tone): [string, string][] => [
    [tone, `${tone}-bg`],
    [tone, 'panel'],
  ]),
  ...states.map((state): [string, string] => [`state-${state}`, `state-${state}-bg`]),
  ...Array.from({ length: 8 }, (_, index): [string, string] => [`person-${index + 1}`, `person-${index + 1}-bg`]),
];

describe.each(['light', 'dark'] as const)('%s scheme', (name) => {
  const tokens = scheme(name);
  const colour = (token: string) => {
    const value = tokens.get(token) ?? '';
    return value === 'var(--panel)' ? (tokens.get('panel') ?? '') : value;
  };

  test.each(text)('%s can be read on %s', (ink, ground) => {
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['panel', 'sunken'])('the border of a field can be seen on %s', (ground) => {
    expect(contrast(colour('control'), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});

test('both schemes name the same tokens', () => {
  const light = [...scheme('light').keys()].filter((token) => token.startsWith('state') || !token.includes('shadow'));
  expect([...scheme('dark').keys()].filter((token) => !token.includes('shadow')).sort()).toEqual(light.sort());
});
