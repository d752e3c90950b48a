import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { formatDateTime, formatDay, formatTime } from '../../../src/wording/dates.ts'
import { formatAge, formatClock, formatDuration } from '../../../src/wording/durations.ts'
import { stepCount, succeededOfAll } from '../../../src/wording/outcomes.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const en = createTranslator({})
const ja = createTranslator(JSON.parse(readFileSync('l10n/bundle.l10n.ja.json', 'utf8')))
const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR

describe('durations', () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [0, '0.0 s', '0.0秒'],
    [-5, '0.0 s', '0.0秒'],
    [2149, '2.1 s', '2.1秒'],
    [9940, '9.9 s', '9.9秒'],
    [9960, '10 s', '10秒'],
    [59_400, '59 s', '59秒'],
    [59_960, '1 min', '1分'],
    [600_000, '10 min', '10分'],
    [192_000, '3 min 12 s', '3分12秒'],
    [HOUR - 400, '1 h', '1時間'],
    [3 * HOUR + 300 * SECOND, '3 h 5 min', '3時間5分'],
    [2000 * HOUR, '2,000 h', '2,000時間'],
  ]
  for (const [ms, english, japanese] of cases) {
    it(`puts ${ms} ms as ${english}`, () => {
      assert.equal(formatDuration(ms, en, 'en'), english)
      assert.equal(formatDuration(ms, ja, 'ja'), japanese)
    })
  }

  it('runs a clock', () => {
    assert.deepEqual([0, 12_900, 192_000, 3_900_000].map(formatClock), ['0:00', '0:12', '3:12', '1:05:00'])
  })
})

describe('ages', () => {
  const now = new Date(2026, 10, 19, 9, 30).getTime()
  const cases: readonly (readonly [number, string, string])[] = [
    [-SECOND, 'just now', 'たった今'],
    [59 * SECOND, 'just now', 'たった今'],
    [60 * SECOND, '1 minute ago', '1分前'],
    [5 * HOUR, '5 hours ago', '5時間前'],
    [DAY, '1 day ago', '1日前'],
    [3 * DAY + HOUR, '3 days ago', '3日前'],
    [70 * DAY, '2 months ago', '2か月前'],
    [800 * DAY, '2 years ago', '2年前'],
  ]
  for (const [age, english, japanese] of cases) {
    it(`puts ${age} ms as ${english}`, () => {
      assert.equal(formatAge(now - age, now, en, 'en'), english)
      assert.equal(formatAge(now - age, now, ja, 'ja'), japanese)
    })
  }
})

describe('dates', () => {
  const now = new Date(2026, 10, 21, 0, 5).getTime()
  const at = (year: number, month: number, day: number, hour = 9, minute = 30) =>
    new Date(year, month - 1, day, hour, minute).getTime()

  it('names days by the calendar, not by 24 hours', () => {
    assert.equal(formatDay(at(2026, 11, 21, 0, 1), now, ja, 'ja'), '今日')
    assert.equal(formatDay(at(2026, 11, 20, 23, 59), now, ja, 'ja'), '昨日')
    assert.equal(formatDay(at(2026, 11, 19), now, ja, 'ja'), '11月19日(木)')
    assert.equal(formatDay(at(2025, 11, 19), now, ja, 'ja'), '2025年11月19日(水)')
    assert.equal(formatDay(at(2026, 11, 20), now, en, 'en'), 'Yesterday')
    assert.equal(formatDay(at(2026, 11, 19), now, en, 'en'), 'Thu, Nov 19')
  })

  it('gives time in 24 hours without a leading zero', () => {
    assert.equal(formatDateTime(at(2026, 11, 19), now, 'ja'), '11月19日(木) 9:30')
    assert.equal(formatDateTime(at(2026, 11, 19, 21, 5), now, 'en'), 'Thu, Nov 19 21:05')
    assert.equal(formatTime(at(2026, 11, 19, 0, 0), 'en'), '0:00')
  })
})

describe('counts', () => {
  it('knows the plural', () => {
    assert.deepEqual([stepCount(1, en, 'en'), stepCount(1200, en, 'en')], ['1 step', '1,200 steps'])
    assert.equal(stepCount(1, ja, 'ja'), '1ステップ')
    assert.equal(succeededOfAll({ succeeded: 7, all: 8, undone: 0 }, en), '7/8')
    assert.equal(succeededOfAll({ succeeded: 5, all: 8, undone: 2 }, en), '5/8 · undone: 2')
  })
})

describe('a translator', () => {
  it('inserts values once, as they are', () => {
    assert.equal(en('{0} and {1} and {0}', '{1}', '$&'), '{1} and $& and {1}')
  })

  it('leaves placeholders without a value, and sentences without a translation', () => {
    assert.equal(en('{0} {key=value} {2}', 'a', 'b'), 'a {key=value} {2}')
    assert.equal(ja('toString'), 'toString')
    assert.equal(createTranslator({ a: 'あ {0}' })('a', 1), 'あ 1')
  })
})
