import { posix, win32 } from 'node:path'

/**
 * Where Baton keeps what belongs to a user on one computer, and to no repo; it need not exist. Source: the XDG Base Directory
 * Specification 0.8, and each system's own custom.
 *
 * @param home the user's home folder, absolute
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  switch (platform) {
    case 'win32':
      return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'baton')
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'baton')
    default: {
      const given = env.XDG_STATE_HOME ?? ''
      // The specification has relative paths passed over.
      return posix.join(given.startsWith('/') ? given : posix.join(home, '.local', 'state'), 'baton')
    }
  }
}
