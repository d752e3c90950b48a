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

  it('stays out of the output when it is drawn across the border of the terminal', () => {
    for (const text of [
      `Name: qz \r\x1b[A${'\x1b[C'.repeat(7)}\x1b[Kz\r\n=71=\r\n`,
      '\r\x1b[0m\x1b[27m\x1b[24m\x1b[JName: \x1b[K\x1b[?2004hq \r\x1b[Kz\rz\x1b[?2004l\r\r\n=71=\r\n',
      'Name: q \x1b[Kz\r\n=71=\r\n',
      'Name: q \bz\r\n=71=\r\n',
      '\x1b[1GName: q\x1b[1G\x1b[K\x1b[1B\x1b[1G\x1b[1Gz\x1b[K\x1b[1G\x1b[1A\x1b[1GName: q\x1b[1G\x1b[K\x1b[1B\x1b[1Gz\x1b[K\x1b[1G=71=\r\n',
    ]) {
      for (let cut = 0; cut < text.length; cut++) {
        const one = reader()
        one.type('qz\r')
        one.print('qz\r\n')
        one.print(text.slice(0, cut))
        one.print(text.slice(cut))
        const { output, screen } = one.done()
        assert.doesNotMatch(output, /[qz]/, `cut at ${cut}`)
        assert.equal(screen, `qz\r\n${text}`)
      }
    }
  })

  it('stays out of the output when an editor draws the beginning of it before it reads the rest', () => {
    const one = reader()
    one.type('q\rz')
    one.print('q\r\nz')
    one.print('\x1b[1GName: q\x1b[K\x1b[1G=71=\r\n\x1b[1GTown: \x1b[K\x1b[1G\x1b[7G')
    one.type('x')
    one.type('\r')
    one.print('Town: Town: \r\n\x1b[1GTown: z\x1b[K\x1b[1G\x1b[8G\x1b[1G\x1b[1GTown: zx')
    one.print('\x1b[K\x1b[1GTown: zx\x1b[1B\x1b[1G\x1b[K\x1b[1G=7a78=\r\n')
    assert.doesNotMatch(one.done().output, /[qzx]/)
  })

  it('is not looked for at the end of a prompt', () => {
    const one = reader()
    one.type('y\r')
    one.print('y\r\n')
    one.print('Retry ')
    one.pause()
    one.print('\r\nRetry now\r\n')
    assert.equal(one.done().output, '\r\nRetry \r\nRetry now\r\n')
  })

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
    assert.equal(one.done().output, 'tick\r\n***\r\ntick\r\nName: ***\r\n=71=\r\n')
  })

  it('stays out of the output at any prompt, whatever it was typed behind and whatever is printed before', () => {
    const behind = ['', 'Check: ', 'Go on? [y/N] ', '$ ', '確認：', '....', '\r[##  ] 40%\x1b[K', 'Unpacking 12']
    const prompts = [
      '',
      'Name',
      'Name ',
      'Name: ',
      '名前',
      '名前を入れてください',
      '12',
      'a\tb\t',
      'two  ',
      '\x1b[1mName\x1b[0m ',
    ]
    for (const fake of behind) {
      for (const prompt of prompts) {
        for (const answer of ['q', 'qz', 'qzx', '6', 'はい', '鷹']) {
          for (const pause of [false, true]) {
            const one = reader()
            one.print(fake)
            one.type(`${answer}\r`)
            one.print(`${answer}\r\n`)
            one.print(`ok\r\nForced: ${answer}\r\n\r50%\x1b[K${answer}\r\n${prompt}`)
            if (pause) one.pause()
            one.print(`${answer}\r\n=done=\r\n`)
            const { output } = one.done()
            const told = `${JSON.stringify({ fake, prompt, answer, pause })}: ${JSON.stringify(output)}`
            assert.ok(!output.includes(answer), told)
            assert.ok(output.endsWith(`${prompt}***\r\n=done=\r\n`), told)
          }
        }
      }
    }
  })

  it('stays out of the output when the program threw away its beginning', () => {
    for (const prompt of ['Name: ', 'Name', '12']) {
      const one = reader()
      for (const key of ['q', 'z', 'x', '\r']) {
        one.type(key)
        one.print(key === '\r' ? '\r\n' : key)
      }
      one.print(`${prompt}zx\r\n=7a78=\r\n`)
      assert.equal(one.done().output, `\r\n${prompt}***\r\n=7a78=\r\n`)
    }
  })

  it('stays out of the output when the terminal shows it in the middle of what is printed', () => {
    for (const printed of ['Nameqtick\r\n', '..q..', 'q=1=\r\n']) {
      const one = reader()
      one.print('tick\r\n')
      one.type('q')
      one.print(printed)
      assert.equal(one.done().output, `tick\r\n${printed.replace('q', '***')}`)
    }
  })

  it('is left out where a line ends with it, visibly, and nowhere else', () => {
    const one = reader()
    one.type('y\r')
    one.print('y\r\n')
    one.print('y\r\nReady\r\ny is the answer\r\n=y=\r\nyes: yes\r\nColours: y, n\r\na\ty\r\n')
    assert.equal(
      one.done().output,
      '\r\n***\r\nRead***\r\ny is the answer\r\n=y=\r\nyes: yes\r\nColours: y, n\r\na\t***\r\n',
    )
  })

  it('is output again once it was drawn for sure, or one that was typed after it', () => {
    const one = reader()
    one.type('q\rzx\r')
    one.print('q\r\nzx\r\n')
    one.print('a q\r\na zx\r\n')
    one.print('\x1b[?2004hTown: zx\r\n\x1b[?2004l\r=7a78=\r\n')
    one.print('a q\r\na zx\r\n')
    assert.match(one.done().output, /^\r\n\r\na \*\*\*\r\na \*\*\*\r\n.*Town: \r\n.*=7a78=\r\na q\r\na zx\r\n$/s)
  })

  it('is not taken for drawn where only a part of the prompt, or a bar of progress, looks like it', () => {
    for (const before of [
      '\x1b[?2004hName\r\n\x1b[?2004l\r',
      '\r50%\x1b[Ke\r\n',
      '\x1b[?2004hNam',
      '|\be\r\n',
      '\x1b[2Ke\r\n',
    ]) {
      const one = reader()
      one.type('\re\r')
      one.print('\r\ne\r\n')
      one.print(before)
      one.pause()
      one.print('Town e\r\n=done=\r\n')
      assert.match(one.done().output, /Town \*\*\*\r\n=done=\r\n$/, JSON.stringify(before))
    }
  })

  const repeated = 'y\r\nyou said y\r\nFORCE=y\r\nReady\r\nTotal: y\r\n'

  it('is all output that follows an answer for which a program is known to have waited', () => {
    const begun: readonly ((one: ReturnType<typeof reader>) => void)[] = [
      (one) => {
        one.type('y\r', 'line')
        one.print('y\r\n')
      },
      (one) => {
        one.type('y\r', 'key')
        one.print('y\r\n')
      },
      (one) => {
        one.type('y', 'key')
        one.print('y')
        one.type('\r', 'key')
        one.print('\r\n')
      },
    ]
    for (const type of begun) {
      for (const asked of ['Go on? [y/N] ', '', 'Go on']) {
        const one = reader()
        one.print(asked)
        type(one)
        one.print(repeated)
        assert.equal(one.done().output, `${asked}\r\n${repeated}`)
      }
    }
  })

  it('is all output that follows an answer at a line editor', () => {
    for (const [prompt, enter] of [
      ['\x1b[?2004hGo on? ', '\r\n\x1b[?2004l\r'],
      ['\x1b[1G\x1b[0JGo on? \x1b[8G', '\r\r\n'],
      ['\x1b[1G\x1b[0J続行? \x1b[7G', '\r\r\n'],
    ] as const) {
      const one = reader()
      one.print(prompt)
      one.type('y')
      one.print('y')
      one.type('\r')
      one.print(enter)
      one.print(repeated)
      assert.equal(one.done().output, `${prompt}${enter}${repeated}`)
    }
  })

  it('is still to come when a program waited for one key, and the next ones went to another one', () => {
    for (const keys of [['qz\r'], ['q', 'z', '\r']]) {
      const one = reader()
      one.print('Press any key: ')
      for (const [n, key] of keys.entries()) one.type(key, n === 0 ? 'key' : undefined)
      one.print('\r\nName qz\r\nTown qz\r\n')
      assert.doesNotMatch(one.done().output, /[qz]/)
    }
  })

  it('is still to come when one that is the same was read before it', () => {
    const one = reader()
    one.type('q\r')
    one.print('q\r\n')
    one.type('q\r', 'line')
    one.print('Name q\r\n=71=\r\n')
    one.print('Town: q\r\n=71=\r\n')
    assert.doesNotMatch(one.done().output, /q/)
  })

  it('costs about the same when the same was typed a thousand times', () => {
    const cost = (times: number) => {
      const one = reader()
      one.type('y\r'.repeat(times), 'nothing', true)
      one.print('y\r\n'.repeat(times))
      const text = 'Setting up directory\r\n'.repeat(1400)
      const begin = process.cpuUsage()
      one.print(text)
      return process.cpuUsage(begin).user
    }
    cost(1)
    const ratio = cost(1000) / Math.max(cost(1), 1000)
    assert.ok(ratio < 15, String(ratio))
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
