import assert from 'node:assert/strict'
import { reader } from './terminal-reader.ts'

describe('what is typed at a terminal', () => {
  it('is told apart from the output when it comes back', () => {
    const one = reader()
    one.print('Name: ')
    assert.deepEqual(one.type('taro\r'), ['taro'])
    one.print('taro\r\nHello taro\r\n')
    assert.deepEqual(one.done(), {
      output: 'Name: \r\nHello taro\r\n',
      echo: 'taro',
      screen: 'Name: taro\r\nHello taro\r\n',
    })
  })

  it('is told apart key by key', () => {
    const one = reader()
    one.print('[y/N] ')
    one.type('y')
    one.print('y')
    one.pause(500)
    assert.deepEqual(one.type('\r'), ['y'])
    one.print('\r\nyes it is\r\n')
    assert.deepEqual(one.done().output, '[y/N] \r\nyes it is\r\n')
  })

  it('is told apart wherever its echo is cut in two', () => {
    const printed = 'Name: 山田 taro\r\nHello\r\n'
    for (let cut = 6; cut <= printed.length; cut++) {
      const one = reader()
      one.print('Name: ')
      one.type('山田 taro\r')
      one.print(printed.slice(6, cut))
      one.print(printed.slice(cut))
      assert.equal(one.done().output, 'Name: \r\nHello\r\n', `cut at ${cut}`)
    }
    const one = reader()
    one.type('taro\r')
    for (const char of 'taro\r\nHello\r\n') one.print(char)
    assert.equal(one.done().output, '\r\nHello\r\n')
  })

  it('does not take output for an echo that never comes', () => {
    const one = reader()
    one.print('[sudo] password for taro: ')
    assert.deepEqual(one.type('secret\r'), ['secret'])
    one.print('\r\nSorry, try again.\r\nse')
    one.pause()
    one.print('rvers: 3\r\n')
    assert.equal(one.done().output, '[sudo] password for taro: \r\nSorry, try again.\r\nservers: 3\r\n')
  })

  it('does not take a password that a program prints later for its echo', () => {
    const one = reader()
    one.type('open-sesame\r')
    one.print('\r\n')
    one.print('Your password is open-sesame.\r\n')
    assert.deepEqual(one.done(), {
      output: '\r\nYour password is open-sesame.\r\n',
      echo: '',
      screen: '\r\nYour password is open-sesame.\r\n',
    })
  })

  it('keeps the output of a program that waits for any key', () => {
    // What may as well be the terminal's echo, in the middle of what is printed, is not kept, and that is seen.
    for (const [reaction, kept] of [
      ['deploying\r\n', '***eploying\r\n'],
      ['\r\ndeploying\r\nd is done\r\n', '\r\n***eploying\r\n*** is ***one\r\n'],
    ] as const) {
      const one = reader()
      one.print('Press d')
      one.type('d')
      one.print(reaction)
      one.pause(1001)
      one.print('still deploying\r\n')
      assert.equal(one.done().output, `Press d${kept}still deploying\r\n`)
    }
  })

  it('is told apart when output comes in between', () => {
    const one = reader()
    one.type('taro\r')
    one.print('10%\r20%\r')
    one.print('30%\rtaro\r\n40%\r')
    assert.deepEqual(one.done().output, '10%\r20%\r30%\r\r\n40%\r')
    const slow = reader()
    for (const key of 'taro') {
      slow.type(key)
      slow.print(`*${key}`)
      slow.pause(100)
      slow.print('*')
    }
    assert.equal(slow.done().output, '********')
  })

  it('is known as it was corrected', () => {
    const one = reader()
    assert.deepEqual(one.type('taXX\x7f\x7fro\r'), ['taro'])
    one.print('taXX\b \b\b \bro\r\nHi\r\n')
    const { output, echo } = one.done()
    assert.deepEqual([output, echo], ['\r\nHi\r\n', 'taXX\b \b\b \bro'])
    for (const [keys, line] of [
      ['abc def\x17ghi\r', 'abc ghi'],
      ['abc\x15de\r', 'de'],
      ['bc\x01a\r', 'abc'],
      ['bc\x1b[Ha\x1b[Fd\r', 'abcd'],
      ['ac\x1b[Db\r', 'abc'],
      ['abx\x1b[D\x1b[3~c\r', 'abc'],
      ['lost\x03kept\r', 'kept'],
      ['\x1b[200~pasted\x1b[201~\r', 'pasted'],
      ['日本語\x7f\r', '日本'],
      ['🍣x\x1b[D\x7f\r', 'x'],
    ] as const) {
      assert.deepEqual(reader().type(keys), [line])
    }
  })

  it('is told line by line when several are pasted', () => {
    const one = reader()
    assert.deepEqual(one.type('first\rsecond\r'), ['first', 'second'])
    one.print('first\r\nsecond\r\ngot first\r\ngot second\r\n')
    assert.equal(one.done().output, '\r\n\r\ngot first\r\ngot second\r\n')
    const slower = reader()
    slower.type('north\rsouth\r')
    slower.print('north\r\ngot north\r\nsouth\r\ngot south\r\n')
    assert.equal(slower.done().output, '\r\ngot north\r\n\r\ngot south\r\n')
  })

  it('is told apart when a line editor draws the line again', () => {
    const one = reader()
    one.print('> ')
    for (const [key, drawn] of [
      ['t', 't'],
      ['o', '\x1b[1D\x1b[32mto\x1b[0m'],
      ['ku', '\r> \x1b[K\x1b[32mtok\x1b[0mu'],
      ['\x1b[D', '\b'],
      ['x', '\x1b[1@x'],
      ['y', 'yu\b'],
    ] as const) {
      one.type(key)
      one.print(drawn)
    }
    assert.deepEqual(one.type('\r'), ['tokxyu'])
    one.print('\r\ntokxyu!\r\n')
    const { output } = one.done()
    assert.doesNotMatch(output.slice(0, output.indexOf('\n')), /[toku]/)
    assert.match(output, /\ntokxyu!\r\n$/)
  })

  it('knows the end of a line that was drawn as a whole', () => {
    const one = reader()
    for (const [key, drawn] of [
      ['qu', 'qu'],
      ['x', '\r> qux\x1b[6G'],
      ['y', '\r> quxy\x1b[7G'],
    ] as const) {
      one.type(key)
      one.print(drawn)
    }
    one.type('\r')
    one.print('\r\n=quxy=\r\n')
    assert.match(one.done().output, /\r\n=quxy=\r\n$/)
  })

  it('is told apart when what stands behind the cursor comes later', () => {
    const one = reader()
    one.type('quy')
    one.print('quy')
    one.type('\x1b[D')
    one.print('\b')
    one.type('z')
    one.print('z')
    one.print('y')
    one.print('\b')
    one.type('\r')
    one.print('\r\n')
    assert.equal(one.done().output, '\r\n')
  })

  it('is told apart when a correction comes in pieces', () => {
    const one = reader()
    one.type('quyX')
    one.print('quyX')
    one.type('\x7f')
    one.print('\b')
    one.print(' \b')
    one.type('\x1b[D')
    one.print('\b')
    for (const key of 'zz\r') one.type(key)
    for (const drawn of ['zy\b', 'zy\b', '\r\n']) one.print(drawn)
    assert.equal(one.done().output, '\r\n')
  })

  it('is told apart when a line editor goes back over it and draws it again', () => {
    const one = reader()
    one.type('q')
    one.print('q\bq')
    one.type('u')
    one.print('u\b\bqu')
    assert.equal(one.done().output, '')
  })

  it('is told apart when a line editor is behind the keys', () => {
    // As readline of Node did on a busy machine: two keys are typed before it draws what they do, and then the Enter key.
    const one = reader()
    one.print('Name: ')
    for (const key of 'quy') {
      one.type(key)
      one.print(key)
    }
    one.type('\x1b[D')
    one.print('\x1b[1D')
    one.type('z')
    one.print('\x1b[1G\x1b[0JName: quzy\x1b[10G')
    for (const key of 'zz\r') one.type(key)
    one.print('zz\x1b[1C\r\r\n=quzzzy=\r\n')
    assert.doesNotMatch(one.done().output.replace('=quzzzy=', ''), /[quz]/)
    const slow = reader()
    slow.print('Name: ')
    for (const key of ['q', 'u', '\x7f']) slow.type(key)
    slow.print('q')
    slow.pause()
    slow.print('u\x1b[1G\x1b[0J')
    slow.print('Name: q\x1b[8G')
    assert.doesNotMatch(slow.done().output, /[qu]/)
  })

  it('is told apart when a control sequence of the editor comes in two pieces, long after each other', () => {
    const one = reader()
    one.print('> ')
    one.type('q')
    one.print('q')
    one.type('\x7f')
    one.print('\b\x1b')
    one.pause()
    one.type('u')
    one.print('[Ku')
    assert.doesNotMatch(one.done().output, /[qu]/)
  })

  it('takes nothing away from what is printed while it is typed', () => {
    const one = reader()
    one.print('10%\r')
    one.type('5')
    one.print('5')
    one.print('\r50%\rquite\r')
    one.type('\r')
    one.print('\r\n')
    assert.match(one.done().output, /50%\rquite\r\r\n$/)
    // A menu takes keys without Enter, and prints a table afterwards.
    const menu = reader()
    menu.print('Which? ')
    menu.type('1')
    menu.print('1\r\n')
    menu.print('\x1b[1m1\x1b[0m\t10\r\n\x1b[1m1\x1b[0m')
    assert.equal(menu.done().output, 'Which? \r\n\x1b[1m1\x1b[0m\t10\r\n\x1b[1m***')
  })

  it('shows an interruption as what it is', () => {
    const one = reader()
    one.type('abc')
    one.print('abc')
    assert.deepEqual(one.type('\x03'), [])
    one.print('^C\r\n')
    assert.deepEqual(one.done().echo, 'abc^C')
  })

  it('is not waited for forever', () => {
    const one = reader()
    one.type('status')
    one.pause(6000)
    one.print('status: fine\r\n')
    assert.equal(one.done().output, 'status: fine\r\n')
  })

  it('is never looked for inside of a control sequence', () => {
    const one = reader()
    one.type('1')
    one.print('\x1b[1')
    one.print('m\x1b[1m\x1b]0;1\x07')
    assert.equal(one.done().output, '\x1b[1m\x1b[1m\x1b]0;1\x07')
  })

  it('costs little when much is printed meanwhile', () => {
    const one = reader()
    one.type(`${'x'.repeat(300)}\r`.repeat(30))
    const start = performance.now()
    for (let n = 0; n < 30; n++) one.print('0123456789abcdef'.repeat(4096))
    assert.ok(performance.now() - start < 3000, `${performance.now() - start} ms`)
    assert.equal(one.done().output.length, 30 * 65536)
  })
})
