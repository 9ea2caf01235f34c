import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { encode } from '../codec/cbor.ts'
import { digestOf } from '../codec/digest.ts'
import { createSchedule, leaderOf } from './leader.ts'
import { agentAt, SEED } from './toy-world.test.ts'
import { checkValidatorSet, type Electorate } from './validators.ts'

function electorateOf(stakes: readonly bigint[]): Electorate {
  const checked = checkValidatorSet(
    stakes.map((stakeMicro, index) => ({ agent: agentAt(index), stakeMicro })),
  )
  assert.ok(checked.ok)
  return checked.value
}

/** Turn after turn, as the rule is written: what the closed form must agree with. */
function countTurns(stakes: readonly bigint[], phases: readonly bigint[], views: number): number[] {
  const taken = stakes.map(() => 0n)
  return Array.from({ length: views }, () => {
    let best = 0
    for (const [index, stake] of stakes.entries()) {
      const mine = (taken[index] ?? 0n) * 2n ** 32n + (phases[index] ?? 0n) + 1n
      const other = (taken[best] ?? 0n) * 2n ** 32n + (phases[best] ?? 0n) + 1n
      if (mine * (stakes[best] ?? 0n) < other * stake) best = index
    }
    taken[best] = (taken[best] ?? 0n) + 1n
    return best
  })
}

test('[CON-4] with equal stakes everybody leads once in each n views', () => {
  const schedule = createSchedule(electorateOf([5n, 5n, 5n, 5n, 5n]), SEED)
  for (let first = 0; first < 50; first += 5) {
    const leaders = Array.from({ length: 5 }, (_, index) => leaderOf(schedule, first + index))
    assert.equal(new Set(leaders).size, 5)
  }
})

test('[CON-4] the closed form gives the leaders that the turns give, one after the other', () => {
  const stake = fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, 2n ** 63n - 1n))
  fc.assert(
    fc.property(fc.array(stake, { minLength: 1, maxLength: 9 }), fc.nat(), (stakes, salt) => {
      const schedule = createSchedule(electorateOf(stakes), digestOf(encode(salt)))
      const expected = countTurns(stakes, schedule.phases, 60)
      const views = expected.map((_, view) => leaderOf(schedule, view))
      assert.deepEqual(
        views,
        expected.map((index) => agentAt(index)),
      )
    }),
    { numRuns: 100 },
  )
})

test('[CON-4] with the same phase the smaller agent id goes first', () => {
  const electorate = electorateOf([3n, 3n, 3n])
  const schedule = { electorate, phases: [7n, 7n, 7n] }
  const leaders = [0, 1, 2, 3].map((view) => leaderOf(schedule, view))
  assert.deepEqual(
    leaders,
    [0, 1, 2, 0].map((index) => agentAt(index)),
  )
})

test('[CON-4] over many views everybody leads in proportion to its stake', () => {
  const stakes = [1n, 2n, 7n, 30n]
  const schedule = createSchedule(electorateOf(stakes), SEED)
  const counts = new Map<string, number>()
  for (let view = 0; view < 400; view++) {
    const leader = leaderOf(schedule, view)
    counts.set(leader, (counts.get(leader) ?? 0) + 1)
  }
  for (const [index, stake] of stakes.entries()) {
    const count = counts.get(agentAt(index)) ?? 0
    assert.ok(Math.abs(count - Number(stake) * 10) <= 2, `${index} led ${count} views`)
  }
})

test('[CON-4] a view far away costs no more than the first', () => {
  const schedule = createSchedule(electorateOf([1n, 2n, 3n]), SEED)
  const leader = leaderOf(schedule, Number.MAX_SAFE_INTEGER)
  assert.ok([0, 1, 2].some((index) => agentAt(index) === leader))
})
