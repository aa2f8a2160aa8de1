/** The product's mark; never mirrored. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden>
      <rect width="32" height="32" rx="8" fill="#0F6F6A" />
      <path d="M8.500 23.500 14 10.200a2.150 2.150 0 0 1 4 0l5.500 13.300" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="16" cy="21.800" r="2.300" fill="#F0B64B" />
    </svg>
  );
}
