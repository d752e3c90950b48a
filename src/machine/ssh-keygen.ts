import { execa } from 'execa'

export type SshKeygenResult =
  | { readonly kind: 'done'; readonly stdout: string }
  /** `message` is what it said, in English. */
  | { readonly kind: 'failed'; readonly message: string }
  /** It is not to be found. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'timeout' }

/** A key in an agent may ask for a touch or a fingerprint; nobody waits longer. */
const timeLimitMs = 20_000

/**
 * Runs `ssh-keygen`, which cannot ask for anything: it has no terminal and no program that asks for passphrases.
 * @param program another one that takes the same arguments, as git's `gpg.ssh.program`
 */
export async function sshKeygen(
  args: readonly string[],
  input: string,
  program = 'ssh-keygen',
): Promise<SshKeygenResult> {
  const result = await execa(program, args, {
    reject: false,
    input,
    timeout: timeLimitMs,
    // A session of its own: otherwise it would find the terminal and ask there for a passphrase.
    detached: true,
    windowsHide: true,
    env: { LC_ALL: 'C', TZ: 'UTC0', DISPLAY: '', SSH_ASKPASS: '', SSH_ASKPASS_REQUIRE: 'never' },
  })
  if (!result.failed) return { kind: 'done', stdout: result.stdout }
  if (result.timedOut) return { kind: 'timeout' }
  if (result.code === 'ENOENT' || result.code === 'EACCES') return { kind: 'missing' }
  return { kind: 'failed', message: result.stderr.trim() }
}
