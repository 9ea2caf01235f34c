import {
  type Agent,
  type AgentOptions,
  createAgent,
  createClock,
  createPluginAgent,
  createPluginForecaster,
  type Forecaster,
  inTime,
  loadPlugin,
  type Plugin,
  PluginWatch,
} from '@commonweal/node/agent'
import { type AgentId, present } from '@commonweal/protocol'
import type { RunPlan } from '../run-plan.ts'
import type { RunResult } from '../run-result.ts'
import { doorOf, ownFilesOf } from './own-file.ts'

/** Longest that a file may take for an answer, where anything may wait. */
const ANSWER_MS_MAX = 60_000

type ForecasterParts = Parameters<typeof createPluginForecaster>[2]

/** Loads the files of a run; null where it has none. Errors  PluginError */
export async function loadOwnAgents(plan: RunPlan): Promise<OwnAgents | null> {
  const door = doorOf(plan.condition)
  const plugins = new Map<string, Plugin>()
  for (const { policy, path, digest } of ownFilesOf(plan)) {
    plugins.set(policy, await loadPlugin(path, { door, digest }))
  }
  return plugins.size === 0 ? null : new OwnAgents(plugins, mayAnswerLate(plan))
}

/** Virtual time goes on only when everybody has answered, and so does a market without processes. */
function mayAnswerLate({ condition: { fidelity, scenario } }: RunPlan): boolean {
  return fidelity !== 'sim' && scenario.kind !== 'forecast'
}

/**
 * The agents of one run that files of the operator decide for, unguarded. A run in which one of them failed is a failed run: what the
 * policy behind it did says nothing of the file.
 */
export class OwnAgents {
  readonly #plugins: ReadonlyMap<string, Plugin>
  readonly #mayWait: boolean
  #fault: string | null = null

  constructor(plugins: ReadonlyMap<string, Plugin>, mayWait: boolean) {
    this.#plugins = plugins
    this.#mayWait = mayWait
  }

  createAgent(file: string, agent: AgentId, options: AgentOptions): Agent {
    const { prosociality, derive } = options
    const plugin = this.#find(file)
    const createPolicy = (): Agent => createAgent({ ...options, turn: null })
    const parts = { agent, prosociality, derive, mandate: null, createPolicy }
    const decider = createPluginAgent(plugin, this.#watch(plugin), parts)
    return createAgent({ ...options, decider })
  }

  createForecaster(file: string, parts: Omit<ForecasterParts, 'mandate'>): Forecaster {
    const plugin = this.#find(file)
    return createPluginForecaster(plugin, this.#watch(plugin), { ...parts, mandate: null })
  }

  /** What came of the run, if all of them did their part. */
  judge(result: RunResult): RunResult {
    if (this.#fault === null || result.status === 'failed') return result
    return { status: 'failed', reason: this.#fault, events: [] }
  }

  #find(file: string): Plugin {
    return present(this.#plugins.get(file), 'the files of a run are loaded')
  }

  #watch({ name }: Plugin): PluginWatch {
    return new PluginWatch({
      name,
      wait: (answer) => {
        if (this.#mayWait) return inTime(createClock(), ANSWER_MS_MAX, () => answer)
        // Nobody waits for what it comes to.
        answer.catch(() => undefined)
        throw new TypeError('it answers with a promise, and nothing in such a run may wait')
      },
      onFault: (question, { code, message }) => {
        this.#fault ??= describeOwnFault(name, `${question} ${code}: ${message}`)
      },
    })
  }
}

/** Why a run with a file failed. */
export function describeOwnFault(name: string, fault: string): string {
  return `own-agent-failed: ${name}: ${fault}`
}
