/** The form of names that parameters and secrets may have. */
export function isVariableName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name)
}

/** Where programs, their libraries and their files are found, and what they run besides what they were asked for. */
const steersPrograms = [
  'PATH PATHEXT COMSPEC SYSTEMROOT SYSTEMDRIVE WINDIR HOME HOMEDRIVE HOMEPATH USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA',
  'PROGRAMFILES ALLUSERSPROFILE TMPDIR TEMP TMP SHELL TERM TERMINFO EDITOR VISUAL PAGER BROWSER LESSOPEN LESSCLOSE',
  'ENV IFS CDPATH GLOBIGNORE PROMPT PROMPT_COMMAND INPUTRC ZDOTDIR FPATH MODULE_PATH NODE_OPTIONS NODE_PATH',
  'NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED CLASSPATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS GCONV_PATH LOCPATH NLSPATH',
  'LANG LANGUAGE HOSTALIASES RES_OPTIONS LOCALDOMAIN GLIBC_TUNABLES OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES',
  'GIT_ASKPASS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER GIT_EXTERNAL_DIFF',
  'GIT_PROXY_COMMAND GIT_TEMPLATE_DIR GIT_ATTR_SOURCE SSH_ASKPASS SSH_AUTH_SOCK SUDO_ASKPASS SUDO_EDITOR',
]

/** What a shell has of itself under these names, whatever its environment says: such a value would not arrive. */
const belongsToShells = [
  'ARGC ARGV0 CMD_DURATION COLUMNS CPUTYPE EGID ERRNO EUID FUNCNAME FUNCNEST GID HISTCHARS HISTCMD HISTFILE HISTSIZE',
  'KEYBOARD_HACK KEYTIMEOUT LINENO LINES LISTMAX MACHTYPE MAILCHECK OLDPWD OPTARG OPTERR OPTIND OSTYPE PIPESTATUS PPID PWD',
  'RANDOM REPLY SAVEHIST SECONDS SHELLOPTS SHLVL SRANDOM TMOUT TTY TTYIDLE UID USERNAME',
]

const reserved = new Set([...steersPrograms, ...belongsToShells].flatMap((names) => names.split(' ')))

const prefixes = [
  ...[
    'LD_',
    'DYLD_',
    'PYTHON',
    'PERL5',
    'PERLLIB',
    'PERLIO',
    'PERL_',
    'RUBY',
    'PS',
    'GIT_SSH',
    'GIT_EXEC',
    'GIT_CONFIG',
    'LC_',
  ],
  ...['BASH', 'ZSH_', 'ZLE_', 'FISH_', 'COMP_', 'EPOCH', 'TRY_BLOCK_', 'MALLOC_', 'BATON_'],
]

/**
 * A name that would change how programs run, that a shell keeps for itself, or that is Baton's own: no parameter, secret or
 * captured output may have it.
 * @param name in any case: Windows does not tell them apart, and zsh has `path` beside `PATH`
 */
export function isReservedName(name: string): boolean {
  const upper = name.toUpperCase()
  return reserved.has(upper) || prefixes.some((prefix) => upper.startsWith(prefix))
}
