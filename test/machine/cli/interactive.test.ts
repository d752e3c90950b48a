import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, program, repoOf } from './baton.ts'
import { onlyRecord, outcomesOf, recordFiles } from './records-of.ts'
import { onSized } from './sized-terminal.ts'

const run = (root: string, more = {}, ...words: string[]) =>
  onSized(process.execPath, [program, 'run', 'a.md', '--yes', ...words], root, more)

describe('an interactive step of baton run', function () {
  this.timeout(60_000)
  before(function () {
    if (process.platform !== 'win32') return
    console.log('      these steps are scripts of bash')
    this.skip()
  })

  it('has the terminal for itself: its size, its keys, its echo; the record has only what it printed', async () => {
    const root = repoOf({
      'a.md': fence(
        'bash {name=ask interactive=true}',
        'stty size',
        'read -r -p "Name? " name; echo "hello $name"',
        'read -r -s -p "Password? " word; echo; echo "length $(printf %s "$word" | wc -c)"',
        'trap "stty size; exit" WINCH',
        'echo resize-now; for i in {1..100}; do sleep 0.1; done',
      ),
    })
    const terminal = run(root, { BATON_LANG: 'ja' })
    await terminal.shows('Ctrl+] を2回')
    await terminal.shows('30 90')
    await terminal.shows('Name? ')
    terminal.type('田中\r')
    await terminal.shows('hello ')
    await terminal.shows('Password? ')
    terminal.type('geheim-wort\r')
    await terminal.shows('length 11')
    await terminal.shows('resize-now')
    terminal.resize(101, 41)
    await terminal.shows('41 101')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.match(screen, /Name\? 田中\r\n/)
    assert.ok(!screen.includes('geheim'))
    const [file = ''] = recordFiles(root)
    const record = readFileSync(file, 'utf8')
    assert.ok(!record.includes('geheim'))
    assert.equal(onlyRecord(root)[1]?.interactive, true)
  })

  it('gets Ctrl+C, and the steps behind it find the terminal as it was', async () => {
    const root = repoOf({
      'a.md': [
        fence(
          'bash {name=first interactive=true}',
          'trap "echo caught; exit 0" INT',
          'echo ready',
          'while :; do sleep 0.1; done',
        ),
        '- [ ] Look at it',
      ].join('\n'),
    })
    const terminal = run(root)
    await terminal.shows('ready')
    terminal.type('\x03')
    await terminal.shows('caught')
    await terminal.shows('Enter: done')
    terminal.type('\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.deepEqual(outcomesOf(onlyRecord(root)), { first: 'succeeded', 'step-2': 'succeeded' })
  })

  it('ends at Ctrl+] twice, and leaves no alternate screen, no mouse and a terminal that echoes', async () => {
    const root = repoOf({
      'a.md': fence(
        'bash {name=editor interactive=true}',
        'stty -echo',
        String.raw`printf '\033[?1049h\033[?1000h\033[?25l'`,
        'trap "" INT',
        'echo drawn; sleep 60',
      ),
    })
    const script = `'${process.execPath}' '${program}' run a.md --yes; echo "code $?"; stty -a`
    const terminal = onSized('/bin/sh', ['-c', script], root)
    await terminal.shows('drawn')
    terminal.type('\x03')
    terminal.type('\x1d')
    terminal.type('\x1d')
    await terminal.shows('\x1b[?1049l\x1b[?1000l\x1b[?25h')
    await terminal.shows('■ cancelled')
    await terminal.shows('code 130')
    const { screen } = await terminal.end()
    assert.match(screen, / icanon/)
    assert.match(screen, / echo /)
    assert.match(screen, /\nisig /)
    assert.deepEqual(outcomesOf(onlyRecord(root)), { editor: 'cancelled' })
  })

  it('ends with its run when that is ended from outside', async () => {
    const root = repoOf({ 'a.md': fence('bash {name=long interactive=true}', 'echo drawn; sleep 60') })
    const terminal = run(root)
    await terminal.shows('drawn')
    terminal.kill('SIGTERM')
    const { code, screen } = await terminal.end()
    assert.equal(code, 130, screen)
    assert.deepEqual(outcomesOf(onlyRecord(root)), { long: 'cancelled' })
    assert.equal(onlyRecord(root).at(-1)?.type, 'run-end')
  })

  it('is asked about before it gets the keys', async () => {
    const root = repoOf({
      'a.md': fence('bash {name=ask interactive=true confirm=true}', 'read -r -p "Name? " name; echo "hello $name"'),
    })
    const terminal = onSized(process.execPath, [program, 'run', 'a.md'], root)
    await terminal.shows('Enter: run')
    terminal.type('\r')
    await terminal.shows('Run this step?')
    terminal.type('\r')
    await terminal.shows('Keys go to this step now')
    await terminal.shows('Name? ')
    terminal.type('tanaka\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.match(screen, /hello \*\*\*/)
    assert.equal(screen.split('Keys go to this step').length, 2)
  })

  it('is refused before anything runs where there is no terminal for it', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=one}', 'touch ran'), fence('bash {name=ask interactive=true}', 'read -r x')].join('\n'),
    })
    const { code, stderr } = await baton(['run', 'a.md', '--yes'], { cwd: root })
    assert.equal(code, 2)
    assert.match(stderr, /“ask” is interactive: it needs a terminal/)
    const json = await run(root, { BATON_LANG: 'ja' }, '--json').end()
    assert.equal(json.code, 2)
    assert.match(json.screen, /対話形式/)
    assert.ok(!existsSync(join(root, 'ran')) && !existsSync(join(root, '.baton')))
  })
})
