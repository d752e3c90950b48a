/** Skips a test, or all of a suite whose `before` this is, where something is missing; the reason is printed. */
export function needs(context: Mocha.Context, missing: string | undefined): void {
  if (missing === undefined) return
  console.log(`      skipped: ${missing}`)
  context.skip()
}
