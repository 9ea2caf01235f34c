import assert from 'node:assert/strict'
import { test } from 'node:test'
import pc from 'picocolors'
import { parseProsocialityList } from '../experiment-options.ts'
import { createForecastPart } from '../join/forecast-part.ts'
import type { JoinPart } from '../join/join-part.ts'
import type { Models } from '../model-options.ts'
import { UsageError } from '../usage-error.ts'
import { createForecastScenario, type ForecastScenario } from './scenario.ts'

const THINK_HEIGHTS = 60
const WITHOUT: Models = { byNode: [null, null], isAssistant: [], plugins: [], thinkMs: null }
const WITH: Models = {
  byNode: [{ name: 'm' }, null],
  isAssistant: [false, true],
  plugins: [],
  thinkMs: 100 * THINK_HEIGHTS,
}

function scenarioOf(models: Models): ForecastScenario {
  return createForecastScenario({
    seed: '1',
    series: 'series.csv',
    first: '2014-01-01',
    dayCount: 1,
    prosociality: parseProsocialityList('0,1'),
    sellers: [],
    resolution: 'record',
    models,
  })
}

test('a forecaster with a model has its time after its suppliers, and all wait that much less for theirs', () => {
  const [plain, thinking] = [scenarioOf(WITHOUT), scenarioOf(WITH)]
  const windowOf = ({ agents }: ForecastScenario): number =>
    agents.find(({ weather }) => weather?.asks)?.weather?.asks?.windowHeights ?? 0
  assert.equal(windowOf(thinking), windowOf(plain) + THINK_HEIGHTS)
  assert.deepEqual(
    thinking.agents.map(({ weather }) => weather?.marginHeights),
    plain.agents.map(({ weather }) => (weather?.marginHeights ?? 0) + THINK_HEIGHTS),
  )
  assert.equal(thinking.genesis.turnHeightsMax, THINK_HEIGHTS)
  assert.deepEqual(
    thinking.nodes.flatMap(({ name, model }) => (model === null ? [] : [[name, model]])),
    [
      ['forecaster-1', 'm'],
      ['forecaster-2', 'assistant'],
    ],
  )
  assert.deepEqual(
    thinking.agents.flatMap(({ model, assistant }) => model ?? assistant ?? []),
    [{ name: 'm' }, {}],
  )
})

test('a file decides for the forecaster that it is given to, and its name is shown', () => {
  const plugin = { path: '/mine/own.ts' }
  const { agents, nodes } = scenarioOf({ ...WITHOUT, plugins: [null, plugin] })
  assert.deepEqual(
    nodes.flatMap(({ name, model }, index) =>
      model === null ? [] : [[name, model, agents[index]?.plugin]],
    ),
    [['forecaster-2', 'own.ts', plugin]],
  )
})

test('a newcomer whose assistant decides has the same time, and sells nothing either', () => {
  const style = pc.createColors(false)
  const partOf = (role: string): JoinPart => {
    const plan = { role, prosociality: null, model: null, assistant: true, plugin: null }
    return createForecastPart(scenarioOf(WITH).genesis, plan, style)
  }
  const { assistant, weather } = partOf('forecaster').agent
  assert.deepEqual([assistant, weather?.marginHeights], [{}, 4 + THINK_HEIGHTS])
  assert.throws(() => partOf('signal:markov'), /--assistant decides for a forecaster, and not for/)
})

test('a newcomer with a model waits for its suppliers as long as the network leaves it time, and sells nothing', () => {
  const style = pc.createColors(false)
  const marginIn = ({ genesis }: ForecastScenario, model: string | null): unknown =>
    createForecastPart(
      genesis,
      { role: 'forecaster', prosociality: null, model, assistant: false, plugin: null },
      style,
    ).agent.weather?.marginHeights
  assert.equal(marginIn(scenarioOf(WITHOUT), null), 4)
  assert.equal(marginIn(scenarioOf(WITHOUT), 'm'), 12)
  assert.equal(marginIn(scenarioOf(WITH), 'm'), 4 + THINK_HEIGHTS)
  const { genesis } = scenarioOf(WITHOUT)
  assert.throws(
    () =>
      createForecastPart(
        genesis,
        { role: 'signal:markov', prosociality: null, model: 'm', assistant: false, plugin: null },
        style,
      ),
    (error) => error instanceof UsageError && /not for --role signal:markov/.test(error.message),
  )
})
