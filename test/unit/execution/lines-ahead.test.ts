import assert from 'node:assert/strict'
import { reader } from './terminal-reader.ts'

/** What real line editors print behind what was typed before they asked: `qz` and Enter. */
const editors: Readonly<Record<string, readonly string[]>> = {
  'readline of bash': ['\x1b[?2004hName: qz\r\n\x1b[?2004l\r', '=71=\r\n'],
  'readline of bash, whose prompt ends in a letter': ['\x1b[?2004hNameqz\r\n\x1b[?2004l\r', '=71=\r\n'],
  'readline of Python and older bash': ['Name: qz\r\n=71=\r\n'],
  'readline behind a prompt without a colon': ['Name qz\r\n=71=\r\n'],
  'readline behind a Japanese prompt': ['名前を入力してくださいqz\r\n=71=\r\n'],
  'readline behind a coloured prompt': ['\x1b[32mName:\x1b[0m qz\r\n=71=\r\n'],
  'vared of zsh': ['\r\x1b[0m\x1b[27m\x1b[24m\x1b[JName: ', '\x1b[K\x1b[?2004hq\bqz', '\x1b[?2004l\r\r\n=71=\r\n'],
  fish: [
    '\x1b[?2004h\x1b]0;~\x07\x1b[30m\x1b(B\x1b[m',
    '\rName: \x1b[K\r\x1b[6C',
    'qz\r\x1b[8C\r\n\x1b[30m\x1b(B\x1b[m=71=\r\n',
  ],
  'readline of Node': ['\x1b[1G\x1b[0J', 'Name: ', '\x1b[7G', 'q', 'z', '\r\r\n', '=71=\r\n'],
  'reline of Ruby': [
    '\x1b[1GName: \x1b[K\x1b[1G\x1b[7G\x1b[1G',
    'Name: qz\x1b[K\x1b[1G\x1b[9G\x1b[1GName: qz\x1b[K\x1b[1G\x1b[1G\x1b[1B\x1b[1G\x1b[K\x1b[1G=71=\r\n',
  ],
  'readline of gdb': ['\x1b[?2004h(gdb) ', 'qz\r\n\x1b[?2004l\r=71=\r\n'],
}

describe('what is typed before a program asks for it', () => {
  for (const [name, prints] of Object.entries(editors)) {
    const text = prints.join('')
    const check = (begin: (one: ReturnType<typeof reader>) => void, cuts: readonly number[], pause: boolean) => {
      const one = reader()
      begin(one)
      for (const [n, from] of [0, ...cuts].entries()) {
        one.print(text.slice(from, cuts[n]))
        if (pause) one.pause()
      }
      const { output, screen } = one.done()
      const told = `${JSON.stringify(output)}, cut at ${cuts}${pause ? ', long after each other' : ''}`
      assert.doesNotMatch(output, /[qz]/, told)
      assert.match(output, /=71=\r\n$/, told)
      assert.ok(screen.includes(text), told)
    }
    const wherever = (begin: (one: ReturnType<typeof reader>) => void) => {
      const borders = prints.slice(0, -1).map((_, n) => prints.slice(0, n + 1).join('').length)
      for (const pause of [false, true]) {
        check(begin, borders, pause)
        for (let cut = 1; cut < text.length; cut++) check(begin, [cut], pause)
      }
    }

    it(`stays out of the output when ${name} draws it behind its prompt`, () => {
      wherever((one) => {
        one.type('qz\r')
        one.print('qz\r\n')
      })
    })

    it(`stays out of the output of ${name} when others print meanwhile`, () => {
      wherever((one) => {
        one.print('Unpacking 12')
        one.type('qz\r')
        one.print('qz\r\n')
        one.print('3 files\r\nUnpacked 123 files\r\n')
        one.pause(7000)
      })
    })

    it(`stays out of the output of ${name} when the terminal did not show it`, () => {
      wherever((one) => {
        one.type('qz\r')
        one.print('Unpacking\r\n')
        one.pause(7000)
      })
    })

    it(`stays out of the output of ${name} when its Enter key comes later`, () => {
      const one = reader()
      one.type('q')
      one.print('q')
      const short = text.replace('q\bqz', 'q').replaceAll('qz', 'q')
      const end = short.indexOf('\n') - 1
      one.print(short.slice(0, end))
      one.pause()
      one.type('\r')
      one.print(short.slice(end))
      assert.doesNotMatch(one.done().output, /[qz]/)
    })
  }

  it('stays out of the output line by line', () => {
    for (const [first, second, third] of [
      ['Name: q\r\n', 'Town: zx\r\n', 'Age: 4\r\n'],
      [
        '\x1b[?2004hName: q\r\n\x1b[?2004l\r',
        '\x1b[?2004hTown: zx\r\n\x1b[?2004l\r',
        '\x1b[?2004hAge: 4\r\n\x1b[?2004l\r',
      ],
    ] as const) {
      const one = reader()
      one.type('q\rzx\r4\r')
      one.print('q\r\nzx\r\n4\r\n')
      one.print(`${first}=1=\r\n${second}`)
      one.print('=2=\r\n')
      one.print(`${third}=3=\r\n`)
      assert.doesNotMatch(one.done().output.replaceAll('\x1b[?2004', ''), /[qzx4]/)
    }
  })

  it('stays out of the output when a line editor, before it draws it, asks where the cursor is and moves it', () => {
    const prints = [
      '\x1b[1G▽\x1b[6n',
      '\x1b[1G\x1b[K\x1b[6n',
      '\x1b[1GName: \x1b[K\x1b[1G\x1b[7G',
      '\x1b[1GName: q\x1b[K\x1b[1G\x1b[8G',
      '\x1b[1GName: q\x1b[K\x1b[1G\x1b[8G',
      '\x1b[1GName: qz\x1b[K\x1b[1G\x1b[9G\x1b[1B\x1b[1G\x1b[K\x1b[1G=71=\r\n',
    ]
    for (let erased = 0; erased < 4; erased++) {
      for (let finished = erased; finished < 5; finished++) {
        const one = reader()
        one.type('qX')
        for (const [n, print] of prints.entries()) {
          if (n === erased) one.type('\x7f')
          if (n === finished) one.type('z\r')
          one.print(print)
          if (print.endsWith('\x1b[6n')) one.type('\x1b[1;1R')
        }
        const { output } = one.done()
        assert.doesNotMatch(
          output,
          /[qzX]/,
          `erased before ${erased}, finished before ${finished}: ${JSON.stringify(output)}`,
        )
      }
    }
  })

  it('stays out of the output when it comes back late, after a line end of the program', () => {
    const one = reader()
    one.type('qz\r')
    one.print('tick\r\n')
    one.print('qz\r\ntick\r\nName: qz\r\n=71=\r\n')
    assert.equal(one.done().output, 'tick\r\n\r\ntick\r\nName: \r\n=71=\r\n')
  })

  it('is looked for where it can be, and nothing else is taken for it', () => {
    const prints = [
      'y\r\n',
      'Ready\r\n',
      'y is the answer\r\n',
      '=y=\r\n',
      'it is yes: yes\r\n',
      'Colours: y, n\r\n',
      'a\ty\r\n',
      'list   y\r\n',
    ].join('')
    const ahead = reader()
    ahead.type('y\r')
    ahead.print(`y\r\n${prints}`)
    assert.equal(ahead.done().output, `\r\n${prints}`)
    const count = reader()
    count.type('12\r')
    count.print('12\r\n12\r\n12 files\r\n112\r\n1: 120\r\n')
    assert.equal(count.done().output, '\r\n12\r\n12 files\r\n112\r\n1: 120\r\n')
  })

  it('is output when it was the answer to a question and a program repeats it in words', () => {
    const one = reader()
    one.print('Go on? [y/N] ')
    one.type('y\r')
    one.print('y\r\n')
    const prints = 'y\r\nyou said y\r\nFORCE=y\r\nyes\r\n'
    one.print(prints)
    assert.equal(one.done().output, `Go on? [y/N] \r\n${prints}`)
  })

  it('is left out once, and no more often, where it cannot be told apart', () => {
    for (const asked of ['', 'Go on? [y/N] ']) {
      const one = reader()
      one.print(asked)
      one.type('y\r')
      one.print('y\r\n')
      one.print('Forced: y\r\nQuiet: y\r\n')
      assert.equal(one.done().output, `${asked}\r\nForced: \r\nQuiet: y\r\n`)
    }
  })

  it('costs little when much is printed afterwards', () => {
    const one = reader()
    for (const key of ['e\r', '12\r', 'y\r']) {
      one.type(key)
      one.print(`${key}\n`)
    }
    const line = 'Every line: of the 12 lines that end here: they are ready, see\r\n'
    const start = performance.now()
    for (let n = 0; n < 30; n++) one.print(line.repeat(1000))
    assert.ok(performance.now() - start < 3000, `${performance.now() - start} ms`)
    assert.ok(one.done().output.length >= line.length * 30_000)
  })
})
