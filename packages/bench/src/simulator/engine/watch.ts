import type { AgentId } from '@commonweal/protocol'
import { AccountabilityChecker } from '../checker/accountability.ts'
import { AgreementChecker, type Fork } from '../checker/agreement.ts'
import type { Checker, Failure } from '../checker/checker.ts'
import { PROGRESS_LIMIT_MS, ProgressChecker, progressViewsMax } from '../checker/progress.ts'
import { VerdictChecker } from '../checker/verdict.ts'
import type { Plan } from '../plan/plan.ts'
import type { Network } from '../process.ts'
import type { Instance } from './instance.ts'

interface WatchOptions {
  readonly plan: Plan
  readonly network: Network
  readonly instances: readonly Instance[]
  readonly checkers: readonly Checker[]
  readonly progressLimitMs: number | undefined
}

/** All checkers of a world, and what they found. */
export class Watch {
  readonly progress: ProgressChecker
  readonly #instances: readonly Instance[]
  readonly #agreement = new AgreementChecker()
  readonly #accountability: AccountabilityChecker
  readonly #checkers: readonly Checker[]
  readonly #failures: Failure[] = []

  constructor({ plan, network, instances, checkers, progressLimitMs }: WatchOptions) {
    const { networkId, verify, validators } = network
    const honestAgents = honestAgentsOf(network, instances)
    this.#instances = instances.filter(({ isHonest }) => isHonest)
    this.progress = new ProgressChecker(this.#instances, {
      viewsMax: progressViewsMax(plan.stakesMicro.length),
      limitMs: plan.healAtMs + (progressLimitMs ?? PROGRESS_LIMIT_MS),
    })
    const forks = (): readonly Fork[] => this.#agreement.forks
    this.#accountability = new AccountabilityChecker({
      networkId,
      verify,
      validators,
      honestAgents,
      forks,
    })
    this.#checkers = [
      this.#agreement,
      this.#accountability,
      this.progress,
      new VerdictChecker(honestAgents),
      ...checkers,
    ]
  }

  get failures(): readonly Failure[] {
    return this.#failures
  }

  get forks(): readonly Fork[] {
    return this.#agreement.forks
  }

  /** Who is convicted by what honest instances have received so far. */
  convicted(): readonly AgentId[] {
    return [...this.#accountability.convicted()].toSorted()
  }

  /** Asks each checker about something that happened. */
  check(ask: (checker: Checker) => readonly Failure[] | undefined): void {
    for (const checker of this.#checkers) this.note(ask(checker) ?? [])
  }

  note(failures: readonly Failure[]): void {
    if (failures.length > 0) this.#failures.push(...failures)
  }

  /** The run is over: journals are read, and what never came is missed. */
  end(nowMs: number): void {
    for (const { disk } of this.#instances) this.#accountability.addJournal(disk.records)
    this.check((checker) => checker.onEnd?.(nowMs))
  }
}

function honestAgentsOf(
  { signers }: Network,
  instances: readonly Instance[],
): ReadonlySet<AgentId> {
  const faulty = new Set(instances.filter(({ isHonest }) => !isHonest).map(({ agent }) => agent))
  const honest = signers.filter((_, agent) => !faulty.has(agent))
  return new Set(honest.map(({ agent }) => agent))
}
