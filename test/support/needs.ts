/** Skips a test, or all of a suite whose `before` this is, where something is missing; the reason is printed. */
export function needs(context: Mocha.Context, missing: string | undefined): void {
  if (missing === undefined) return
  console.log(`      skipped: ${missing}`)
  context.skip()
}

/** Skips what Windows has in another way, or not at all. */
export function needsUnix(context: Mocha.Context, why: string): void {
  needs(context, process.platform === 'win32' ? why : undefined)
}
