/** The mark of lateness: a clock with an exclamation mark. */
export function LateIcon({ size = 16 }: { size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} fill="none" stroke="currentColor" strokeWidth="1.600" strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      <path d="M9.700 13.700A6 6 0 1 1 14 8.300" />
      <path d="M8 4.600V8l2 1.300" />
      <path d="M13.600 10.700v2.200M13.600 15v.05" />
    </svg>
  );
}
