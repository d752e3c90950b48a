const deeds = new Set<() => void>()

/**
 * Has something done when this process exits, synchronously. One listener serves all, since a process warns about many.
 * @returns takes it back
 */
export const atExit = (deed: () => void): (() => void) => {
  if (deeds.size === 0) process.on('exit', doAll)
  deeds.add(deed)
  return () => {
    deeds.delete(deed)
    if (deeds.size === 0) process.off('exit', doAll)
  }
}

const doAll = (): void => {
  for (const deed of deeds) deed()
}
