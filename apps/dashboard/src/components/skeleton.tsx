/** The shape of what is being loaded. Invisible for the first 200 ms, so that a quick answer does not flicker. */
export function Skeleton({ className }: { readonly className: string }) {
  return <span className={`skeleton block rounded-sm bg-sunken ${className}`} />;
}

/** Says in words what the shape stands for. */
export function SkeletonLabel({ children }: { readonly children: string }) {
  return (
    <span role="status" className="sr-only">
      {children}
    </span>
  );
}
