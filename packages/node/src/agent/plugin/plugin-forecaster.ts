import { type AgentId, agentIdSchema, naturalSchema, type StreamShares } from '@commonweal/protocol'
import { z } from 'zod'
import type { Answer } from '../agent.ts'
import type { Forecaster, JudgedQuestion, Witness } from '../forecast/forecaster.ts'
import { judgeByStatements } from '../forecast/judge.ts'
import type { Derive } from '../game/draw.ts'
import type { Mandate } from '../llm/mandate.ts'
import type { Prosociality } from '../prosocial.ts'
import { ForecastGuard } from './forecast-guard.ts'
import { refuseAnswer } from './granted.ts'
import { hasFunctions, makeBy } from './make-by.ts'
import { createDraw, type ForecasterPluginOptions, type Plugin } from './plugin.ts'
import { PluginError } from './plugin-error.ts'
import type { PluginWatch } from './plugin-watch.ts'

export interface PluginForecasterParts {
  readonly agent: AgentId
  readonly suppliers: readonly AgentId[]
  readonly nameOf: (agent: AgentId) => string
  readonly prosociality: Prosociality
  readonly derive: Derive
  /** Null leaves it unguarded: only what no ledger takes is refused. */
  readonly mandate: Mandate | null
  /** The built-in forecaster: one stands behind the plug-in, and it has one to ask. */
  readonly createPolicy: () => Forecaster
}

/**
 * A forecaster that a module of the operator's own decides for. What it says and pays passes the checks of what a language model
 * says; where it does not, or the module throws or is late, the policy, which has learned from the same questions, decides.
 *
 * Errors  PluginError: the module makes no forecaster
 */
export function createPluginForecaster(
  plugin: Plugin,
  watch: PluginWatch,
  { derive, mandate, createPolicy, ...given }: PluginForecasterParts,
): Forecaster {
  const { prosociality } = given
  const policy = createPolicy()
  const draw = createDraw(derive)
  const { made, suppliers } = makeForecaster(plugin, { ...given, draw, policy: createPolicy() })
  const guard = new ForecastGuard({ agent: given.agent, suppliers, mandate })
  return {
    name: `${plugin.name}, λ=${prosociality.lambda}`,
    suppliers,
    forecast: (situation) =>
      watch.ask({
        question: 'forecast',
        ask: () => made.forecast(structuredClone(situation)),
        check: (said) => guard.toStatement(situation, said),
        otherwise: () => policy.forecast(situation),
      }),
    ...createJury(made, watch, policy),
    learn(settled) {
      policy.learn(settled)
      guard.learn(settled)
      watch.askAtOnce({
        question: 'learn',
        ask: () => made.learn(structuredClone(settled)),
        check: () => undefined,
        otherwise: () => undefined,
      })
    },
    ...createPurse(made, watch, { policy, guard }),
    serves: (customer) =>
      watch.askAtOnce({
        question: 'serves',
        ask: () => made.serves({ ...customer }),
        check: toBoolean,
        otherwise: () => policy.serves(customer),
      }),
  }
}

/** What came true: its own verdict where it has one, or what it has seen, else the policy's. */
function createJury(
  made: Made,
  watch: PluginWatch,
  policy: Forecaster,
): Pick<Forecaster, 'judge' | 'witness'> {
  const witness = createWitness(made, watch)
  const otherwise = (judged: JudgedQuestion): Answer<number | null> =>
    witness?.saw(judged.question) ?? policy.judge?.(judged) ?? judgeByStatements(judged)
  return {
    judge: (judged) =>
      made.judge === undefined
        ? otherwise(judged)
        : watch.ask({
            question: 'judge',
            ask: () => made.judge?.(structuredClone(judged)),
            check: (said) => toVerdict(said, judged.question.outcomes.length),
            otherwise: () => otherwise(judged),
          }),
    ...(witness === undefined ? {} : { witness }),
  }
}

/** Where it fails it has seen nothing: there is a bond behind what it says. */
function createWitness({ witness }: Made, watch: PluginWatch): Witness | undefined {
  if (witness === undefined) return undefined
  return {
    patienceHeights: witness.patienceHeights,
    saw: (question) =>
      watch.askAtOnce({
        question: 'saw',
        ask: () => witness.saw(structuredClone(question)),
        check: (said) => toVerdict(said, question.outcomes.length),
        otherwise: () => null,
      }),
  }
}

/** Whom it pays. Where it fails, the policy chooses this once. */
function createPurse(
  made: Made,
  watch: PluginWatch,
  { policy, guard }: { readonly policy: Forecaster; readonly guard: ForecastGuard },
): Pick<Forecaster, 'assignCredit' | 'chooseStreams'> {
  const chooseStreams = (): StreamShares | null =>
    watch.askAtOnce({
      question: 'streams',
      ask: () => made.chooseStreams(),
      check: (said) => guard.toShares(said),
      otherwise: () => policy.chooseStreams(),
    })
  if (made.assignCredit === undefined) return { chooseStreams }
  return {
    chooseStreams,
    async assignCredit(current) {
      await watch.ask({
        question: 'credit',
        ask: () => made.assignCredit?.(structuredClone(current)),
        check: () => undefined,
        otherwise: () => undefined,
      })
    },
  }
}

type Made = Pick<Forecaster, 'forecast' | 'learn' | 'chooseStreams' | 'serves'> &
  Partial<Pick<Forecaster, 'judge' | 'witness' | 'assignCredit'>>

const SUPPLIER_COUNT_MAX = 32
const suppliersSchema = z.object({ suppliers: z.array(agentIdSchema).max(SUPPLIER_COUNT_MAX) })

/** Errors  PluginError */
function makeForecaster(
  { path, createForecaster }: Plugin,
  options: ForecasterPluginOptions,
): { readonly made: Made; readonly suppliers: readonly AgentId[] } {
  const door = 'createForecaster'
  const accepted = `a ${door}(options) that returns {name, suppliers, ${METHODS.join('(), ')}()}`
  const made = makeBy(() => createForecaster?.(options), { path, door, accepted })
  if (!isMade(made)) throw new PluginError(path, `its ${door} returns no forecaster`, accepted)
  const listed = suppliersSchema.safeParse(made).data
  if (listed !== undefined) {
    return { made, suppliers: listed.suppliers.filter((supplier) => supplier !== options.agent) }
  }
  const sentence = `the suppliers of its forecaster are no list of up to ${SUPPLIER_COUNT_MAX} agent ids`
  throw new PluginError(path, sentence, accepted)
}

const METHODS = ['forecast', 'learn', 'chooseStreams', 'serves'] as const

function isMade(made: unknown): made is Made {
  if (!hasFunctions(made, METHODS)) return false
  const witness: unknown = Reflect.get(made, 'witness')
  if (witness === undefined) return true
  if (!hasFunctions(witness, ['saw'])) return false
  // Less than none would bond before the question may be answered, for a fee each time.
  return naturalSchema.safeParse(Reflect.get(witness, 'patienceHeights')).success
}

/** Errors  ModelFailure 'wrong-shape' */
function toVerdict(said: unknown, outcomeCount: number): number | null {
  if (said === null) return null
  if (typeof said === 'number' && Number.isInteger(said) && said >= 0 && said < outcomeCount) {
    return said
  }
  return refuseAnswer(`its verdict is none of the outcomes 0 … ${outcomeCount - 1}, and not null`)
}

/** Errors  ModelFailure 'wrong-shape' */
function toBoolean(said: unknown): boolean {
  if (typeof said === 'boolean') return said
  return refuseAnswer(`whom it serves is true or false, and it answered a ${typeof said}`)
}
