import { setInStore } from '../secrets/memory.ts'
import { type Rotation, rotationOf } from '../secrets/rotation.ts'
import type { SecretSight } from '../secrets/store.ts'
import { formatDate } from '../wording/dates.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type DeclaredSecret, declaredSecrets } from './secrets-declared.ts'
import { type Style, styleFor } from './style.ts'

interface Listed {
  readonly secret: DeclaredSecret
  /** `gone`: it was set here, and somebody took it away; `unreadable`: the keychain does not say whether it is there. */
  readonly state: 'set' | 'missing' | 'gone' | 'unreadable' | 'printed'
  readonly kept?: 'environment' | 'keychain'
  readonly setAt?: number
  readonly rotation: Rotation
}

/** `baton secrets list`: what the runbooks of this repo declare, and whether it is there. No value is read. */
export async function listSecrets(options: { readonly json?: true }, line: CommandLine): Promise<ExitCode> {
  const { secrets } = await declaredSecrets(line, 'anywhere')
  const sight = await line.runs.keychain.look(secrets.map(({ name }) => name))
  const traces = await line.secrets.memory.recall()
  const listed: Listed[] = []
  for (const secret of secrets) {
    const isGiven = (await line.runs.environmentSecrets.get(secret.name)).kind === 'found'
    const setAt = setInStore(traces.get(secret.name), 'keychain')
    listed.push(stateOf(secret, isGiven, sight, setAt, line.now()))
  }
  if (options.json) line.out.write(`${JSON.stringify(listed.map(jsonOf), null, 2)}\n`)
  else print(listed, sight, line)
  return exitCodes.fine
}

function stateOf(
  secret: DeclaredSecret,
  isGiven: boolean,
  sight: SecretSight,
  setAt: number | undefined,
  now: number,
): Listed {
  const none = { kind: 'none' } as const
  if (isGiven) return { secret, state: 'set', kept: 'environment', rotation: none }
  if (secret.isPrinted) return { secret, state: 'printed', rotation: none }
  const presence = sight.kind === 'seen' ? (sight.presence[secret.name] ?? 'unknown') : 'unknown'
  if (presence === 'unknown') return { secret, state: 'unreadable', rotation: none }
  const since = setAt === undefined ? {} : { setAt }
  if (presence === 'missing') {
    return { secret, state: setAt === undefined ? 'missing' : 'gone', ...since, rotation: none }
  }
  return { secret, state: 'set', kept: 'keychain', ...since, rotation: rotationOf(secret.rotateEvery, setAt, now) }
}

function print(listed: readonly Listed[], sight: SecretSight, line: CommandLine): void {
  const { t, out, err } = line
  const style = styleFor(out)
  if (listed.length === 0) err.write(`${t('No runbook here declares a secret.')}\n`)
  for (const entry of listed) {
    const { name, label, uses } = entry.secret
    const title = label === undefined ? style.strong(name) : `${style.strong(name)}  ${plain(label)}`
    const runbooks = uses.map((use) => plain(use.entry.shown)).join(' · ')
    out.write(`${title}\n  ${stateText(entry, style, line)}\n  ${style.quiet(runbooks)}\n`)
  }
  const [first] = listed.filter(({ state }) => state === 'missing' || state === 'gone')
  if (first !== undefined) err.write(`${t('To set one: {0}', `baton secrets set ${first.secret.name}`)}\n`)
  if (listed.some(({ state }) => state === 'unreadable')) {
    const isLocked = sight.kind === 'seen' ? sight.locked : sight.failure.code === 'locked'
    err.write(
      `${isLocked ? t('The keychain is locked. Unlock it to see what is in it.') : t('There is no keychain here that could be looked into.')}\n`,
    )
  }
}

function stateText({ state, kept, setAt, rotation }: Listed, style: Style, line: CommandLine): string {
  const { t, locale, runs } = line
  const day = (time: number) => formatDate(time, line.now(), locale)
  switch (state) {
    case 'set': {
      const place = kept === 'environment' ? t('environment') : runs.keychainName
      const since = setAt === undefined ? [] : [t('since {0}', day(setAt))]
      const change = rotation.kind === 'overdue' ? [style.bad(t('had to be changed by {0}', day(rotation.since)))] : []
      return [style.good(`✓ ${t('set')}`), place, ...since, ...change].join(' · ')
    }
    case 'missing':
      return style.bad(`✗ ${t('missing')}`)
    case 'gone':
      return style.bad(`✗ ${t('missing: it was set on {0}, and is gone', day(setAt ?? 0))}`)
    case 'unreadable':
      return style.notice(`? ${t('unknown')}`)
    case 'printed':
      return `✓ ${t('printed by a command')}`
  }
}

function jsonOf({ secret, state, kept, setAt, rotation }: Listed) {
  const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString())
  const changeBy = rotation.kind === 'due' ? rotation.at : rotation.kind === 'overdue' ? rotation.since : undefined
  return {
    name: secret.name,
    label: secret.label,
    owner: secret.owner,
    state,
    kept,
    setAt: iso(setAt),
    changeBy: iso(changeBy),
    runbooks: secret.uses.map(({ entry }) => entry.shown),
  }
}
