import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretKeyOf } from '@commonweal/protocol'
import { modelConfigSchema } from './agent/llm/model-config.ts'
import { TestClock } from './agent/llm/test-clock.ts'
import { situationOf } from './agent/llm/test-situation.ts'
import { parseProsociality } from './agent/prosocial.ts'
import type { NodeConfig } from './config.ts'
import { createNodeSigner } from './crypto.ts'
import { createLocalGenesis } from './local/genesis.ts'
import { createNodeAgent } from './node-agent.ts'

const prosociality = parseProsociality('0.6')

function configOf(thinkMs: number | undefined): NodeConfig {
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
      weather: null,
      model: modelConfigSchema.parse({ name: 'm@http://127.0.0.1:9/v1' }),
    },
    votes: true,
    seed: null,
    links: null,
    join: null,
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
    const agent = createNodeAgent(configOf(thinkMs), { id, clock, signal: stop.signal })
    const answer = Promise.resolve(agent.act(situationOf()))
    assert.deepEqual(clock.waitsMs, [turnMs])
    clock.advance(turnMs)
    await assert.rejects(answer, { code: 'timed-out' })
    assert.deepEqual(agent.usage?.().failures, { 'timed-out': 1 })
  })
}
