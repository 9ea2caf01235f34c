import type { Agent } from '../agent.ts'
import { createCommonsScene } from './commons-scene.ts'
import type { Telling } from './commons-words.ts'
import { createGameScene } from './game/game-scene.ts'
import type { LanguageModel } from './language-model.ts'
import type { Mandate } from './mandate.ts'
import { type Mind, mindOf } from './mind.ts'
import { createScenePlayer } from './scene-player.ts'

export interface LlmAgentOptions extends GuardedTelling {
  readonly model: LanguageModel
}

/** What whoever decides is told, and what it may do. */
export interface GuardedTelling extends Telling {
  /** Null leaves it unguarded: for measuring what the guard is worth. */
  readonly mandate: Mandate | null
}

/** An agent that a language model decides for. */
export function createLlmAgent({ model, ...telling }: LlmAgentOptions): Agent {
  return createGuardedAgent(mindOf(model), telling)
}

/**
 * An agent that a mind decides for. It is told words and gives an answer in a form; what is signed is what passed the checks
 * and the mandate, and the key is never near it.
 *
 * Errors  ModelFailure: there is no such answer. The node then passes; it is counted as a failure, never as a choice.
 */
export function createGuardedAgent(mind: Mind, telling: GuardedTelling): Agent {
  const { mandate, prosociality } = telling
  const parts = { mind, isGuarded: mandate !== null }
  const commons = createScenePlayer(createCommonsScene(telling, mandate), parts)
  const game = createScenePlayer(createGameScene(telling, mandate), parts)
  return {
    name: `${mind.name} λ=${prosociality.lambda}`,
    usage: () => mind.usage(),
    act: (situation) =>
      situation.kind === 'commons' ? commons.act(situation) : game.act(situation),
    negotiate: (situation) =>
      situation.kind === 'commons' ? commons.negotiate(situation) : game.negotiate(situation),
  }
}
