import { SkeletonRows } from '../ui/SkeletonRows';

/** What stands in a page's place while it takes longer than a moment to load. */
export function PendingPage() {
  return <SkeletonRows rows={8} />;
}
