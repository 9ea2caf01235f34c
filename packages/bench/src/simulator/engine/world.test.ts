import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalGenesis } from '@commonweal/node/local'
import { digestOf, encode, type Input, networkIdOf, present, seal } from '@commonweal/protocol'
import type { Plan } from '../plan/plan.ts'
import type { Network, Process, ProcessEffect, ProcessOptions } from '../process.ts'
import { KeyRing } from './keyed-hash.ts'
import { World } from './world.ts'
import type { WorldReport } from './world-options.ts'

const NETWORK_ID = networkIdOf(createLocalGenesis({ nodes: 2, seed: 'world-test' }))

/** Says the same vote every 10 ms, by gossip (agent 0) or directly (agent 1), and notes what it hears and when. */
class Parrot implements Process {
  readonly heard: { readonly input: Input; readonly journal: number }[] = []
  readonly #options: ProcessOptions
  readonly #envelope: Uint8Array
  #nextMs: number

  constructor(options: ProcessOptions, ring: KeyRing) {
    const signer = present(ring.signers[options.agent], 'a parrot has a key')
    const vote = { kind: 'nullify', author: signer.agent, epoch: 1, view: 0 } as const
    this.#options = options
    this.#envelope = seal(vote, NETWORK_ID, signer).envelope
    this.#nextMs = options.nowMs
  }

  step(input: Input): readonly ProcessEffect[] {
    this.heard.push({ input, journal: this.#options.disk.records.length })
    if (input.kind !== 'tick') return []
    this.#nextMs = input.nowMs + 10
    const { agent } = this.#options
    const frame = { kind: 'envelope', envelope: this.#envelope } as const
    return [
      { kind: 'persist', records: [{ kind: 'action', subnet: 'x', epoch: 1, action: 1n }] },
      agent === 0
        ? { kind: 'publish', topic: 'consensus', envelope: this.#envelope }
        : { kind: 'send', to: null, frame },
    ]
  }

  nextDeadlineMs(): number {
    return this.#nextMs
  }

  inspect(): ReturnType<Process['inspect']> {
    return { epoch: 1, view: 0, height: 0, stateDigest: digestOf(encode(0)) }
  }
}

interface Flock {
  readonly parrots: readonly Parrot[]
  readonly report: WorldReport
}

function fly(changes: Partial<Plan>, runMs: number): Flock {
  const ring = new KeyRing(2, 'world-test')
  const parrots: Parrot[] = []
  const network: Network = {
    networkId: NETWORK_ID,
    verify: ring.verify,
    signers: ring.signers,
    validators: [],
    createProcess: (options) => {
      const parrot = new Parrot(options, ring)
      parrots.push(parrot)
      return parrot
    },
  }
  const plan: Plan = {
    seed: 'world-test',
    stakesMicro: [1n, 1n],
    instances: [0, 1].map((agent) => ({
      agent,
      behaviour: 'honest',
      clockOffsetMs: 0,
      clockDriftPpm: 0,
    })),
    link: {
      latencyMinMs: 3,
      latencyMaxMs: 3,
      lossPpm: 0,
      duplicatePpm: 0,
      delayPpm: 0,
      delayMaxMs: 0,
      heldPpm: 0,
    },
    partitions: [],
    viewPartitions: [],
    crashes: [],
    healAtMs: 0,
    ...changes,
  }
  const progressLimitMs = runMs - plan.healAtMs
  const report = new World({ plan, network, progressLimitMs, isTraceKept: true }).run()
  return { parrots, report }
}

function messagesTo({ parrots }: Flock, index: number): readonly number[] {
  return (parrots[index]?.heard ?? [])
    .filter(({ input }) => input.kind === 'message')
    .map(({ input }) => input.nowMs)
}

test('gossip swallows identical bytes for 120 s, and a direct frame arrives each time', () => {
  const flock = fly({}, 1_000)
  assert.deepEqual(messagesTo(flock, 1), [3])
  assert.ok(messagesTo(flock, 0).length >= 100)
})

test('the parrots never finalize anything, and the progress checker says so', () => {
  const { report } = fly({}, 1_000)
  assert.deepEqual(
    report.failures.map(({ property }) => property),
    ['progress'],
  )
})

test('a partition cuts what crosses it, on the way as well, until the network heals', () => {
  const flock = fly({ partitions: [{ atMs: 101, groups: [0, 1] }], healAtMs: 500 }, 1_000)
  const arrivals = messagesTo(flock, 0)
  // What was sent at 100 ms was to arrive at 103 ms.
  assert.ok(arrivals.includes(93) && !arrivals.includes(103))
  assert.ok(arrivals.every((atMs) => atMs <= 101 || atMs >= 503))
  assert.ok(arrivals.includes(503))
})

test('what stands behind the persist at which a process crashes is not carried out', () => {
  for (const moment of ['before', 'after'] as const) {
    const crash = { instance: 1, persist: 3, moment, downMs: 200 }
    const flock = fly({ crashes: [crash], healAtMs: 500 }, 600)
    const arrivals = messagesTo(flock, 0)
    assert.deepEqual(
      arrivals.slice(0, 3),
      [3, 13, 223],
      `a crash ${moment} the third persist, at 20 ms`,
    )
    const again = present(flock.parrots[2], 'it starts again')
    assert.equal(again.heard[0]?.journal, moment === 'before' ? 2 : 3)
  }
})

test('the same plan gives the same trace', () => {
  const link = {
    latencyMinMs: 1,
    latencyMaxMs: 20,
    lossPpm: 200_000,
    duplicatePpm: 200_000,
    delayPpm: 200_000,
    delayMaxMs: 50,
    heldPpm: 0,
  }
  const first = fly({ link, healAtMs: 500 }, 600).report
  assert.equal(fly({ link, healAtMs: 500 }, 600).report.traceDigest, first.traceDigest)
  const other = fly({ link, healAtMs: 500, seed: 'another' }, 600).report
  assert.notEqual(other.traceDigest, first.traceDigest)
})
