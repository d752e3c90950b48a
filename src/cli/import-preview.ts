import { type SecretTrace, setInStore } from '../secrets/memory.ts'
import type { TransferContent } from '../secrets/transfer/content.ts'
import type { RefusedSecret } from '../secrets/transfer/problem.ts'
import type { ComparedSecret } from '../secrets/transfer/takeover.ts'
import { formatDateTime } from '../wording/dates.ts'
import { refusedSecretSentence } from '../wording/transfer-problems.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { DeclaredSecret } from './secrets-declared.ts'
import { type Style, styleFor } from './style.ts'

export interface ImportPreview {
  readonly content: TransferContent
  readonly refused: readonly RefusedSecret[]
  readonly compared: readonly ComparedSecret[]
  readonly declared: readonly DeclaredSecret[]
  readonly traces: ReadonlyMap<string, SecretTrace>
}

/** What a file would bring, before it does: who wrote it, and each name with what is there already. */
export function showPreview(preview: ImportPreview, line: CommandLine): void {
  const { t, err, locale, now } = line
  const style = styleFor(err)
  const { from, time } = preview.content
  const sender = from.email === undefined ? from.name : `${from.name} (${from.email})`
  const when = time === 0 ? '?' : formatDateTime(time, now(), locale)
  err.write(`${t('Handed over by {0} on {1}, as the file says:', plain(sender) || '?', when)}\n`)
  for (const compared of preview.compared) err.write(`  ${secretLine(compared, preview, style, line)}\n`)
  for (const refused of preview.refused) err.write(`  ${style.bad(`✗ ${plain(refusedSecretSentence(refused, t))}`)}\n`)
}

function secretLine(
  { secret, state }: ComparedSecret,
  preview: ImportPreview,
  style: Style,
  line: CommandLine,
): string {
  const { t } = line
  const { name, label } = secret
  // Outside of the repo there is nothing to hold it against.
  const isStrange = preview.declared.length > 0 && !preview.declared.some((declared) => declared.name === name)
  const details = [
    label === undefined ? undefined : plain(label),
    stateText(secret, state, preview, style, line),
    isStrange ? style.notice(t('no runbook here declares it')) : undefined,
  ]
  return `${symbols[state]} ${[style.strong(name), ...details].filter((part) => part !== undefined).join(' · ')}`
}

const symbols = { new: '+', same: '=', other: '≠' } as const

function stateText(
  { name, setAt }: ComparedSecret['secret'],
  state: ComparedSecret['state'],
  { traces }: ImportPreview,
  style: Style,
  { t, now, locale }: CommandLine,
): string {
  switch (state) {
    case 'new':
      return style.good(t('new'))
    case 'same':
      return t('the same value is here')
    case 'other': {
      const moment = (time: number) => formatDateTime(time, now(), locale)
      const mine = setInStore(traces.get(name), 'keychain')
      const since = [
        ...(mine === undefined ? [] : [t('mine since {0}', moment(mine))]),
        ...(setAt === undefined ? [] : [t('that of the file since {0}', moment(setAt))]),
      ]
      return [style.notice(t('another value is here')), ...since].join(' · ')
    }
  }
}
