import type { ClockPort } from '../../ports.ts'
import type { Agent, Situation } from '../agent.ts'
import type { Forecaster } from '../forecast/forecaster.ts'
import { createCommonsScene } from '../llm/commons-scene.ts'
import type { GuardedForecasting } from '../llm/forecast/model-forecaster.ts'
import { createGameScene } from '../llm/game/game-scene.ts'
import { createGuardedAgent, type GuardedTelling } from '../llm/llm-agent.ts'
import { createMandate } from '../llm/mandate.ts'
import { fillPrompt, loadPrompt } from '../llm/prompt.ts'
import type { Prosociality } from '../prosocial.ts'
import type { AssistantConfig } from './assistant-config.ts'
import { AssistantDesk } from './assistant-desk.ts'
import { createAssistantForecaster } from './assistant-forecaster.ts'
import type { AnswerOutcome, AssistantView } from './assistant-view.ts'
import { describeMandate } from './mandate-words.ts'
import { createOrPolicy } from './or-policy.ts'

/** Where an assistant outside sees what is asked of an agent, and answers. */
export interface AssistantSeat {
  view(): Omit<AssistantView, 'agent' | 'epoch' | 'phase' | 'situations'>
  /** A situation in the words of the questions. */
  describe(situation: Situation): string
  /** Resolves when something is asked, at the latest after so long. */
  wait(patienceMs: number): Promise<void>
  answer(question: string, reply: unknown): Promise<AnswerOutcome>
}

export interface AssistantAgentParts {
  readonly prosociality: Prosociality
  readonly clock: ClockPort
  readonly signal: AbortSignal
  /** How long a question is held open. */
  readonly answerMs: number
  /** Decides where the assistant does not, if the configuration wants it. */
  readonly policy: Agent
  /** Its part in a forecasting market, and who reports in its place; without one it has none. */
  readonly forecasts?: Pick<GuardedForecasting, 'agent' | 'suppliers' | 'nameOf'> & {
    readonly policy: Forecaster
  }
}

/**
 * An agent that an assistant outside decides for, within the same mandate as a language model.
 *
 * An assistant that does not answer in time, or not usefully, stalls nothing: the policy decides, or the agent passes.
 * Errors  ModelFailure, where the agent passes
 */
export function createAssistantAgent(config: AssistantConfig, parts: AssistantAgentParts): Agent {
  const { policy, prosociality, forecasts, ...deskParts } = parts
  const { mandate, fallback, memoryTokensMax, showsHorizon, creditEvery } = config
  const desk = new AssistantDesk(deskParts)
  const telling: GuardedTelling = {
    prosociality,
    memoryTokensMax,
    showsHorizon,
    mandate: mandate === null ? null : createMandate(mandate),
  }
  const asking = createGuardedAgent(desk, telling)
  const describe = createDescription(telling)
  const orPolicy = createOrPolicy(fallback)
  return {
    ...asking,
    negotiate: (situation) =>
      orPolicy(
        () => asking.negotiate(situation),
        () => policy.negotiate(situation),
      ),
    act: (situation) =>
      orPolicy(
        () => asking.act(situation),
        () => policy.act(situation),
      ),
    ...(forecasts === undefined
      ? {}
      : {
          forecaster: createAssistantForecaster(
            desk,
            { ...telling, ...forecasts, creditEvery },
            { policy: forecasts.policy, orPolicy },
          ),
        }),
    assistant: {
      view: () => ({
        name: asking.name,
        fallback: fallback === 'pass' ? NOBODY : (forecasts?.policy ?? policy).name,
        questions: desk.look(),
        mandate: describeMandate(telling.mandate),
        answered: desk.usage().choices,
        unanswered: desk.usage().failures,
      }),
      describe,
      wait: (patienceMs) => desk.wait(patienceMs),
      answer: (question, reply) => desk.answer(question, reply),
    },
  }
}

const NOBODY = 'nobody: the agent passes'

/** What a signal announces is for those who are asked to act. */
function createDescription(telling: GuardedTelling): (situation: Situation) => string {
  const commons = createCommonsScene(telling, telling.mandate)
  const game = createGameScene(telling, telling.mandate)
  const prompts = {
    commons: loadPrompt('commons-situation.v1'),
    game: loadPrompt('game-situation.v1'),
  }
  return (situation) =>
    situation.kind === 'commons'
      ? fillPrompt(prompts.commons, commons.describeAct({ ...situation, signalRatePercent: null }))
      : fillPrompt(prompts.game, game.describeAct({ ...situation, signalState: null }))
}
