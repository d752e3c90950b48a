import assert from 'node:assert/strict'
import type { RunEvent } from '../../../src/execution/event.ts'
import type { StepRequest } from '../../../src/execution/shells.ts'
import { terminalText } from '../../../src/machine/shells/terminal-text.ts'
import { trialRun } from './trial-run.ts'

const textsOf = (events: readonly RunEvent[]) => {
  const outputs = events.filter((event) => event.type === 'output' || event.type === 'echo')
  return {
    shown: outputs.map(({ text }) => text).join(''),
    kept: outputs.map((event) => (event.type === 'output' ? (event.kept ?? event.text) : '')).join(''),
  }
}

/** A step at whose terminal something is typed ahead of what it prints then. */
const run = async (secret: string, typed: string, printed: string, attributes = '') => {
  let next: StepRequest | undefined
  const trial = trialRun(
    `---\nsecrets: [PW]\n---\n# T\n\n\`\`\`sh {interactive=true${attributes}}\necho $PW\n\`\`\`\n\n\`\`\`sh\nnext\n\`\`\`\n`,
    {
      ports: { secret: async () => ({ kind: 'value', value: secret }) },
      behaviours: {
        'echo $PW': async (request) => {
          assert.ok(request.keyboard)
          const text = terminalText(request.keyboard, request.onOutput)
          text.typed(typed, () => ({ awaited: 'nothing', shows: true }))
          if (typed.endsWith('\r')) await text.write(typed.replace('\r', '\r\n'))
          await text.write(printed)
          await text.end()
          return { kind: 'exited', exitCode: 0, state: request.state }
        },
        next: async (request) => {
          next = request
          return { kind: 'exited', exitCode: 0, state: request.state }
        },
      },
    },
  )
  await trial.execute()
  return { ...textsOf(trial.events), next }
}

describe('what a program may have printed by itself, and may be what was typed ahead', () => {
  it('is shown and not kept, in its place', async () => {
    const { shown, kept } = await run('Go on now or never', 'y\r', 'Go on y\r\nok\r\n')
    assert.equal(shown, 'y\nGo on y\nok\n')
    assert.equal(kept, '\nGo on ***\nok\n')
  })

  for (const [where, secret, typed, printed, kept] of [
    ['at the end', 'hunter2$correcty', 'y\r', 'PW is hunter2$correcty\r\nok\r\n', '\nPW is ***\nok\n'],
    ['in the middle', 'hunter2$ycorrect', 'y', 'PW is hunter2$ycorrect.\r\nok\r\n', 'PW is ***.\nok\n'],
    [
      'of a line',
      '-----BEGIN KEY-----\nMIIEabcdefghijkly\nMIIEzzzzzzzzzzzzz\n-----END KEY-----',
      'y\r',
      'it is\r\nMIIEabcdefghijkly\r\nok\r\n',
      '\nit is\n***\nok\n',
    ],
  ] as const) {
    it(`takes nothing away from a secret of which it is a part: ${where}`, async () => {
      const done = await run(secret, typed, printed)
      assert.equal(done.kept, kept)
      assert.ok(!done.shown.includes(secret.slice(0, 8)), done.shown)
    })
  }

  it('is part of what a step hands on', async () => {
    const { next } = await run('zzzzzzzz', 'y\r', '/srv/directory\r\n', ' capture=DIR')
    assert.equal(next?.state.env.DIR?.trim(), '/srv/directory')
  })
})
