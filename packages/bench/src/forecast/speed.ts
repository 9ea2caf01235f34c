import { hash } from 'node:crypto'
import { createNodeSigner, createNodeVerify } from '@commonweal/node'
import {
  type AgentId,
  computeFlow,
  invariant,
  type Payment,
  present,
  publicKeyOf,
  type StreamShares,
  scoreQuestion,
} from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { agentNamed } from './agent-named.ts'
import { binaryReport } from './to-report.ts'

/** How long the settlement of forecasts takes, on this machine. */
export interface ForecastSpeed {
  readonly agentCount: number
  /** Questions of three snapshots, in which everybody is awake. */
  readonly questionsPerSecond: number
  /** One source, paid to all, through streams of half of everything to four others each. */
  readonly flowMs: number
  readonly edgeCount: number
  readonly waveCount: number
  /** Time of the flow, by edge and wave. */
  readonly nsPerEdgeAndWave: number
  /** What one question costs, and one report in it, in Ed25519 signature checks of a node. */
  readonly checksPerQuestion: number
  readonly checksPerReport: number
}

/** How times grow where there are ten times as many agents: factors. */
export interface SpeedGrowth {
  readonly fromAgents: number
  readonly toAgents: number
  readonly question: number
  readonly flow: number
}

/** Work is timed at least so often, and for so long altogether; so much of it at once that a clock of micro-seconds is good enough. */
const SAMPLE_COUNT = 15
const SAMPLING_MS = 300
const BATCH_MS = 2
const RECEIVER_COUNT = 4
const SNAPSHOT_COUNT = 3
/** Paid to each agent: one token. */
const PAYMENT_MICRO = 1_000_000n

/** Signed messages of which each is checked once a sample. */
const CHECK_COUNT = 64
/** A transaction that seals a statement has about so many bytes. */
const SIGNED_BYTES = 300

/** How long a node takes for one signature, in milliseconds: the limit beside which the rest is put. */
export function measureSignatureCheck(): number {
  const verify = createNodeVerify(CHECK_COUNT)
  const signed = Array.from({ length: CHECK_COUNT }, (_, index) => {
    const signer = createNodeSigner(hash('sha256', `speed/${index}`, 'buffer'))
    const message = Uint8Array.from(
      { length: SIGNED_BYTES },
      (_byte, place) => (place + index) % 256,
    )
    return { publicKey: publicKeyOf(signer.agent), message, signature: signer.sign(message) }
  })
  const allMs = leastTimeMs(() => {
    for (const { publicKey, message, signature } of signed) {
      invariant(verify(publicKey, message, signature), 'a signature of ours is good')
    }
  })
  return allMs / CHECK_COUNT
}

/** From each number of agents to the next. */
export function growthOf(speeds: readonly ForecastSpeed[]): readonly SpeedGrowth[] {
  return speeds.slice(1).map((to, index) => {
    const from = present(speeds[index], 'there is one before it')
    return {
      fromAgents: from.agentCount,
      toAgents: to.agentCount,
      question: from.questionsPerSecond / to.questionsPerSecond,
      flow: to.flowMs / from.flowMs,
    }
  })
}

/**
 * Measures the score and the flow for some number of agents, at least five.
 *
 * @param checkMs how long a signature check takes, in the same run.
 */
export function measureForecastSpeed(agentCount: number, checkMs: number): ForecastSpeed {
  const agents = Array.from({ length: agentCount }, (_, index) => agentNamed(`speed-${index}`))
  const random = new Random('speed', 'streams')
  const streams = new Map(agents.map((owner) => [owner, drawStream(owner, agents, random)]))
  const payments = agents.map(
    (agent): Payment => ({ source: 'question', agent, amountMicro: PAYMENT_MICRO }),
  )
  const { waveCount } = computeFlow(payments, streams)
  const flowMs = leastTimeMs(() => computeFlow(payments, streams))
  const edgeCount = agentCount * RECEIVER_COUNT
  const question = {
    outcomeCount: 2,
    outcomeIndex: 0,
    snapshotWeightsBps: [3_334, 3_333, 3_333],
    house: null,
    reporters: agents.map((agent) => ({
      agent,
      weightMicro: PAYMENT_MICRO,
      reports: Array.from({ length: SNAPSHOT_COUNT }, () =>
        binaryReport(random.below(1_000) / 1_000),
      ),
    })),
  }
  const scoreMs = leastTimeMs(() => scoreQuestion(question))
  return {
    agentCount,
    questionsPerSecond: 1_000 / scoreMs,
    flowMs,
    edgeCount,
    waveCount,
    nsPerEdgeAndWave: (flowMs * 1e6) / (edgeCount * waveCount),
    checksPerQuestion: scoreMs / checkMs,
    checksPerReport: scoreMs / checkMs / (agentCount * SNAPSHOT_COUNT),
  }
}

function drawStream(owner: AgentId, agents: readonly AgentId[], random: Random): StreamShares {
  const receivers = new Set<AgentId>()
  while (receivers.size < RECEIVER_COUNT) {
    const to = random.pick(agents)
    if (to !== owner) receivers.add(to)
  }
  return [...receivers].toSorted().map((to) => ({ to, bps: 5_000 / RECEIVER_COUNT }))
}

/**
 * How long some work takes: the least of many times, as at first the engine has yet to compile. Time of the processor, so that
 * whatever else runs on the machine does not count.
 */
export function leastTimeMs(work: () => unknown): number {
  let batch = 1
  while (processorMs(work, batch) < BATCH_MS) batch *= 2
  const timesMs: number[] = []
  for (let spentMs = 0; timesMs.length < SAMPLE_COUNT || spentMs < SAMPLING_MS; ) {
    const batchMs = processorMs(work, batch)
    timesMs.push(batchMs / batch)
    spentMs += batchMs
  }
  return Math.min(...timesMs)
}

function processorMs(work: () => unknown, count: number): number {
  const before = process.cpuUsage()
  for (let done = 0; done < count; done += 1) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
