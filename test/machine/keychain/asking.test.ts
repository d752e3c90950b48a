import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createKeychain, type Keychain } from '../../../src/machine/keychain/keychain.ts'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { helperFile, keytarPath } from './helper.ts'

const names = ['LOCKED_AWAY', 'B', 'C', 'D', 'E', 'F']

describe('a locked keyring that asks its operator', function () {
  this.timeout(60_000)
  let keyring: Keyring
  let keychain: Keychain

  before(async function () {
    needs(this, await whyNoKeyring('Xvfb', 'xdotool'))
  })
  const open = async (timeoutMs: number) => {
    keyring = await startKeyring('asking')
    keychain = createKeychain({ helperFile, keytarPath, env: keyring.env, timeoutMs })
  }
  afterEach(() => {
    keychain?.dispose()
    return keyring?.stop()
  })

  const screen = async (...words: readonly string[]) => {
    const { stdout } = await promisify(execFile)('xdotool', words, { env: keyring.env }).catch(() => ({ stdout: '' }))
    return stdout.trim()
  }
  const prompts = async () => (await screen('search', '--onlyvisible', '--class', 'gcr-prompter')).split('\n')
  const promptOpens = async () => {
    for (let n = 0; (await prompts()).join('') === ''; n++) {
      assert.ok(n < 200, 'no prompt opened')
      await sleep(50)
    }
    // It takes keys a moment after it is seen.
    await sleep(1000)
  }
  const outcome = async (name: string) => {
    const lookup = await keychain.get(name)
    return lookup.kind === 'failed' ? lookup.failure.code : lookup.kind
  }

  it('holds nothing up while five questions and one more get no answer, and opens one prompt for all of them', async () => {
    const timeoutMs = 5000
    await open(timeoutMs)
    const delay = monitorEventLoopDelay({ resolution: 10 })
    const began = performance.now()
    delay.enable()
    const asked = names.map(outcome)
    await promptOpens()
    const seen = await keychain.look(names)
    const lookedAfter = performance.now() - began
    const open1 = (await prompts()).length
    const outcomes = await Promise.all(asked)
    const took = performance.now() - began
    delay.disable()

    assert.deepEqual(outcomes, ['timeout', 'busy', 'busy', 'busy', 'busy', 'busy'])
    assert.ok(took < 2 * timeoutMs, `all were answered together, after ${took} ms`)
    assert.ok(seen.kind === 'seen' && seen.locked && lookedAfter < timeoutMs, 'looking did not wait for the prompt')
    assert.equal((await prompts()).length, open1, 'no other prompt followed')
    // The time that the loop was held up, as a part of the time that the keychain took.
    assert.ok(delay.max / 1e6 / took < 0.2, `held up for ${delay.max / 1e6} ms of ${took} ms`)
  })

  it('gives everything that waited once it is unlocked', async () => {
    await open(30_000)
    const asked = names.map(outcome)
    await promptOpens()
    await screen('type', 'practice')
    await screen('key', 'Return')
    assert.deepEqual(await Promise.all(asked), ['found', 'missing', 'missing', 'missing', 'missing', 'missing'])
    assert.equal(await keychain.set('B', 'a value'), undefined)
  })

  it('tells a question that was dismissed from a keyring that cannot ask', async () => {
    await open(30_000)
    for (const ask of [() => outcome('LOCKED_AWAY'), async () => (await keychain.set('LOCKED_AWAY', 'other'))?.code]) {
      const asked = ask()
      await promptOpens()
      await screen('key', 'Escape')
      assert.equal(await asked, 'refused')
    }
  })

  it('can be asked again after a question that got no answer', async () => {
    await open(3000)
    const first = outcome('LOCKED_AWAY')
    await promptOpens()
    assert.equal(await first, 'timeout')
    const second = outcome('LOCKED_AWAY')
    // The prompt of the first one still stands there.
    await screen('type', 'practice')
    await screen('key', 'Return')
    assert.equal(await second, 'found')
  })
})
