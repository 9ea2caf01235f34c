import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  countParser,
  createExperiment,
  type ExperimentFlags,
  parseAdversaries,
  parseFaultOption,
  parsePolicyList,
  parseProsocialityList,
  parseSeed,
  parseValues,
} from './experiment-options.ts'
import { UsageError } from './usage-error.ts'

function flags(change: Partial<ExperimentFlags> = {}): ExperimentFlags {
  return {
    nodes: 5,
    rounds: 12,
    policy: parsePolicyList('utility'),
    adversary: [],
    contract: 'law',
    contractDelay: 0,
    regeneration: 'deterministic',
    seed: '1',
    ...change,
  }
}

const lambdas = (change: Partial<ExperimentFlags>): readonly number[] =>
  createExperiment(flags(change)).prosociality.map(({ lambda }) => lambda)

test('the default population is mixed and repeats itself for more nodes', () => {
  assert.deepEqual(lambdas({}), [0, 0, 0.6, 1, 3])
  assert.deepEqual(lambdas({ nodes: 3 }), [0, 0, 0.6])
  assert.deepEqual(lambdas({ nodes: 7 }), [0, 0, 0.6, 1, 3, 0, 0])
})

test('one entry of a list stands for all nodes', () => {
  const prosociality = parseProsocialityList('alpha=0.5')
  assert.deepEqual(lambdas({ prosociality }), [1, 1, 1, 1, 1])
})

test('a list of another length than the nodes is refused with both numbers', () => {
  const prosociality = parseProsocialityList('0,1')
  assert.throws(() => createExperiment(flags({ prosociality })), {
    name: 'UsageError',
    message: '--prosociality has 2 entries for 5 nodes; give one for all, or 5',
  })
})

test('values are unequal where there is something to bargain over', () => {
  assert.equal(createExperiment(flags()).values, 'seeded')
  assert.equal(createExperiment(flags({ contract: 'none' })).values, 'equal')
  assert.equal(createExperiment(flags({ contract: 'none', values: 'seeded' })).values, 'seeded')
  assert.deepEqual(createExperiment(flags({ values: [50], nodes: 2 })).values, [50, 50])
})

test('an adversary replaces the policy of its node alone', () => {
  const adversary = parseAdversaries('hold-out:1,greedy:3')
  assert.deepEqual(
    createExperiment(flags({ adversary })).policies.map(({ name }) => name),
    ['utility', 'hold-out', 'utility', 'greedy', 'utility'],
  )
})

test('a ring names its nodes once, and each of them knows the others', () => {
  const [first, second, ...others] = parseAdversaries('colluder:1+3')
  assert.deepEqual(first, { index: 1, policy: { name: 'colluder', seats: [1, 3] } })
  assert.deepEqual(second, { index: 3, policy: { name: 'colluder', seats: [1, 3] } })
  assert.deepEqual(others, [])
  assert.deepEqual(parseAdversaries('washer:2'), [
    { index: 2, policy: { name: 'washer', seats: [2] } },
  ])
})

test('adversaries given one after the other add up', () => {
  const first = parseAdversaries('hold-out:1')
  assert.equal(parseAdversaries('greedy:2', first).length, 2)
})

test('a node that joins may do anything against the protocol but crash: nobody starts it again', () => {
  assert.equal(parseFaultOption('flood').kind, 'flood')
  assert.throws(
    () => parseFaultOption('crash'),
    /nobody starts a node again.*Accepted: double-vote/,
  )
  assert.throws(() => parseFaultOption('free-rider'), /«free-rider» is no adversary/)
})

test('a fault is beside what the agent of its node plays', () => {
  const adversary = parseAdversaries('free-rider:1,double-vote:1+2,crash(3s):0')
  const { policies, faults } = createExperiment(flags({ adversary }))
  assert.deepEqual(
    policies.map(({ name }) => name),
    ['utility', 'free-rider', 'utility', 'utility', 'utility'],
  )
  assert.deepEqual(
    faults.map((fault) => fault?.kind ?? null),
    ['crash', 'double-vote', 'double-vote', null, null],
  )
  assert.equal(faults[0]?.spellMs, 3_000)
})

test('an adversary beyond the nodes, or twice at one node, is refused', () => {
  assert.throws(
    () => createExperiment(flags({ adversary: parseAdversaries('hold-out:5') })),
    /names node 5; the nodes are 0 to 4/,
  )
  assert.throws(
    () => createExperiment(flags({ adversary: parseAdversaries('flood:1,forge:1') })),
    /--adversary names node 1 twice/,
  )
  assert.throws(
    () => createExperiment(flags({ adversary: parseAdversaries('hold-out:1,greedy:1') })),
    UsageError,
  )
})

test('a law needs contracts that are laws', () => {
  assert.throws(() => createExperiment(flags({ law: 'stock / 10', contract: 'text' })), UsageError)
  assert.equal(createExperiment(flags({ law: 'stock / 10' })).law, 'stock / 10')
})

test('values are percents of what is written, from one hundredth to ten', () => {
  assert.deepEqual(parseValues('1,0.5,.01,10'), [100, 50, 1, 1000])
  assert.equal(parseValues('equal'), 'equal')
  for (const text of ['0', '10.01', '0.001', '-1', 'x', '', '1,,2']) {
    assert.throws(() => parseValues(text), `«${text}» is refused`)
  }
})

test('counts are whole numbers in their range', () => {
  const parse = countParser(1, 64)
  assert.equal(parse('64'), 64)
  for (const text of ['0', '65', '1.5', '-3', 'five', '']) {
    assert.throws(() => parse(text), /from 1 to 64/)
  }
})

test('what is no prosociality, policy, adversary or seed is refused with what is accepted', () => {
  assert.throws(() => parseProsocialityList('0,kind'), /«kind» is no prosociality/)
  assert.throws(() => parsePolicyList('nice'), /Accepted: greedy/)
  assert.throws(() => parseAdversaries('hold-out'), /free-rider:1/)
  assert.throws(() => parseSeed('a b'), /letters, digits/)
})
