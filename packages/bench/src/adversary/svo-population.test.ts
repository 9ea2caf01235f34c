import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy, type SvoClass, svoClassOf } from '@commonweal/node/agent'
import { run } from '../run/rounds-fixtures.ts'
import { drawSvoPolicies, SVO_RANGES } from './svo-population.ts'

const CLASSES: readonly SvoClass[] = ['competitive', 'individualistic', 'prosocial', 'altruistic']

test('every angle drawn is one of its class, and written as a policy', () => {
  for (const svoClass of CLASSES) {
    const plans = drawSvoPolicies(svoClass, 200, 'classes')
    assert.ok(new Set(plans).size > 100)
    for (const plan of plans) {
      const policy = parsePolicy(plan)
      assert.ok(policy.ok && policy.value.name === 'svo', plan)
      assert.equal(svoClassOf(policy.value.thetaDeg), svoClass, plan)
    }
  }
})

test('the ranges follow one another without a gap', () => {
  const ends = CLASSES.map((svoClass) => SVO_RANGES[svoClass])
  for (const [index, [, to]] of ends.slice(0, -1).entries()) assert.equal(to, ends[index + 1]?.[0])
})

// λ* is 0.6, an angle of 20.56°: every prosocial and altruistic agent is above it, every competitive one below.
for (const [svoClass, rounds] of [
  ['competitive', 1],
  ['prosocial', 12],
  ['altruistic', 12],
] as const) {
  test(`without a contract a commons of ${svoClass} agents lasts ${rounds} of 12 rounds`, async () => {
    for (const seed of ['a', 'b', 'c']) {
      const { metrics } = await run(drawSvoPolicies(svoClass, 5, seed))
      assert.equal(metrics.m, rounds)
    }
  })
}

test('competitive agents do not agree on the law that individualistic ones agree on', async () => {
  const selfish = await run(['svo(0)', 'svo(0)', 'svo(0)', 'svo(0)', 'svo(0)'], { contract: 'law' })
  assert.equal(selfish.metrics.m, 12)
  const plans = Array.from({ length: 5 }, () => 'svo(-30)')
  const { agreements, metrics } = await run(plans, { contract: 'law' })
  assert.deepEqual([agreements.length, metrics.m], [0, 1])
})
