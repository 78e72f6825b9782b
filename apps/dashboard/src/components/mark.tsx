/** The mark: one ribbon drawn as a u whose right stem springs free to the lower right, like the flexible blade. */
export function Mark({ className = 'size-6' }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
      aria-hidden="true"
    >
      <path d="M4 3.5v8a5.25 5.25 0 0 0 10.5 0v-8V12c0 4.6 2 7.5 6 8.5" />
    </svg>
  );
}
