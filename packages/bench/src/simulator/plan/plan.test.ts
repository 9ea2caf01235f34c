import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunRequest, StakeShare } from '../request.ts'
import { faultyStake, type Plan } from './plan.ts'
import { enumerationCount, mayLeaveOut, planOf } from './request-plan.ts'
import { cutCount, scheduleCount, twinsPlan } from './twins-plan.ts'

function request(seed: number, changes: Partial<RunRequest>): RunRequest {
  return {
    seed,
    family: 'mixed',
    process: 'consensus',
    nodeCountMin: 4,
    nodeCountMax: 7,
    byzantine: 'below',
    behaviours: [],
    isTiny: false,
    ...changes,
  }
}

function plansOf(byzantine: StakeShare): readonly Plan[] {
  return Array.from({ length: 200 }, (_, seed) => planOf(request(seed, { byzantine })).plan)
}

test('faulty stake stays below a third, or reaches it, as asked', () => {
  for (const plan of plansOf('below')) {
    const { faulty, total } = faultyStake(plan)
    assert.ok(faulty * 3n < total)
  }
  for (const plan of plansOf('above')) {
    const { faulty, total } = faultyStake(plan)
    assert.ok(faulty * 3n >= total && faulty < total)
  }
  assert.ok(plansOf('none').every((plan) => faultyStake(plan).faulty === 0n))
})

test('faulty stake stays below a third whomever a later set leaves out', () => {
  for (const plan of plansOf('below')) {
    for (const leftOut of mayLeaveOut(plan)) {
      const stakesMicro = plan.stakesMicro.map((stake, agent) => (agent === leftOut ? 0n : stake))
      const { faulty, total } = faultyStake({ ...plan, stakesMicro })
      assert.ok(faulty * 3n < total)
    }
  }
})

test('the same request gives the same plan, and every seed another', () => {
  const plans = plansOf('below')
  assert.deepEqual(plansOf('below'), plans)
  const shapes = plans.map((plan) =>
    JSON.stringify({ ...plan, seed: '' }, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    ),
  )
  assert.equal(new Set(shapes).size, plans.length)
})

test('chaos draws every faulty behaviour, every moment of a crash and partitions', () => {
  const plans = Array.from(
    { length: 200 },
    (_, seed) => planOf(request(seed, { family: 'chaos' })).plan,
  )
  const behaviours = new Set(
    plans.flatMap(({ instances }) => instances.map(({ behaviour }) => behaviour)),
  )
  assert.equal(behaviours.size, 9)
  const moments = new Set(plans.flatMap(({ crashes }) => crashes.map(({ moment }) => moment)))
  assert.deepEqual([...moments].toSorted(), ['after', 'before', 'torn'])
  assert.ok(plans.some(({ partitions }) => partitions.length > 1))
})

test('schedules enumerate every cut of every view once', () => {
  const options = { agentCount: 3, twinCount: 1, viewCount: 2, epoch: 1, healAtMs: 1 }
  assert.equal(cutCount(options), 8)
  const schedules = Array.from({ length: scheduleCount(options) }, (_, schedule) =>
    twinsPlan('test', schedule, options)
      .viewPartitions.map(({ groups }) => groups.join(''))
      .join('/'),
  )
  assert.equal(new Set(schedules).size, 64)
  assert.ok(schedules.every((schedule) => /^0[01]{3}\/0[01]{3}$/.test(schedule)))
})

test('the enumeration counts through leaders × cuts, none twice', () => {
  const base = request(0, { family: 'enumeration' })
  assert.equal(enumerationCount(base), 24 * 16 ** 3)
  const seen = new Set<string>()
  for (let seed = 0; seed < 5_000; seed++) {
    const { plan, leaderOrder } = planOf({ ...base, seed })
    const cuts = plan.viewPartitions.map(({ groups }) => groups.join('')).join('/')
    seen.add(`${leaderOrder?.join('')} ${cuts}`)
  }
  assert.equal(seen.size, 5_000)
})
