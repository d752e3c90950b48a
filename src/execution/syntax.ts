/** A step's text, to be read and not to be run. */
export interface SyntaxRequest {
  readonly shell: string
  readonly text: string
  /** 1-based line of the runbook on which `text` begins. */
  readonly line: number
}

export type SyntaxFindings =
  | { readonly kind: 'checked'; readonly problems: readonly SyntaxProblem[] }
  /** Nothing here can read this shell without running it. */
  | { readonly kind: 'unchecked' }

export interface SyntaxProblem {
  /** 1-based, in the runbook. */
  readonly line: number
  /** 1-based, in UTF-16 units; the whole line where the shell does not say. */
  readonly column?: number
  /** In the shell's own words. */
  readonly message: string
}

/** Finds errors in steps without running anything of them. Never fails: what cannot be checked is `unchecked`. */
export interface SyntaxChecker {
  check(request: SyntaxRequest, signal?: AbortSignal): Promise<SyntaxFindings>
}
