/** A doorway in a doorway. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M9 25V11a7 7 0 0 1 14 0v14"
        fill="none"
        stroke="var(--on-accent)"
        stroke-width="2.6"
        stroke-linecap="round"
      />
      <path d="M13.5 25V12.5a2.5 2.5 0 0 1 5 0V25" fill="var(--on-accent)" />
    </svg>
  )
}
