/**
 * What came of closing a record whose process ended before its run did. `path` is relative to the repo, with `/`; `title` says
 * what ran; `failed`: it is as it was, and `reason` is an errno name.
 */
export type ClosedRecord =
  | { readonly kind: 'closed'; readonly path: string; readonly title: string; readonly startedAt: number }
  | { readonly kind: 'failed'; readonly path: string; readonly reason: string }
