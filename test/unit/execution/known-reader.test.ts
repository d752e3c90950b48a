import assert from 'node:assert/strict'
import { reader } from './terminal-reader.ts'

/** Holds every letter of the password below, alone and at the ends of lines. */
const greeting = '\r\nwelcome to the host, 6 and 13\r\nlast login: here\r\nsecret\r\nready\r\n'

describe('what is printed after keys that nobody shows', () => {
  for (const password of ['secret', 't', '13']) {
    const typeAt = (
      one: ReturnType<typeof reader>,
      ...how: readonly ['line' | 'key' | undefined, boolean | undefined]
    ) => {
      one.print('Password: ')
      one.pause(400)
      for (const key of `${password}\r`) {
        one.type(key, ...how)
        one.pause(5)
      }
    }

    it(`is all output where the terminal is known to hide "${password}"`, () => {
      for (const awaited of ['line', undefined] as const) {
        const one = reader()
        typeAt(one, awaited, false)
        one.print(greeting)
        assert.equal(one.done().output, `Password: ${greeting}`)
      }
    })

    it(`is all output where nothing is known, but "${password}" answered a question that stood there for a while`, () => {
      const one = reader()
      typeAt(one, undefined, undefined)
      one.print(greeting)
      assert.equal(one.done().output, `Password: ${greeting}`)
    })
  }
})

describe('what is printed after an answer that is shown, by a program that cannot be looked into', () => {
  const printed = 'Directory\r\nReady\r\nTotal: y\r\n'

  it('is all output when a question stood there for a while', () => {
    for (const question of ['Go on? [Y/n] ', '続行しますか：', 'PS C:\\> ']) {
      for (const shows of [true, undefined]) {
        const one = reader()
        one.print(`Reading lists\r\n${question}`)
        one.pause(400)
        one.type('y', undefined, shows)
        one.print('y')
        one.pause()
        one.type('\r', undefined, shows)
        one.print(`\r\n${printed}`)
        assert.equal(one.done().output, `Reading lists\r\n${question}\r\n${printed}`)
      }
    }
  })

  it('is left out where it looks like the answer, when nothing had asked for that', () => {
    for (const [before, wait] of [
      ['Reading lists\r\n', 400],
      ['Reading lists ', 400],
      ['Go on? ', 100],
    ] as const) {
      const one = reader()
      one.print(before)
      one.pause(wait)
      one.type('y\r', undefined, true)
      one.print('y\r\n')
      one.print(printed)
      assert.equal(one.done().output, `${before}\r\nDirector***\r\nRead***\r\nTotal: ***\r\n`)
    }
  })

  it('is left out behind what only looks like the prompt of a line editor', () => {
    for (const before of [
      '\x1b[?2004hContinue? \r\x1b[?2004l\rWorking: ',
      'Starting the OpenLDAP directory server: \x1b[60G',
    ]) {
      const one = reader()
      one.print(before)
      one.pause(400)
      one.type('y', 'nothing', true)
      one.print('y')
      one.type('\r', 'nothing', true)
      one.print('\r\nContinue? y\r\n')
      assert.match(one.done().output, /Continue\? \*\*\*\r\n$/, JSON.stringify(before))
    }
  })

  it('is left out when a program that is known to do something else has printed a question', () => {
    const one = reader()
    one.print('Check: ')
    one.pause(400)
    one.type('y\r', 'nothing', true)
    one.print('y\r\nGo on y\r\n')
    assert.equal(one.done().output, 'Check: \r\nGo on ***\r\n')
  })
})
