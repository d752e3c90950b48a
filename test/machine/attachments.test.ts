import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepAttachment } from '../../src/machine/attachment-file.ts'
import { checkRecord, checkRecordSync } from '../../src/machine/records/check.ts'
import { encodeLine, type RecordEntry, recordFormat, sha256 } from '../../src/record/line.ts'
import { needs } from '../support/needs.ts'
import { description } from '../unit/record/memory-file.ts'
import { baton, repoOf } from './cli/baton.ts'
import { onlyRecord, recordFiles } from './cli/records-of.ts'
import { onTerminal, whyNoTerminal } from './cli/terminal.ts'

describe('attachments', function () {
  this.timeout(120_000)
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-attachments-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const record = () => join(folder, 'one.jsonl')
  const content = (text: string) => ({ kind: 'content', name: 'photo.png', content: Buffer.from(text) }) as const

  it('are kept beside the record, each under a name of its own', async () => {
    const first = await keepAttachment(record(), content('first'))
    const second = await keepAttachment(record(), content('second'))
    assert.deepEqual(first, {
      kind: 'attached',
      attachment: { name: 'photo.png', bytes: 5, sha256: sha256('first') },
    })
    assert.equal(second.kind === 'attached' && second.attachment.name, 'photo 2.png')
    assert.equal(readFileSync(join(folder, 'one', 'photo 2.png'), 'utf8'), 'second')
  })

  it('are refused with the reason, and leave nothing', async () => {
    const large = join(folder, 'large.bin')
    writeFileSync(large, '')
    truncateSync(large, 25 * 1024 * 1024 + 1)
    const refusals = await Promise.all(
      [large, join(folder, 'gone.png'), folder].map((path) => keepAttachment(record(), { kind: 'file', path })),
    )
    assert.deepEqual(
      refusals.map((refusal) => refusal.kind === 'refused' && [refusal.problem.code, refusal.problem.values.reason]),
      [
        ['attachment-too-large', ''],
        ['attachment-unreadable', 'ENOENT'],
        ['attachment-unreadable', 'EISDIR'],
      ],
    )
    assert.equal(existsSync(join(folder, 'one')), false)
  })

  it('are refused where a pipe is named, without waiting for it', async function () {
    needs(this, process.platform === 'win32' ? 'named pipes' : undefined)
    execFileSync('mkfifo', [join(folder, 'pipe.png')])
    const refusal = await keepAttachment(record(), { kind: 'file', path: join(folder, 'pipe.png') })
    assert.deepEqual(refusal.kind === 'refused' && refusal.problem.values, { name: 'pipe.png', reason: 'EFTYPE' })
  })

  it('are refused where nothing can be written', async () => {
    if (process.platform === 'win32' || process.getuid?.() === 0) {
      // Root may write everywhere: a file where the folder should be stops it as well.
      writeFileSync(join(folder, 'one'), '')
    } else chmodSync(folder, 0o555)
    const refusal = await keepAttachment(record(), content('lost'))
    chmodSync(folder, 0o755)
    assert.ok(refusal.kind === 'refused')
    assert.equal(refusal.problem.code, 'attachment-unwritable')
  })

  it('of which the record names more than there are, or others, are told from a record that was changed', async () => {
    const kept = await keepAttachment(record(), content('as it\nwas\n'))
    assert.ok(kept.kind === 'attached')
    const outside = { name: '../one.jsonl', bytes: 1, sha256: '' }
    let head: string | null = null
    const entries: RecordEntry[] = [
      { type: 'run-start', format: recordFormat, ...description, parents: [] },
      {
        type: 'step-end',
        execution: 1,
        id: 'look',
        outcome: 'succeeded',
        durationMs: 1,
        attachments: [kept.attachment, outside],
        outputBytes: 0,
        outputSha256: sha256(''),
      },
      {
        type: 'run-end',
        outcome: 'succeeded',
        counts: { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
        durationMs: 2,
      },
    ]
    const lines = entries.map((entry, seq) => {
      const line = encodeLine(seq, head, 0, entry)
      head = line.hash
      return line.bytes
    })
    writeFileSync(record(), Buffer.concat(lines))
    const strange = { name: '../one.jsonl', what: 'missing' }
    const both = async () => {
      const found = await checkRecord(record())
      assert.deepEqual(checkRecordSync(record()), found)
      // With something that is looked for, line by line.
      assert.deepEqual(await checkRecord(record(), () => undefined), found)
      assert.deepEqual(
        checkRecordSync(record(), () => undefined),
        found,
      )
      assert.equal(found.verification.kind, 'ok')
      return found.attachments
    }
    assert.deepEqual(await both(), [strange])
    // As git may check it out.
    writeFileSync(join(folder, 'one', 'photo.png'), 'as it\r\nwas\r\n')
    assert.deepEqual(await both(), [strange])
    writeFileSync(join(folder, 'one', 'photo.png'), 'as it is')
    assert.deepEqual(await both(), [{ name: 'photo.png', what: 'changed' }, strange])
    rmSync(join(folder, 'one'), { recursive: true })
    assert.deepEqual(await both(), [{ name: 'photo.png', what: 'missing' }, strange])
  })

  it('are asked for on a terminal, are on record, and are verified', async function () {
    needs(this, whyNoTerminal())
    const root = repoOf({
      'a.md': '- [ ] Take a picture\n',
      '画面.png': 'pixels',
      'baton.yaml': 'records:\n  commit: never\n',
    })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root })
    await terminal.shows('a: attach a file')
    terminal.type('a\r')
    await terminal.shows('File to attach')
    terminal.type('nowhere.png\r')
    await terminal.shows('nowhere.png cannot be read')
    terminal.type('a\r')
    await terminal.shows('File to attach')
    terminal.type("'画面.png'\r")
    await terminal.shows('Attached: 画面.png')
    terminal.type('\r')
    assert.equal((await terminal.end()).code, 0)
    const ended = onlyRecord(root).find(({ type }) => type === 'step-end')
    assert.deepEqual(ended?.attachments, [{ name: '画面.png', bytes: 6, sha256: sha256('pixels') }])

    assert.equal((await baton(['verify'], { cwd: root })).code, 0)
    const [kept = ''] = globSync('.baton/runs/*/*/*/画面.png', { cwd: root }).map((path) => join(root, path))
    assert.equal(kept, join(recordFiles(root)[0]?.replace(/\.jsonl$/, '') ?? '', '画面.png'))
    writeFileSync(kept, 'others')
    const changed = await baton(['verify'], { cwd: root })
    assert.equal(changed.code, 1)
    assert.match(changed.stdout, /The attachment 画面\.png was changed\./)
    rmSync(kept)
    const missing = await baton(['verify', '--json'], { cwd: root })
    assert.equal(missing.code, 1)
    const [found] = JSON.parse(missing.stdout).records
    assert.deepEqual(
      [found.result, found.wrong, found.attachments],
      ['ok', true, [{ name: '画面.png', what: 'missing' }]],
    )
  })
})
