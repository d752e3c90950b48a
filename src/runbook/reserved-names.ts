/** The form of names that parameters and secrets may have. */
export function isVariableName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name)
}

/** Exactly these, and everything that begins with one of the prefixes, changes how programs run. */
const reserved = new Set([
  'PATH',
  'PATHEXT',
  'COMSPEC',
  'SYSTEMROOT',
  'WINDIR',
  'IFS',
  'ENV',
  'BASH_ENV',
  'BASHOPTS',
  'SHELLOPTS',
  'SHELL',
  'PROMPT_COMMAND',
  'ZDOTDIR',
  'NODE_OPTIONS',
  'NODE_PATH',
  'CDPATH',
  'GLOBIGNORE',
  'TMPDIR',
  'TEMP',
  'TMP',
  'HOME',
])
const prefixes = ['LD_', 'DYLD_', 'PYTHON', 'PERL5', 'RUBY', 'PS', 'GIT_SSH', 'GIT_EXEC', 'BATON_']

/** A name that would change how programs run, or that is Baton's own: no parameter or secret may have it. */
export function isReservedName(name: string): boolean {
  return reserved.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
}
