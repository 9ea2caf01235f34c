import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FollowScenario } from '../launch.ts'
import { ApiError, createNodeApi, type NodeApi } from '../node-api.ts'
import type { Output } from '../output.ts'
import { readMarketEvents } from './market-event.ts'
import type { ForecastScenario } from './scenario.ts'

/** How often the network is looked at. */
const LOOK_MS = 500
const QUESTIONS_PER_DAY = 2
/** Days between two lines of progress where no line can be redrawn. */
const DAYS_PER_LINE = 5

export interface FollowForecast extends FollowScenario {
  readonly scenario: ForecastScenario
  readonly dayCount: number
  readonly output: Output
  /** Called once, when all questions are settled, with the APIs of the nodes that run. */
  readonly report: (apis: readonly NodeApi[], elapsedMs: number) => Promise<void>
}

/** Follows a forecasting network until its last question is settled, and has it reported; where it is kept, stays. */
export async function followForecast(options: FollowForecast): Promise<void> {
  const { signal, isKept, output, dayCount, network, startedAtMs } = options
  const progress = new Progress(dayCount * QUESTIONS_PER_DAY)
  for (let attempt = 0; !signal.aborted && !progress.isDone; attempt += 1) {
    const api = apiOf(network, attempt)
    if (api === undefined) return
    const days = await progress.look(api).catch(passOver)
    if (days !== undefined) {
      attempt -= 1
      output.status(progress.describe(startedAtMs))
      const isRound = days.length > 0 && (days.at(-1) ?? 0) % DAYS_PER_LINE === 0
      if (!output.isTerminal && isRound) output.line(progress.describe(startedAtMs))
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
  output.clearStatus()
  const apis = apisOf(network)
  if (signal.aborted || apis.length === 0) return
  await options.onRunEnd()
  await options.report(apis, Math.round(performance.now() - startedAtMs))
  if (isKept && !signal.aborted) await once(signal, 'abort')
}

/** A node that does not answer is passed over: another one knows the same chain. */
function passOver(error: unknown): undefined {
  if (error instanceof ApiError) return undefined
  throw error
}

/** What has been settled so far, by the events of whichever node answers. */
class Progress {
  readonly #wanted: number
  #settled = 0
  #height = 0
  #epoch = 0
  #mintedMicro = 0n

  constructor(wanted: number) {
    this.#wanted = wanted
  }

  get isDone(): boolean {
    return this.#settled >= this.#wanted
  }

  /** Result  the days that were settled since the last look. */
  async look(api: NodeApi): Promise<readonly number[]> {
    const days: number[] = []
    for (const { height, event } of await readMarketEvents(api, this.#height)) {
      this.#height = height
      if (event.kind === 'question-settled') {
        this.#settled += 1
        if (this.#settled % QUESTIONS_PER_DAY === 0) days.push(this.#settled / QUESTIONS_PER_DAY)
      } else if (event.kind === 'emission-settled') {
        this.#epoch = event.epoch
        this.#mintedMicro += event.emissionMicro - event.unmintedMicro
      }
    }
    return days
  }

  describe(startedAtMs: number): string {
    const day = Math.floor(this.#settled / QUESTIONS_PER_DAY)
    const days = this.#wanted / QUESTIONS_PER_DAY
    const spentMs = performance.now() - startedAtMs
    const leftMs = day === 0 ? undefined : (spentMs / day) * (days - day)
    const left = leftMs === undefined ? '' : `, about ${Math.ceil(leftMs / 1_000)} s left`
    const tokens = Number(this.#mintedMicro / 10_000n) / 100
    return `height ${this.#height}  epoch ${this.#epoch}  day ${day}/${days} settled  ${tokens.toFixed(2)} tokens paid${left}`
  }
}

function apiOf(network: FollowScenario['network'], attempt: number): NodeApi | undefined {
  const running = apisOf(network)
  return running[attempt % Math.max(1, running.length)]
}

function apisOf(network: FollowScenario['network']): readonly NodeApi[] {
  return network.nodes
    .filter(({ index }) => network.isRunning(index))
    .map(({ api, dataFolder }) => createNodeApi(api, dataFolder))
}
