import type { FromGuide } from '../webview/guide/messages.ts'

type Fields = Readonly<Record<string, unknown>>

/** What the Guide's page sent, as far as it is a message: a page is not trusted to send what it should. */
export function readGuideMessage(message: unknown): FromGuide | undefined {
  if (!isFields(message)) return undefined
  switch (message.type) {
    case 'go':
      return readGo(message.to)
    case 'follow-link':
      return typeof message.href === 'string' ? { type: 'follow-link', href: message.href } : undefined
    case 'show-runbook':
      return { type: message.type }
    default:
      return undefined
  }
}

function readGo(to: unknown): FromGuide | undefined {
  if (!isFields(to)) return undefined
  if (to.kind === 'start' || to.kind === 'end') return { type: 'go', to: { kind: to.kind } }
  return to.kind === 'step' && typeof to.stepId === 'string'
    ? { type: 'go', to: { kind: 'step', stepId: to.stepId } }
    : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
