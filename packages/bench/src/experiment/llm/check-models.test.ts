import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conditionOf, experimentFileSchema } from '../experiment.ts'
import { ExperimentError } from '../experiment-error.ts'
import { parseExperiment } from '../parse-experiment.ts'
import { planRuns } from '../run-plan.ts'
import { modelConfigOf, priceOf, settingsOf } from './llm-settings.ts'

const SEATS = 'population: [{ policy: llm, count: 2, model: m }]\n'

function refusalOf(text: string): string {
  try {
    parseExperiment(text, 'file.yaml')
  } catch (cause) {
    if (cause instanceof ExperimentError) return cause.message
    throw cause
  }
  return 'accepted'
}

describe('an experiment with models', () => {
  it('names them in its entries or once for all, and varies them like anything else', () => {
    const text = `
population: [{ policy: llm, count: 1 }, { policy: llm, model: own, count: 1 }]
llm: { temperature: 0.5 }
sweep: { llm.model: [a, b] }
`
    const { cells } = parseExperiment(text, 'file.yaml')
    assert.deepEqual(
      cells.map(({ condition }) => condition.population.map(({ model }) => model)),
      [
        ['a', 'own'],
        ['b', 'own'],
      ],
    )
    const [first] = cells
    assert.equal(first?.condition.llm?.temperature, 0.5)
    assert.deepEqual(conditionOf(experimentFileSchema.parse(first.condition)), first.condition)
  })

  it('keeps settings that nobody uses out of what its runs are', () => {
    const [plain, unused] = ['', 'llm: { model: m, cassette: { file: x } }'].map((text) =>
      planRuns(parseExperiment(text, 'file.yaml')),
    )
    assert.deepEqual(unused, plain)
  })

  it('is recorded under what fixes its answers, whatever they cost', () => {
    const [one, dear, warm] = ['', 'llm: { price: "1/2" }', 'llm: { temperature: 1 }'].map(
      (more) => planRuns(parseExperiment(SEATS + more, 'file.yaml'))[0],
    )
    assert.equal(dear?.tape, one?.tape)
    assert.notEqual(dear?.id, one?.id)
    assert.notEqual(warm?.tape, one?.tape)
  })

  it('has a price for all models or by model, in millionths of a dollar', () => {
    const settingsWith = (price: unknown) =>
      settingsOf(experimentFileSchema.parse({ llm: { price } }).llm)
    const quarter = { promptMicroUsd: '250000', completionMicroUsd: '2000000' }
    assert.deepEqual(priceOf('m', settingsWith('0.25/2')), quarter)
    assert.deepEqual(priceOf('m', settingsWith({ m: '0.25/2', n: '1/1' })), quarter)
    assert.equal(priceOf('m', settingsWith({ n: '1/1' })), null)
    assert.equal(priceOf('m', settingsWith(null)), null)
  })

  it('asks a model at the address of the settings, unless its name has one', () => {
    const settings = settingsOf(
      experimentFileSchema.parse({ llm: { baseUrl: 'http://gpu:8000/v1', isGuarded: false } }).llm,
    )
    const { name, mandate, turnMs } = modelConfigOf('m', settings)
    assert.deepEqual([name, mandate, turnMs], ['m@http://gpu:8000/v1', null, 60_000])
    assert.equal(modelConfigOf('m@http://a:1/v1', settings).name, 'm@http://a:1/v1')
  })
})

const REFUSED: readonly (readonly [text: string, sentence: RegExp])[] = [
  [
    'population: [{ policy: llm, count: 2 }]',
    /:1:.*population\.0\.model: nothing; accepted, here or in llm\.model: a model/,
  ],
  ['population: [{ policy: greedy, model: m }]', /«m»; accepted with policy llm alone/],
  ['population: [{ policy: llm, model: "a b" }]', /«a b»; accepted: a model such as gpt-5-mini/],
  ['population: [{ policy: gpt, count: 2 }]', /«gpt»; accepted: .*, llm, a file of your own/],
  [`${SEATS}fidelity: sim`, /fidelity: sim; accepted with policy llm: rounds/],
  [`${SEATS}scenario: { kind: game }`, /scenario\.kind: game; accepted with policy llm: commons/],
  [`${SEATS}contract: law\nlaw: stock / 10`, /«stock \/ 10»; a model proposes what it likes/],
  [`${SEATS}llm: { price: cheap }`, /llm\.price: «cheap»; accepted: dollars for a million tokens/],
  [`${SEATS}llm: { key: sk-1 }`, /llm: «key»: unknown field; accepted: model, baseUrl/],
  [`${SEATS}llm: { baseUrl: "https://me:sk-1@host/v1" }`, /and no key in it/],
  [`${SEATS}llm: { baseUrl: "https://host/v1?key=sk-1" }`, /and no key in it/],
  [
    `${SEATS}llm: { cassette: { file: x, mode: play } }`,
    /llm\.cassette\.mode: «play»; accepted: record, replay, replay-only/,
  ],
  [
    `${SEATS}sweep: { llm.cassette.file: [x, y] }`,
    /:2:.*llm\.cassette\.file: all runs have one cassette/,
  ],
  ['maxCost: -1', /maxCost: «-1»; accepted: at least 0/],
]
describe('what cannot be of models is refused where it stands', () => {
  for (const [text, sentence] of REFUSED) {
    it(text.replaceAll('\n', ' ⏎ '), () => assert.match(refusalOf(text), sentence))
  }
})
