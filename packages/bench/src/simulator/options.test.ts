import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MUTANTS } from './mutant/mutants.ts'
import { parseOptions, SimulationUsageError } from './options.ts'
import { formatRequest } from './request.ts'

test('without a choice, both processes run below a third, some seeds above it, and every mutant', () => {
  const { stages, mutant } = parseOptions(['--seeds', '1000'])
  assert.deepEqual(stages, [
    { kind: 'runs', process: 'consensus', byzantine: 'below', seedCount: 1_000 },
    { kind: 'runs', process: 'replica', byzantine: 'below', seedCount: 1_000 },
    { kind: 'runs', process: 'consensus', byzantine: 'above', seedCount: 200 },
    { kind: 'mutants' },
  ])
  assert.equal(mutant, null)
})

test('the line that a failure prints names the same request again', () => {
  for (const line of [
    '--seed 42',
    '--seed 7 --family twins --process replica --nodes 5..6 --byzantine above --preset tiny',
    `--seed 7 --family chaos --behaviours twin,skipper --mutant ${MUTANTS[0]?.id ?? ''}`,
  ]) {
    const { seed, request, mutant } = parseOptions(line.split(' '))
    assert.equal(formatRequest({ ...request, seed: seed ?? -1 }, mutant), line)
  }
})

for (const line of [
  '--seed x',
  '--seed -1',
  '--nodes 4-5',
  '--family storm',
  '--byzantine some',
  '--behaviours rude',
  '--mutant nobody',
  '--preset huge',
  '--surprise',
]) {
  test(`${line} is refused with what would be accepted`, () => {
    assert.throws(() => parseOptions(line.split(' ')), SimulationUsageError)
  })
}
