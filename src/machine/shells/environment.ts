/** What the editor puts into the environment of its extensions for itself. `ELECTRON_RUN_AS_NODE` alone breaks programs. */
const editors =
  /^(VSCODE_.*|ELECTRON_.*|BATON_.*|CHROME_DESKTOP|CHROME_CRASHPAD_PIPE_NAME|GDK_PIXBUF_MODULE_FILE_VSCODE.*|.*_VSCODE_SNAP_ORIG|ORIGINAL_XDG_CURRENT_DESKTOP|APPLICATION_INSIGHTS_NO_.*)$/i

/** The environment of this process without what belongs to the editor and to Baton. */
export const withoutEditor = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !editors.test(entry[0])),
  )

/** On Windows `Path` and `PATH` are one name. */
const sameNames = (platform: NodeJS.Platform) => (name: string) => (platform === 'win32' ? name.toUpperCase() : name)

/** Names of one process rather than of a run. */
const ofOneProcess = ['SHLVL', '_']

/**
 * What a step's environment leaves for the next one: everything but what was granted to it alone, Baton's own variables
 * and those of one process, which all keep what they were before the step.
 */
export const carriedEnvironment = (
  after: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  grants: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> => {
  const key = sameNames(platform)
  const notCarried = new Set([...Object.keys(grants), ...ofOneProcess].map(key))
  const spelled = new Map(Object.keys(before).map((name) => [key(name), name]))
  const stays = (name: string) => !notCarried.has(key(name)) && !name.startsWith('BATON_')
  return Object.fromEntries([
    ...Object.entries(after)
      .filter(([name]) => stays(name))
      .map(([name, value]) => [spelled.get(key(name)) ?? name, value] as const),
    ...Object.entries(before).filter(([name]) => notCarried.has(key(name))),
  ])
}

/** `over` laid over `base`: on Windows a name replaces its other spellings. */
export const layered = (
  base: Readonly<Record<string, string>>,
  over: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> => {
  if (platform !== 'win32') return { ...base, ...over }
  const names = new Set(Object.keys(over).map(sameNames(platform)))
  return { ...Object.fromEntries(Object.entries(base).filter(([name]) => !names.has(name.toUpperCase()))), ...over }
}
