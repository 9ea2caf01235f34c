import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretKeyOf } from '@commonweal/protocol'
import { assistantConfigSchema } from './agent/assistant/assistant-config.ts'
import { questionAt } from './agent/llm/forecast/test-questions.ts'
import { modelConfigSchema } from './agent/llm/model-config.ts'
import { TestClock } from './agent/llm/test-clock.ts'
import { situationOf } from './agent/llm/test-situation.ts'
import { parseProsociality } from './agent/prosocial.ts'
import type { NodeConfig, WeatherConfig } from './config.ts'
import { createNodeSigner } from './crypto.ts'
import { createLocalGenesis } from './local/genesis.ts'
import { createNodeAgent } from './node-agent.ts'

/** What no agent of these tests has a use for. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const OWN = { log: SILENT, plugin: null }

const prosociality = parseProsociality('0.6')

function configOf(thinkMs: number | undefined, weather: WeatherConfig | null = null): NodeConfig {
  assert.ok(prosociality.ok)
  return {
    name: 'node',
    dataFolder: '.',
    genesis: createLocalGenesis({
      nodes: 3,
      seed: 'agent',
      ...(thinkMs === undefined ? {} : { thinkMs }),
    }),
    secretKey: secretKeyOf('agent', 0),
    listen: [],
    bootNodes: [],
    isBootNode: false,
    api: null,
    agent: {
      policy: { name: 'fair-share' },
      prosociality: prosociality.value,
      law: null,
      turn: null,
      timeoutMs: null,
      weather,
      model: modelConfigSchema.parse({ name: 'm@http://127.0.0.1:9/v1' }),
      assistant: null,
      plugin: null,
    },
    votes: true,
    seed: null,
    links: null,
    join: null,
    fault: null,
    logLevel: 'info',
  }
}

for (const [thinkMs, turnMs] of [
  [undefined, 1_920],
  [10_000, 8_000],
  [600_000, 50_000],
] as const) {
  test(`a model has four fifths of what the network gives, and no more than it is set: ${turnMs} ms`, async () => {
    const clock = new TestClock()
    const stop = new AbortController()
    const id = createNodeSigner(secretKeyOf('agent', 0)).agent
    const agent = createNodeAgent(configOf(thinkMs), { ...OWN, id, clock, signal: stop.signal })
    const answer = Promise.resolve(agent.act(situationOf()))
    assert.deepEqual(clock.waitsMs, [turnMs])
    clock.advance(turnMs)
    await assert.rejects(answer, { code: 'timed-out' })
    assert.deepEqual(agent.usage?.().failures, { 'timed-out': 1 })
  })
}

for (const [marginHeights, turnMs] of [
  [10, 800],
  [1_000, 8_000],
] as const) {
  test(`a model that forecasts has four fifths of what its margin leaves, and is counted with the seats: ${turnMs} ms`, async () => {
    const clock = new TestClock()
    const id = createNodeSigner(secretKeyOf('agent', 0)).agent
    const weather = { role: 'forecaster', series: '', first: '', asks: null, suppliers: [] }
    const config = configOf(10_000, { ...weather, marginHeights })
    const agent = createNodeAgent(config, {
      ...OWN,
      id,
      clock,
      signal: new AbortController().signal,
    })
    const situation = { question: questionAt(1), snapshot: 0, agent: id, signals: [] }
    const answer = Promise.resolve(agent.forecaster?.forecast(situation))
    assert.deepEqual(clock.waitsMs, [turnMs])
    clock.advance(turnMs)
    await assert.rejects(answer, { code: 'timed-out' })
    assert.deepEqual(agent.usage?.().failures, { 'timed-out': 1 })
  })
}

for (const [thinkMs, answerMs, heldMs] of [
  [undefined, null, 1_920],
  [10_000, null, 8_000],
  [10_000, 3_000, 3_000],
  [10_000, 9_000, 8_000],
] as const) {
  test(`an assistant has four fifths of what the network gives, and no more than it is set: ${heldMs} ms`, async () => {
    const clock = new TestClock()
    const config = configOf(thinkMs)
    const assistant = assistantConfigSchema.parse({ answerMs })
    const agent = createNodeAgent(
      { ...config, agent: { ...config.agent, model: null, assistant } },
      {
        ...OWN,
        id: createNodeSigner(secretKeyOf('agent', 0)).agent,
        clock,
        signal: new AbortController().signal,
      },
    )
    const answer = Promise.resolve(agent.act(situationOf()))
    assert.deepEqual(clock.waitsMs, [heldMs])
    clock.advance(heldMs)
    assert.equal(await answer, 20n, 'the policy decides: a fifth of the stock')
  })
}
