import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecretMemory } from '../../src/machine/secret-memory.ts'

describe('what this computer remembers of secrets', () => {
  let home: string
  let folder: string
  let path: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'baton-memory-'))
    folder = join(home, 'state', 'baton')
    path = join(folder, 'secrets.jsonl')
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const set = (name: string, at?: number) => ({
    act: 'set' as const,
    name,
    kept: 'keychain' as const,
    ...(at === undefined ? {} : { at }),
  })

  it('is empty at first, and asking makes no file', async () => {
    assert.deepEqual([...(await createSecretMemory({ folder }).recall())], [])
    assert.throws(() => statSync(folder))
  })

  it('is when a secret was last set, for every process', async () => {
    const window = createSecretMemory({ folder, now: () => 1_000 })
    const commandLine = createSecretMemory({ folder, now: () => 2_000 })
    await window.note([set('A'), set('B')])
    await commandLine.note([set('B')])
    await window.note([set('C', 500)])
    for (const memory of [window, commandLine, createSecretMemory({ folder })]) {
      assert.deepEqual(
        [...(await memory.recall())],
        [
          ['A', { setAt: 1_000, kept: 'keychain' }],
          ['B', { setAt: 2_000, kept: 'keychain' }],
          ['C', { setAt: 500, kept: 'keychain' }],
        ],
      )
    }
  })

  it('forgets what was deleted, until it is set again', async () => {
    const memory = createSecretMemory({ folder, now: () => 7 })
    await memory.note([set('A'), { act: 'deleted', name: 'A' }, { act: 'deleted', name: 'NEVER_SET' }])
    assert.deepEqual([...(await memory.recall())], [])
    await memory.note([set('A')])
    assert.deepEqual([...(await memory.recall()).keys()], ['A'])
  })

  it('is for its user alone', async () => {
    await createSecretMemory({ folder }).note([set('A')])
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
  })

  it('counts as far as it can be read, and goes on after a torn line', async () => {
    const memory = createSecretMemory({ folder, now: () => 7 })
    await memory.note([set('A')])
    appendFileSync(path, '{"act":"set","name":"B","kept":"keychain","at":"soon"}\nnull\n[]\n\0\xff\n{"act":"set","na')
    await memory.note([set('C')])
    assert.deepEqual([...(await createSecretMemory({ folder }).recall()).keys()], ['A', 'C'])
  })

  it('holds for the process where the file cannot be read or written', async () => {
    mkdirSync(join(home, 'state'))
    writeFileSync(folder, 'a file where a folder should be')
    const memory = createSecretMemory({ folder, now: () => 7 })
    await memory.note([set('A')])
    assert.deepEqual([...(await memory.recall()).keys()], ['A'])
    assert.deepEqual([...(await createSecretMemory({ folder }).recall()).keys()], [])
  })

  it('loses nothing when many write at once', async () => {
    const memories = Array.from({ length: 4 }, () => createSecretMemory({ folder }))
    await Promise.all(Array.from({ length: 100 }, (_, index) => memories[index % 4]?.note([set(`SECRET_${index}`)])))
    assert.equal((await createSecretMemory({ folder }).recall()).size, 100)
  })

  it('holds no value', async () => {
    const memory = createSecretMemory({ folder, now: () => 7 })
    await memory.note([set('A')])
    assert.equal(readFileSync(path, 'utf8'), '\n{"act":"set","name":"A","kept":"keychain","at":7}\n')
  })
})
