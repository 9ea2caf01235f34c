import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prosocialityOfLambda } from '@commonweal/node/agent'
import { createForecastScenario } from './scenario.ts'
import { parseSellers } from './sellers.ts'

function scenarioWith(sellers: string | null) {
  const selfish = prosocialityOfLambda(0)
  assert.ok(selfish.ok)
  return createForecastScenario({
    seed: '1',
    series: 'series.csv',
    first: '2014-01-01',
    dayCount: 1,
    prosociality: [selfish.value],
    sellers: sellers === null ? [] : parseSellers(sellers),
    resolution: 'record',
    models: { byNode: [], isAssistant: [], plugins: [], thinkMs: null },
  })
}

test('sellers are told apart, and what is none is refused', () => {
  assert.deepEqual(
    parseSellers('noise-seller:1, noise-seller:2,copier').map(({ role, name }) => [role, name]),
    [
      ['noise-seller:1', 'noise-seller'],
      ['noise-seller:2', 'noise-seller'],
      ['copier', 'copier'],
    ],
  )
  for (const text of ['', 'saint', 'signal:markov', 'liar,liar', 'a,b,c,d,e,f,g,h,i']) {
    assert.throws(() => parseSellers(text), { name: 'InvalidArgumentError' }, text)
  }
})

test('forecasters buy of them, and who copies hears the models first', () => {
  const { nodes, agents } = scenarioWith('copier,noise-seller:1')
  const find = (name: string) => nodes.findIndex((node) => node.name === name)
  assert.deepEqual(nodes[find('noise-seller-1')]?.suppliers, [])
  assert.equal(nodes[find('copier')]?.suppliers.length, 3)
  assert.deepEqual(nodes[find('forecaster-1')]?.suppliers.slice(3), ['copier', 'noise-seller-1'])
  const marginOf = (name: string) => agents[find(name)]?.weather?.marginHeights ?? 0
  assert.ok(marginOf('signal-markov') > marginOf('copier'))
  assert.ok(marginOf('copier') > marginOf('forecaster-1'))
  const windowHeights = agents[0]?.weather?.asks?.windowHeights ?? 0
  assert.ok(agents.every(({ weather }) => (weather?.marginHeights ?? 0) < windowHeights))
})

test('without sellers the chain has no link for them', () => {
  const { agents } = scenarioWith(null)
  assert.equal(agents[0]?.weather?.asks?.windowHeights, 20)
})
