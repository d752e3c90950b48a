import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { draftPrivateFile } from '../../../src/machine/private-file.ts'
import { createTransferThread } from '../../../src/machine/transfer-thread.ts'
import type { TransferContent } from '../../../src/secrets/transfer/content.ts'
import { identitiesIn } from '../../../src/secrets/transfer/identity.ts'

const content: TransferContent = {
  from: { name: '佐藤 健' },
  time: Date.UTC(2026, 10, 28),
  secrets: [{ name: 'LDAP_PASSWORD', value: 'pässwörd-値-😀\nzwei' }],
}
const passphrase = 'correct horse battery 9'
const transfers = createTransferThread(join(import.meta.dirname, '../../../src/machine/transfer-worker.ts'))

function hasAge(): boolean {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('secrets that are handed over, and the tool age', function () {
  this.timeout(60_000)
  let folder: string
  let file: string
  let identityFile: string
  let recipient: string

  before(function () {
    if (!hasAge()) {
      console.log('      age is missing (Debian: apt-get install age)')
      this.skip()
    }
  })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-age-'))
    file = join(folder, 'secrets.age')
    identityFile = join(folder, 'key.txt')
    execFileSync('age-keygen', ['-o', identityFile], { stdio: 'ignore' })
    recipient = execFileSync('age-keygen', ['-y', identityFile], { encoding: 'utf8' }).trim()
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const age = (...args: string[]) => execFileSync('age', args, { encoding: 'utf8' })
  /** The tool takes a passphrase from a terminal alone. */
  const ageOnTerminal = (command: string, typed: readonly string[]) => {
    const script = [
      'import os, pty, sys, time',
      'pid, fd = pty.fork()',
      `if pid == 0: os.execvp("sh", ["sh", "-c", ${JSON.stringify(command)}])`,
      `for line in ${JSON.stringify(typed)}:`,
      '    while b"passphrase" not in os.read(fd, 4096): pass',
      '    time.sleep(0.1); os.write(fd, line.encode() + b"\\n")',
      'try:',
      '    while os.read(fd, 4096): pass',
      'except OSError: pass',
      'sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
    ].join('\n')
    execFileSync('python3', ['-c', script])
  }

  async function sealed(key: Parameters<typeof transfers.seal>[1]): Promise<string> {
    const result = await transfers.seal(content, key)
    assert.ok(result.kind === 'sealed')
    return result.text
  }

  it('it decrypts what was encrypted to its recipients, also to several', async () => {
    const own = await transfers.createIdentity()
    writeFileSync(file, await sealed({ kind: 'recipients', recipients: [own.recipient, recipient] }))
    const plain = JSON.parse(age('-d', '-i', identityFile, file))
    assert.deepEqual(plain.secrets, content.secrets)
    const ownFile = join(folder, 'own.txt')
    writeFileSync(ownFile, `${own.identity}\n`)
    assert.equal(age('-d', '-i', ownFile, file), `${JSON.stringify(plain, null, 2)}\n`)
    assert.equal(execFileSync('age-keygen', ['-y', ownFile], { encoding: 'utf8' }).trim(), own.recipient)
  })

  it('it decrypts what was encrypted with a passphrase', async () => {
    writeFileSync(file, await sealed({ kind: 'passphrase', passphrase }))
    ageOnTerminal(`age -d -o '${folder}/plain' '${file}'`, [passphrase])
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'plain'), 'utf8')).secrets, content.secrets)
  })

  it('what it encrypted is taken over, armored or not, with an identity or a passphrase', async () => {
    const plain = join(folder, 'plain.json')
    const own = await transfers.createIdentity()
    writeFileSync(file, await sealed({ kind: 'recipients', recipients: [recipient] }))
    writeFileSync(plain, age('-d', '-i', identityFile, file))
    const found = identitiesIn(readFileSync(identityFile, 'utf8'))
    assert.ok('identities' in found)
    const opened = async (proof: Parameters<typeof transfers.open>[1]) => {
      const read = await transfers.open(readFileSync(file), proof, 1000)
      assert.ok(read.kind === 'content', JSON.stringify(read))
      assert.deepEqual(read.content, content)
    }
    age('-r', recipient, '-o', file, plain)
    await opened({ identities: found.identities })
    age('-a', '-r', own.recipient, '-r', recipient, '-o', file, plain)
    await opened({ identities: found.identities })
    await opened({ identities: [own.identity] })
    ageOnTerminal(`age -p -a -o '${file}.p' '${plain}'`, [passphrase, passphrase])
    file = `${file}.p`
    await opened({ identities: [], passphrase })
  })

  it('a passphrase opens what was encrypted with it, and nothing else does', async () => {
    const text = await sealed({ kind: 'passphrase', passphrase: '合言葉は とても長い 9' })
    const codeOf = async (proof: Parameters<typeof transfers.open>[1]) => {
      const read = await transfers.open(Buffer.from(text), proof, 1000)
      return read.kind === 'problem' ? read.problem.code : read.content
    }
    assert.deepEqual(await codeOf({ identities: [], passphrase: '合言葉は とても長い 9' }), content)
    assert.equal(await codeOf({ identities: [], passphrase: '合言葉は とても長い 8' }), 'passphrase-wrong')
    assert.equal(await codeOf({ identities: [(await transfers.createIdentity()).identity] }), 'passphrase-needed')
  })

  it('a thread that breaks is an error of the call and not of the program', async () => {
    const broken = join(folder, 'broken.mjs')
    writeFileSync(broken, 'throw new Error("broken")\n')
    await assert.rejects(createTransferThread(broken).createIdentity(), /broken/)
  })
})

describe('a private file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-private-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  async function draftOf(path: string, replace: boolean) {
    const drafted = await draftPrivateFile(path, 'text\n', replace)
    assert.ok(drafted.kind === 'draft', JSON.stringify(drafted))
    return drafted.draft
  }

  it('has its name when it is published, and is for its owner alone', async () => {
    const path = join(folder, 'a.age')
    const draft = await draftOf(path, false)
    assert.ok(!existsSync(path))
    assert.equal(await draft.publish(), undefined)
    assert.equal(readFileSync(path, 'utf8'), 'text\n')
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(folder), ['a.age'])
  })

  it('takes the place of no other file unless it may', async () => {
    const path = join(folder, 'a.age')
    const draft = await draftOf(path, false)
    writeFileSync(path, 'mine')
    assert.equal(await draft.publish(), 'EEXIST')
    assert.equal(readFileSync(path, 'utf8'), 'mine')
    assert.equal(await (await draftOf(path, true)).publish(), undefined)
    assert.equal(readFileSync(path, 'utf8'), 'text\n')
    assert.deepEqual(readdirSync(folder), ['a.age'])
  })

  it('leaves nothing when it is discarded or cannot be written', async () => {
    await (await draftOf(join(folder, 'a.age'), false)).discard()
    assert.deepEqual(readdirSync(folder), [])
    assert.deepEqual(await draftPrivateFile(join(folder, 'none', 'a.age'), 'x', false), {
      kind: 'failed',
      reason: 'ENOENT',
    })
    if (process.getuid?.() === 0) return
    chmodSync(folder, 0o500)
    assert.deepEqual(await draftPrivateFile(join(folder, 'a.age'), 'x', false), { kind: 'failed', reason: 'EACCES' })
  })
})
