/** For whom something is, as the parts of the server's sum. */
export const patients = [
  { part: 1, name: 'male' },
  { part: 2, name: 'female' },
  { part: 4, name: 'adult' },
  { part: 8, name: 'minor' },
] as const;

/** The sum of all parts. */
export const everybody = 15;

/** The sum with a part switched. */
export function switched(sum: number, part: number): number {
  return sum & part ? sum & ~part : sum | part;
}
