import {
  type AgentId,
  computeFlow,
  type Payment,
  type StreamShares,
  scoreQuestion,
} from '@commonweal/protocol'
import { medianOf } from '../node/median.ts'
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
}

const SAMPLE_COUNT = 9
const RECEIVER_COUNT = 4
const SNAPSHOT_COUNT = 3
/** Paid to each agent: one token. */
const PAYMENT_MICRO = 1_000_000n

/** Measures the score and the flow for some number of agents, at least five. */
export function measureForecastSpeed(agentCount: number): ForecastSpeed {
  const agents = Array.from({ length: agentCount }, (_, index) => agentNamed(`speed-${index}`))
  const random = new Random('speed', 'streams')
  const streams = new Map(agents.map((owner) => [owner, drawStream(owner, agents, random)]))
  const payments = agents.map(
    (agent): Payment => ({ source: 'question', agent, amountMicro: PAYMENT_MICRO }),
  )
  const { waveCount } = computeFlow(payments, streams)
  const flowMs = medianTimeMs(() => computeFlow(payments, streams))
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
  const scoreMs = medianTimeMs(() => scoreQuestion(question))
  return {
    agentCount,
    questionsPerSecond: 1_000 / scoreMs,
    flowMs,
    edgeCount,
    waveCount,
    nsPerEdgeAndWave: (flowMs * 1e6) / (edgeCount * waveCount),
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

function medianTimeMs(work: () => unknown): number {
  work()
  return medianOf(
    Array.from({ length: SAMPLE_COUNT }, () => {
      const startedAtMs = performance.now()
      work()
      return performance.now() - startedAtMs
    }),
  )
}
