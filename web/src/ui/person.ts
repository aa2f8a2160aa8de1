/** One of the eight avatar pairs, 1 to 8: always the same for the same name. */
export function personTone(name: string): number {
  let hash = 2166136261;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return ((hash >>> 8) % 8) + 1;
}

/** First letters of the first and the last part of a name; one letter for Arabic script, where two would join. */
export function initials(name: string, language = ''): string {
  const parts = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstLetter(parts[0]) || '?';
  const last = parts.length > 1 ? firstLetter(parts.at(-1)) : '';
  const one = language === 'ar' || /\p{Script=Arabic}/u.test(first);
  return (one ? first : first + last).toLocaleUpperCase();
}

function firstLetter(part = ''): string {
  return String.fromCodePoint(...(part === '' ? [] : [part.codePointAt(0) ?? 0]));
}
