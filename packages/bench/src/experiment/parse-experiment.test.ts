import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { listBuiltIns } from './built-in.ts'
import { ExperimentError } from './experiment-error.ts'
import { parseExperiment } from './parse-experiment.ts'
import { planRuns } from './run-plan.ts'

function refusalOf(text: string): string {
  try {
    parseExperiment(text, 'file.yaml')
  } catch (cause) {
    if (cause instanceof ExperimentError) return cause.message
    throw cause
  }
  return 'accepted'
}

describe('an experiment file', () => {
  it('that is empty is five selfish agents in a commons, without a contract, with ten seeds', () => {
    const { cells, seeds } = parseExperiment('', 'file.yaml')
    assert.equal(seeds.length, 10)
    assert.equal(cells.length, 1)
    const [cell] = cells
    assert.equal(cell?.condition.scenario.kind, 'commons')
    assert.equal(cell.condition.contract, 'none')
    assert.deepEqual(cell.condition.population, [{ policy: 'utility', count: 5, prosociality: 0 }])
  })

  it('takes λ as a number, as ∞, and as α or θ in words', () => {
    for (const written of ['0.6', '.inf', 'inf', '"alpha=0.5"', '"theta=20"']) {
      assert.equal(refusalOf(`population: [{ count: 2, prosociality: ${written} }]`), 'accepted')
    }
  })

  it('counts its seeds or lists them', () => {
    assert.deepEqual(parseExperiment('seeds: 3', 'x').seeds, ['1', '2', '3'])
    assert.deepEqual(parseExperiment('seeds: [7, spring]', 'x').seeds, ['7', 'spring'])
  })
})

describe('a sweep', () => {
  it('runs every value with every other, the first path changing slowest, and a zip as one', () => {
    const { cells } = parseExperiment(
      [
        'population: [{ count: 1 }, { count: 4 }]',
        'sweep: { contract: [none, text], contractDelay: [0, 1] }',
        'zip: { population.0.count: [1, 2], population.1.count: [4, 3] }',
      ].join('\n'),
      'x',
    )
    assert.deepEqual(
      cells.map(({ values }) => Object.values(values).join(' ')),
      [
        'none 0 1 4',
        'none 0 2 3',
        'none 1 1 4',
        'none 1 2 3',
        'text 0 1 4',
        'text 0 2 3',
        'text 1 1 4',
        'text 1 2 3',
      ],
    )
    assert.deepEqual(
      cells[1]?.condition.population.map(({ count }) => count),
      [2, 3],
    )
  })

  it('sets all entries of a list at once, makes what the file leaves to its default, and takes labels', () => {
    const { cells } = parseExperiment(
      [
        'population: [{ count: 1 }, { count: 4 }]',
        'sweep:',
        '  population.*.prosociality: [3]',
        '  scenario: [{ label: short, value: { kind: commons, rounds: 2 } }]',
        '  network.loss: [0.1]',
      ].join('\n'),
      'x',
    )
    const [cell] = cells
    assert.deepEqual(cell?.values, {
      'population.*.prosociality': 3,
      scenario: 'short',
      'network.loss': 0.1,
    })
    const { condition } = cell
    assert.deepEqual(
      condition.population.map(({ prosociality }) => prosociality),
      [3, 3],
    )
    assert.equal(condition.scenario.kind === 'commons' && condition.scenario.rounds, 2)
    assert.equal(condition.network.loss, 0.1)
  })
})

const REFUSALS: readonly (readonly [text: string, message: RegExp])[] = [
  ['name: a\nrund: 3', /^file\.yaml:2:1: «rund»: unknown field; accepted: name, .*seeds/],
  [
    'scenario:\n  kind: commons\n  round: 3',
    /:3:3: scenario: «round»: unknown field; accepted: .*rounds/,
  ],
  ['contract: lew', /:1:11: contract: «lew»; accepted: none, text, law/],
  [
    'population:\n  - { count: 2.5 }',
    /:2:14: population\.0\.count: «2\.5»; accepted: a whole number/,
  ],
  [
    'population:\n  - { prosociality: -2 }',
    /:2:21: population\.0\.prosociality: «-2»; accepted: λ as/,
  ],
  ['population:\n  - { policy: nice }', /:2:15: population\.0\.policy: «nice»; accepted: greedy, /],
  ['population: []', /:1:13: population: 0 seats; accepted: 1 to 64/],
  ['adversaries:\n  - { kind: greedy }', /:2:5: adversaries\.0: accepted: either count or share/],
  [
    'adversaries: [{ kind: greedy, count: 6 }]',
    /:1:14: adversaries: 6 of them; accepted: at most the 5/,
  ],
  [
    'adversaries: [{ kind: nasty, count: 1 }]',
    /:1:23: adversaries\.0\.kind: «nasty»; accepted: .*free-rider/,
  ],
  [
    'contract: law\nlaw: stock + nothing',
    /:2:6: law: «stock \+ nothing» is refused: unknown-variable/,
  ],
  ['language: own-action', /:1:11: language: own-action; accepted: full, stock-cap/],
  [
    'scenario: { kind: commons, regeneration: fast }',
    /accepted: deterministic, iid, private-signal/,
  ],
  [
    'scenario: { kind: commons, values: [100] }',
    /scenario\.values: 1 values; accepted: 5, one a seat/,
  ],
  [
    'scenario: { kind: chess }',
    /:1:19: scenario\.kind: «chess»; accepted: commons, game, forecast/,
  ],
  [
    'scenario: { kind: game, game: { form: base, base: published-61 } }',
    /«published-61»; accepted: canonical/,
  ],
  [
    'scenario: { kind: game, game: { form: matrix, row: [[1, 2], [3]] } }',
    /scenario\.game\.row\.1: accepted: at least 2/,
  ],
  [
    'scenario: { kind: game }\npopulation: [{ policy: "always:XX", count: 2 }]',
    /:2:24: .*«always:XX»; accepted: always:0/,
  ],
  [
    'scenario: { kind: forecast }\ncontract: law',
    /:2:11: contract: a market has none; accepted: none/,
  ],
  [
    'scenario: { kind: forecast, questions: 2, first: 2015-12-31 }',
    /scenario\.questions: 2 days; accepted: days from 2013-01-01 to 2015-12-31, 1 of them/,
  ],
  [
    'scenario: { kind: forecast, first: 2012-06-01 }',
    /scenario\.first: 2012-06-01; accepted: days from 2013-01-01 to 2015-12-31/,
  ],
  ['sweep:\n  contract: [none, lew]', /:2:20: contract: «lew»; accepted: none, text, law/],
  [
    'sweep:\n  population.7.count: [1]',
    /:2:3: population\.7\.count leads nowhere; accepted: a path/,
  ],
  ['sweep:\n  seeds: [1]', /:2:3: seeds leads nowhere; accepted: .*population/],
  [
    'zip: { contract: [law], law: [a, b] }',
    /:1:6: lists of 1, 2 values; accepted: lists of one length/,
  ],
  ['seeds: 0', /:1:8: seeds: «0»; accepted: at least 1/],
  ['seeds: [a, a]', /:1:8: seeds: accepted: each seed once/],
  ['a: [\n', /no YAML: /],
  ['contract: law\ncontract: none', /:2:1: no YAML: Map keys must be unique/],
  ['- 1', /:1:1: accepted: fields/],
]

describe('what is wrong with a file is said with its line, its column and what is accepted', () => {
  for (const [text, message] of REFUSALS) {
    it(text.replaceAll('\n', ' ⏎ '), () => {
      assert.match(refusalOf(text), message)
    })
  }

  it('a grid that is too large is refused before it is made', () => {
    const many = `[${Array.from({ length: 101 }, (_, index) => index).join()}]`
    const text = `sweep: { network.latencyMs: ${many}, network.jitterMs: ${many} }`
    assert.match(refusalOf(text), /10201 points of the grid; accepted: at most 10000/)
  })
})

describe('the runs of an experiment', () => {
  it('have an id that depends on what fixes them and on nothing else', () => {
    const idsOf = (text: string): readonly string[] =>
      planRuns(parseExperiment(text, 'x')).map(({ id }) => id)
    const [first, second] = idsOf('seeds: 2')
    assert.notEqual(first, second)
    // Names, unused laws and the weather of a network that there is none of do not fix a run.
    assert.deepEqual(idsOf('seeds: [1]\nname: other\nlaw: stock / 10\nnetwork: { loss: 0.5 }'), [
      first,
    ])
    assert.notDeepEqual(idsOf('seeds: [1]\ncontract: text'), [first])
    assert.deepEqual(idsOf('seeds: [1]\nsweep: { contract: [none, text] }')[0], first)
  })

  it('are in the order of cells, then of seeds', () => {
    const plans = planRuns(parseExperiment('seeds: 2\nsweep: { contract: [none, text] }', 'x'))
    assert.deepEqual(
      plans.map(({ index, cell, seed }) => [index, cell['contract'], seed]),
      [
        [0, 'none', '1'],
        [1, 'none', '2'],
        [2, 'text', '1'],
        [3, 'text', '2'],
      ],
    )
  })
})

it('the example of the guide is an experiment', () => {
  const guide = readFileSync(
    new URL('../../../../docs/guide/benchmark.md', import.meta.url),
    'utf8',
  )
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? []
  assert.equal(parseExperiment(example, 'benchmark.md').cells.length, 8)
})

describe('the experiments that come with the package', () => {
  const builtIns = listBuiltIns()

  it('are there', () => assert.ok(builtIns.length >= 6))

  for (const { name, path, text } of builtIns) {
    it(`${name} can be read, and bears its name`, () => {
      const experiment = parseExperiment(text, path)
      assert.equal(experiment.name, name)
      assert.ok(experiment.description.length > 0)
      assert.ok(experiment.seeds.length >= 10)
    })
  }
})
