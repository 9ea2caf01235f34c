import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { computeChainTotals } from '../chain/conserve.ts'
import { locks, questions } from '../chain/forecast/market.ts'
import { headOf } from '../chain/head.ts'
import type { Cid } from '../codec/cid.ts'
import { present } from '../invariant.ts'
import type { QuestionBody } from '../message/forecast.ts'
import type { TransactionBody } from '../message/transaction.ts'
import { datasetRoot, proveRecord } from '../resolution/dataset.ts'
import {
  type ForecastPolicy,
  keyedHashSigner,
  RECORDS,
  reporting,
  SmallWorld,
} from '../testing/index.ts'
import type { Effect, JournalRecord } from './effect.ts'
import { sealStatement, sealVerdict } from './forecasts.ts'
import { emptyPool, waitingOf } from './mempool.ts'
import { restoreReplica } from './restore.ts'
import { finalLedger, NO_FORECASTS } from './state.ts'
import type { ReplicaWork } from './work.ts'

const AGENTS = [0, 1, 2, 3, 4].map((index) => keyedHashSigner(`agent ${index}`).agent)

/** Agent 0 asks; 0, 1 and 2 have weight; a jury has three. */
function createWorld(policy: ForecastPolicy): SmallWorld {
  const forecast = {
    schedule: { epochMicro: 1_000_000n, halvingEpochs: 1_000 },
    houseWeightMicro: 500_000n,
    openers: AGENTS.slice(0, 1),
    locks: AGENTS.slice(0, 3).map((agent) => ({ agent, lockedMicro: 1_000_000n })),
    revealHeightsMax: 12,
    resolveHeightsMax: 60,
    juryHeightsMax: 12,
    jurySizes: [3],
    disputeEpochs: 2,
  }
  return new SmallWorld(() => null, { genesis: { instances: [], forecast } }, policy)
}

/** Everybody reports the same share of its index. */
const reportByIndex: ForecastPolicy = (asked, index) =>
  asked.kind === 'ask-forecast'
    ? {
        kind: 'state',
        question: asked.question,
        snapshot: asked.snapshot,
        statement: reporting(9_000 - 1_000 * index),
      }
    : { kind: 'judge', question: asked.question, round: asked.round, outcome: 0 }

function submit(world: SmallWorld, index: number, body: TransactionBody): void {
  const command = { kind: 'submit', body, tag: null } as const
  world.feed(index, { kind: 'command', command, nowMs: world.nowMs })
}

const WINDOW_HEIGHTS = 12
/** As many heights as tens of epochs have. */
const LONG_HEIGHTS = 240

function ask(
  world: SmallWorld,
  resolver: QuestionBody['resolver'],
  snapshotCount: 1 | 2 = 1,
  windowHeights = WINDOW_HEIGHTS,
): Cid {
  const openHeight = headOf(finalLedger(world.replica(0))).height + 2
  submit(world, 0, {
    kind: 'question',
    text: 'Which?',
    topic: 'test',
    outcomes: ['first', 'second'],
    resolver,
    referenceBps: [5_000, 5_000],
    weight: 1,
    openHeight,
    snapshots: Array.from({ length: snapshotCount }, (_, index) => ({
      closeHeight: openHeight - 1 + windowHeights * (index + 1),
      weightBps: 10_000 / snapshotCount,
    })),
    resolveHeight: openHeight + windowHeights * snapshotCount,
  })
  world.run(() => [...questions.entries(finalLedger(world.replica(0)))].length === 1)
  const [found] = [...questions.entries(finalLedger(world.replica(0)))]
  return present(found, 'the question is asked')[0]
}

function stageAt(world: SmallWorld, index: number, id: Cid): string {
  return questions.find(finalLedger(world.replica(index)), id)?.stage.at ?? 'settled'
}

const DATASET: QuestionBody['resolver'] = {
  kind: 'dataset',
  root: datasetRoot(RECORDS),
  index: 0,
  column: 'outcome',
}

function resolve(world: SmallWorld, question: Cid): void {
  const record = present(RECORDS[0], 'there is a record')
  submit(world, 1, { kind: 'resolve', question, record, proof: proveRecord(RECORDS, 0) })
}

describe('replicas that forecast', () => {
  it('ask their agents, seal, open and settle, all with the same result', () => {
    const world = createWorld(reportByIndex)
    const id = ask(world, DATASET)
    world.run(() => stageAt(world, 1, id) === 'waiting')
    world.run(() => headOf(finalLedger(world.replica(1))).height >= 20)
    resolve(world, id)
    world.run(() => world.replicas.every((_, index) => stageAt(world, index, id) === 'settled'))
    const opened = world.events.filter(({ kind }) => kind === 'statement-opened')
    assert.equal(opened.length, 5)
    assert.ok(world.codes.every((code) => code.endsWith(':ok')))
    const ledger = finalLedger(world.replica(0))
    const [better, , worse] = AGENTS.slice(0, 3).map(
      (agent) => locks.find(ledger, agent)?.weightMicro ?? 0n,
    )
    assert.ok((better ?? 0n) > (worse ?? 0n))
    assert.equal(computeChainTotals(ledger).errorMicro, 0n)
  })

  it('open after a restart what they sealed before it', () => {
    const world = createWorld(reportByIndex)
    const id = ask(world, DATASET)
    world.run(() => stageAt(world, 2, id) === 'revealing')
    const before = world.replica(2)
    const late: ReplicaWork = {
      context: world.context(2),
      nowMs: world.nowMs,
      replica: { ...before, forecasts: NO_FORECASTS },
      effects: [],
    }
    // What is said when nothing is sealed any more is neither kept nor sent.
    sealStatement(late, { question: id, snapshot: 0, statement: reporting(1_000) })
    assert.deepEqual([late.effects, late.replica.forecasts], [[], NO_FORECASTS])
    const restarted = restart(world, 2)
    assert.deepEqual(restarted.state.forecasts.statements, before.forecasts.statements)
    // Customers who come late may have it again.
    assert.equal(restarted.effects.filter(({ kind }) => kind === 'statement-sealed').length, 1)
    world.run(() => stageAt(world, 0, id) === 'waiting')
    assert.equal(world.events.filter(({ kind }) => kind === 'slashed').length, 0)
  })

  it('tell customers what they sealed, also when they die before a block has taken the seal', () => {
    const world = createWorld(reportByIndex)
    const id = ask(world, DATASET)
    world.run(() => Object.keys(world.replica(2).forecasts.statements).length > 0)
    assert.equal(waitingSeals(world, 2), 1, 'no block has taken it')
    const { effects } = restart(world, 2)
    assert.deepEqual(
      effects.flatMap((effect) => (effect.kind === 'statement-sealed' ? [effect.question] : [])),
      [id],
    )
    assert.equal(waitingSeals(world, 2), 1, 'it is not sent twice')
    world.run(() => stageAt(world, 0, id) === 'waiting')
    assert.equal(world.events.filter(({ kind }) => kind === 'slashed').length, 0)
    assert.ok(world.codes.every((code) => code.endsWith(':ok')))
  })

  it('have what they sealed on disk for as long as the question lives, and do not write it in every epoch', () => {
    const world = createWorld(reportByIndex)
    const id = ask(world, DATASET, 1, LONG_HEIGHTS)
    const sealEpoch = headOf(finalLedger(world.replica(2))).epoch
    world.run(() => stageAt(world, 2, id) === 'revealing', 1_000_000)
    const epochs = headOf(finalLedger(world.replica(2))).epoch - sealEpoch
    assert.ok(epochs > 40, `the question was open for ${epochs} epochs`)
    const written = world.disk(2).records.filter(({ kind }) => kind === 'statement').length
    assert.ok(written >= 2 && written <= 2 + epochs / 32, `it was written ${written} times`)
    const { statements } = world.replica(2).forecasts
    restart(world, 2)
    assert.deepEqual(world.replica(2).forecasts.statements, statements)
    world.run(() => stageAt(world, 0, id) === 'waiting', 1_000_000)
    assert.equal(world.events.filter(({ kind }) => kind === 'slashed').length, 0)
  })

  it('send again what opens a seal, where it was lost before a block took it', () => {
    const world = createWorld(reportByIndex)
    const id = ask(world, DATASET)
    world.run(() => stageAt(world, 0, id) === 'revealing')
    for (const [index, replica] of world.replicas.entries()) {
      world.replicas[index] = { ...replica, pool: emptyPool() }
    }
    world.run(() => stageAt(world, 0, id) === 'waiting')
    assert.equal(world.events.filter(({ kind }) => kind === 'statement-opened').length, 5)
    assert.equal(world.events.filter(({ kind }) => kind === 'slashed').length, 0)
  })

  it('seal nothing for a snapshot that is closed, and nothing that could not be opened', () => {
    const world = createWorld(() => null)
    const id = ask(world, DATASET, 2)
    world.run(() => headOf(finalLedger(world.replica(0))).height >= openHeightOf(world, id))
    const closeHeight = openHeightOf(world, id) + 11
    const state = (snapshot: number, report: number) => {
      const statement = { ...reporting(5_000), report: [report, 5_000] }
      const command = { kind: 'state', question: id, snapshot, statement } as const
      return world.feed(0, { kind: 'command', command, nowMs: world.nowMs })
    }
    assert.deepEqual(state(0, 4_000), [], 'it is no report')
    world.run(() => headOf(finalLedger(world.replica(0))).height >= closeHeight)
    assert.equal(stageAt(world, 0, id), 'open')
    assert.deepEqual(state(0, 5_000), [], 'it is late')
    assert.ok(state(1, 5_000).some(({ kind }) => kind === 'statement-sealed'))
  })

  it('hold to what they have said, of a question and of a verdict, whatever they are told to say later', () => {
    const world = createWorld(() => null)
    const question = ask(world, DATASET)
    world.run(() => stageAt(world, 2, question) === 'open')
    const said = reporting(7_000)
    const forecasts = {
      ...NO_FORECASTS,
      statements: { [`${question}/0`]: said },
      verdicts: { [`${question}/jury/1`]: 0 },
    }
    const replica = { ...world.replica(2), forecasts }
    const work = { context: world.context(2), nowMs: world.nowMs, replica, effects: [] }
    const stated = (firstBps: number): readonly Effect[] => {
      const stating: ReplicaWork = { ...work, effects: [] }
      sealStatement(stating, { question, snapshot: 0, statement: reporting(firstBps) })
      return stating.effects
    }
    const judged = (outcome: number): readonly Effect[] => {
      const judging: ReplicaWork = { ...work, effects: [] }
      sealVerdict(judging, { question, round: 1, outcome })
      return judging.effects
    }
    const sealed = stated(1_000).find(({ kind }) => kind === 'statement-sealed')
    assert.deepEqual(sealed?.kind === 'statement-sealed' ? sealed.statement : null, said)
    assert.deepEqual(stated(1_000), stated(7_000))
    assert.ok(judged(1).some(({ kind }) => kind === 'publish'))
    assert.deepEqual(judged(1), judged(0))
  })

  it('forget what they did for questions that are gone', () => {
    const world = createWorld(reportByIndex)
    const id = ask(world, DATASET)
    world.run(() => stageAt(world, 1, id) === 'waiting')
    assert.ok(world.replica(2).forecasts.done.size > 0)
    world.run(() => headOf(finalLedger(world.replica(1))).height >= 20)
    resolve(world, id)
    world.run(() => world.replicas.every((_, index) => stageAt(world, index, id) === 'settled'))
    const { epoch } = headOf(finalLedger(world.replica(2)))
    world.run(() => headOf(finalLedger(world.replica(2))).epoch > epoch)
    const { done, statements } = world.replica(2).forecasts
    assert.deepEqual([[...done], statements], [[], {}])
  })

  it('do not judge again after a restart what they have judged', () => {
    const world = createWorld((asked, index) =>
      // Who reports is no juror; and one never answers, so that the others' seals wait.
      (asked.kind === 'ask-forecast' ? index >= 2 : index === 4)
        ? null
        : reportByIndex(asked, index),
    )
    const id = dispute(world)
    world.run(() => seatOf(world, id, 3).seal !== null)
    const { effects } = restart(world, 3)
    assert.ok(effects.every(({ kind }) => kind !== 'ask-verdict'))
    world.run(() => stageAt(world, 0, id) === 'settled')
    assert.ok(world.codes.every((code) => code.endsWith(':ok')))
  })

  it('sit in juries: the one who lied loses its bond, and the update waits until they have decided', () => {
    const world = createWorld((asked, index) =>
      asked.kind === 'ask-forecast' && index >= 2 ? null : reportByIndex(asked, index),
    )
    const id = dispute(world)
    world.run(() => stageAt(world, 0, id) === 'jury')
    assert.equal(world.events.filter(({ kind }) => kind === 'question-settled').length, 0)
    world.run(() => stageAt(world, 0, id) === 'settled')
    const settled = world.events.find((event) => event.kind === 'question-settled')
    assert.equal(settled?.kind === 'question-settled' ? settled.outcome : null, 0)
    const tallied = world.events.findIndex(({ kind }) => kind === 'jury-tallied')
    const paid = world.events.findIndex((event) => event.kind === 'question-settled')
    assert.ok(tallied >= 0 && paid > tallied)
  })
})

/** 0 asserts what is not so, and 1 says so: 2, 3 and 4 are the jury. */
function dispute(world: SmallWorld): Cid {
  const id = ask(world, { kind: 'schelling' })
  world.run(() => stageAt(world, 0, id) === 'waiting')
  world.run(() => headOf(finalLedger(world.replica(0))).height >= 20)
  submit(world, 0, { kind: 'assert', question: id, outcome: 1 })
  world.run(() => stageAt(world, 1, id) === 'asserted')
  submit(world, 1, { kind: 'dispute', question: id, outcome: 0 })
  return id
}

/** The seat of a juror, as its own replica has it; one that is not drawn yet has sealed nothing. */
function seatOf(world: SmallWorld, id: Cid, index: number): { readonly seal: unknown } {
  const stage = questions.find(finalLedger(world.replica(index)), id)?.stage
  const jury = stage?.at === 'jury' ? stage.juries.at(-1) : undefined
  return jury?.find(({ agent }) => agent === AGENTS[index]) ?? { seal: null }
}

function waitingSeals(world: SmallWorld, index: number): number {
  const waiting = waitingOf(world.replica(index).pool, present(AGENTS[index], 'one of five'))
  return waiting.filter(({ message }) => message.kind === 'seal-statement').length
}

function openHeightOf(world: SmallWorld, id: Cid): number {
  return present(questions.find(finalLedger(world.replica(0)), id), 'it is asked').openHeight
}

/** Stops a replica and starts it from its disk. */
function restart(world: SmallWorld, index: number): ReturnType<typeof restoreReplica> {
  const { records, blocks } = world.disk(index)
  const saved = {
    snapshot: null,
    blocks: blocks.map(({ block, certificate }) => ({ block: block.block, certificate })),
    records: records.filter(keepsEpoch(headOf(finalLedger(world.replica(index))).epoch)),
  }
  const restarted = restoreReplica(world.context(index), saved, world.nowMs)
  world.replicas[index] = restarted.state
  return restarted
}

/** What the store keeps: the journal of this epoch. */
function keepsEpoch(epoch: number): (record: JournalRecord) => boolean {
  return (record) =>
    record.kind === 'statement' || record.kind === 'verdict' ? record.epoch >= epoch : true
}
