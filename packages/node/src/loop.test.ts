import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Cid,
  cidOf,
  createNobleSigner,
  digestOf,
  type Effect,
  emptyLedger,
  encode,
  type Input,
  InvariantError,
  nobleVerify,
  type ReplicaView,
  seal,
  secretKeyOf,
  type Verdict,
} from '@commonweal/protocol'
import { AGAIN_PAUSE_MS, MessageIntake } from './intake.ts'
import { Loop, type Outward } from './loop.ts'
import type { ClockPort, LogPort, ReplicaPort, StorePort, StoreWrite } from './ports.ts'
import { createMemoryStore } from './store/memory.ts'
import { StoreError } from './store/store-error.ts'

const networkId: Cid = cidOf(encode('the network of the loop test'))
const signer = createNobleSigner(secretKeyOf('loop-test', 0))
const SILENT: LogPort = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A clock that moves when it is told to, and rings what is due. */
class HandClock implements ClockPort {
  #nowMs = 1_000
  #alarms: { readonly atMs: number; readonly ring: () => void }[] = []

  nowMs(): number {
    return this.#nowMs
  }

  alarm(delayMs: number, ring: () => void): () => void {
    const alarm = { atMs: this.#nowMs + delayMs, ring }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  advance(ms: number): void {
    this.#nowMs += ms
    const due = this.#alarms.filter(({ atMs }) => atMs <= this.#nowMs)
    this.#alarms = this.#alarms.filter(({ atMs }) => atMs > this.#nowMs)
    for (const { ring } of due) ring()
  }
}

/** A replica that answers each input as it is told to. */
class ScriptedReplica implements ReplicaPort {
  readonly inputs: Input[] = []
  deadlineMs: number | null = null
  finalHeight = 1
  readonly #answer: (input: Input) => readonly Effect[]

  constructor(answer: (input: Input) => readonly Effect[]) {
    this.#answer = answer
  }

  step(input: Input): readonly Effect[] {
    this.inputs.push(input)
    return this.#answer(input)
  }

  nextDeadlineMs(): number | null {
    return this.deadlineMs
  }

  view(): ReplicaView {
    return {
      epoch: 1,
      phase: 'negotiate',
      view: 0,
      finalHeight: this.finalHeight,
      height: this.finalHeight,
      stateDigest: '',
      waitingTransactions: 0,
      runningInstances: [],
    }
  }

  ledger(): ReturnType<ReplicaPort['ledger']> {
    return emptyLedger()
  }

  reopen(nowMs: number): readonly Effect[] {
    this.finalHeight = 10
    return this.#answer({ kind: 'tick', nowMs })
  }
}

interface Bench {
  readonly loop: Loop
  readonly clock: HandClock
  readonly replica: ScriptedReplica
  readonly store: StorePort
  /** What was done, in order: `commit`, then effects by kind. */
  readonly deeds: string[]
  readonly faults: { readonly error: Error; readonly input: Input | undefined }[]
}

function createBench(
  answer: (input: Input) => readonly Effect[],
  change: (store: StorePort) => Partial<StorePort> = () => ({}),
): Bench {
  const deeds: string[] = []
  const faults: Bench['faults'] = []
  const memory = createMemoryStore()
  const store: StorePort = {
    ...memory,
    commit: (writes) => {
      if (writes.length > 0) deeds.push(`commit ${writes.length}`)
      memory.commit(writes)
    },
    ...change(memory),
  }
  const clock = new HandClock()
  const replica = new ScriptedReplica(answer)
  const loop = new Loop({
    replica,
    store,
    clock,
    log: SILENT,
    intake: new MessageIntake({ networkId, verify: nobleVerify }),
    carryOut: (effect: Outward) => deeds.push(effect.kind),
    onFatal: (error, input) => faults.push({ error, input }),
  })
  return { loop, clock, replica, store, deeds, faults }
}

function vote(view: number): Uint8Array {
  const message = { kind: 'nullify', author: signer.agent, epoch: 1, view } as const
  return seal(message, networkId, signer).envelope
}

const persist: Effect = {
  kind: 'persist',
  records: [{ kind: 'action', subnet: 'commons', epoch: 1, action: 1n }],
}
const peer: StoreWrite = { kind: 'peer', peer: { peerId: 'a', address: '/a', seenAtMs: 1 } }
const publish: Effect = { kind: 'publish', topic: 'consensus', envelope: Uint8Array.of(1) }
const verdict = (given: Verdict): Effect => ({ kind: 'verdict', verdict: given, code: null })
const command: Input = {
  kind: 'command',
  command: { kind: 'inform', conversation: networkId, text: '' },
  nowMs: 0,
}

describe('the loop', () => {
  it('has on disk what it puts on the wire, all of a turn in one transaction', async () => {
    const { loop, deeds } = createBench(() => [publish, persist, publish])
    await Promise.all([loop.submit(command), loop.submit(command)])
    assert.deepEqual(deeds, ['commit 2', 'publish', 'publish', 'publish', 'publish'])
  })

  it('puts a state that it is given on disk before the replica goes on from it, what was to be written first', async () => {
    const { loop, deeds, replica } = createBench(() => [persist, publish])
    const installed = await Promise.all([loop.submit(command), loop.install([peer, peer], 10)])
    assert.equal(installed[1], true)
    assert.deepEqual(deeds, ['commit 2', 'commit 2', 'publish', 'publish'])
    assert.equal(replica.finalHeight, 10)
  })

  it('hands a message that was accepted before on again once the replica has started again, which knows it no more', async () => {
    const { loop, replica } = createBench(({ kind }) =>
      kind === 'message' ? [verdict('accept')] : [],
    )
    const heard = (): number => replica.inputs.filter(({ kind }) => kind === 'message').length
    for (const expected of [1, 1]) {
      assert.equal((await loop.receive(vote(1), null)).verdict, 'accept')
      assert.equal(heard(), expected)
    }
    await loop.install([peer], 10)
    assert.equal((await loop.receive(vote(1), null)).verdict, 'accept')
    assert.equal(heard(), 2)
  })

  it('takes no state that the replica has reached by itself', async () => {
    const { loop, deeds, replica } = createBench(() => [])
    replica.finalHeight = 10
    assert.equal(await loop.install([peer], 10), false)
    assert.deepEqual(deeds, [])
    assert.equal(await loop.install([peer], 11), true)
  })

  it('ends where a state does not get to the disk', async () => {
    const failure = new StoreError('store-failed', 'the disk is full')
    const { loop, deeds, replica, faults } = createBench(
      () => [publish],
      () => ({
        commit: () => {
          throw failure
        },
      }),
    )
    void loop.install([peer], 10)
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(faults, [{ error: failure, input: undefined }])
    assert.deepEqual(deeds, [])
    assert.equal(replica.finalHeight, 1)
  })

  it('carries nothing out when the disk refuses, and ends', async () => {
    const failure = new StoreError('store-failed', 'the disk is full')
    const { loop, deeds, faults } = createBench(
      () => [persist, publish],
      () => ({
        commit: () => {
          throw failure
        },
      }),
    )
    void loop.submit(command)
    await turn()
    assert.deepEqual(deeds, [])
    assert.deepEqual(faults, [{ error: failure, input: undefined }])
  })

  it('ends at our own bug, and tells what was being stepped', async () => {
    const bug = new InvariantError('this should not be')
    const { loop, faults, replica } = createBench(() => {
      throw bug
    })
    void loop.submit(command)
    await turn()
    assert.equal(faults.length, 1)
    assert.equal(faults[0]?.error, bug)
    assert.equal(faults[0]?.input?.kind, 'command')
    void loop.submit(command)
    await turn()
    assert.equal(replica.inputs.length, 1, 'nothing is stepped after that')
  })

  it('gives the sender of a message the verdict of the core, once it is on disk', async () => {
    const { loop, deeds } = createBench(() => [verdict('ignore'), persist])
    const judged = loop.receive(vote(1), null).then((judgement) => {
      deeds.push('verdict')
      return judgement.verdict
    })
    assert.equal(await judged, 'ignore')
    assert.deepEqual(deeds, ['commit 1', 'verdict'])
  })

  it('refuses what is not signed well without stepping it', async () => {
    const { loop, replica } = createBench(() => [verdict('accept')])
    const forged = seal(
      { kind: 'nullify', author: signer.agent, epoch: 1, view: 1 },
      cidOf(encode('another network')),
      signer,
    ).envelope
    assert.deepEqual(await loop.receive(forged, null), { verdict: 'reject', code: 'bad-signature' })
    assert.equal(replica.inputs.length, 0)
  })

  it('steps a message again that was ignored, and an accepted vote, which it goes on to accept', async () => {
    const verdicts: Verdict[] = ['ignore', 'accept', 'ignore']
    const { loop, clock, replica } = createBench(() => [verdict(verdicts.shift() ?? 'reject')])
    const told: Verdict[] = []
    for (let count = 0; count < 3; count += 1) {
      told.push((await loop.receive(vote(1), null)).verdict)
      clock.advance(AGAIN_PAUSE_MS)
    }
    assert.deepEqual(told, ['ignore', 'accept', 'accept'])
    assert.equal(replica.inputs.length, 3)
  })

  it('ticks at the deadline of the replica, and not before', async () => {
    const { loop, clock, replica } = createBench(() => [])
    replica.deadlineMs = 1_500
    loop.start([])
    clock.advance(499)
    await turn()
    assert.deepEqual(replica.inputs, [])
    clock.advance(1)
    await turn()
    assert.deepEqual(replica.inputs, [{ kind: 'tick', nowMs: 1_500 }])
  })

  it('answers what still waits when it stops, and takes no more', async () => {
    const { loop, replica } = createBench(() => [verdict('accept')])
    const waiting = loop.receive(vote(1), null)
    loop.stop()
    assert.deepEqual(await waiting, { verdict: 'ignore', code: 'stopped' })
    assert.deepEqual(await loop.receive(vote(2), null), { verdict: 'ignore', code: 'stopped' })
    assert.equal(replica.inputs.length, 0)
  })

  it('stores a snapshot as entries, and turns as they were heard', async () => {
    const id = cidOf(encode('b_1'))
    const ledger = emptyLedger().set('a', 1)
    const heard = { turn: 0, seat: 1, move: 'pass', terms: null, text: '' } as const
    const { loop, store } = createBench(() => [
      { kind: 'snapshot', snapshot: { epoch: 1, height: 9, id, ledger } },
      { kind: 'heard', subnet: 'commons', conversation: id, target: 2, turn: heard },
    ])
    await loop.submit(command)
    assert.deepEqual([...(store.snapshot(1)?.entries ?? [])], [['a', 1]])
    assert.equal(
      digestOf(encode(store.turns(0, 9))),
      digestOf(encode([{ subnet: 'commons', conversation: id, target: 2, turn: heard }])),
    )
  })
})

/** The loop's turns are immediates: two of them see every turn that was due. */
async function turn(): Promise<void> {
  for (let count = 0; count < 2; count += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
