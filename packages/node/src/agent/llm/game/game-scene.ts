import { z } from 'zod'
import type { GameSituation } from '../../agent.ts'
import type { Telling } from '../commons-words.ts'
import type { Mandate } from '../mandate.ts'
import { loadPrompt } from '../prompt.ts'
import type { Scene } from '../scene.ts'
import { checkAction, checkGameMove, computeDepositMax, listActions } from './game-mandate.ts'
import { describeAct, describeLanguage, describeNegotiation, describeRole } from './game-words.ts'

/** A game for a model. Without a mandate it is unguarded. */
export function createGameScene(telling: Telling, mandate: Mandate | null): Scene<GameSituation> {
  return {
    prompts: {
      role: loadPrompt('game-role.v1'),
      act: loadPrompt('game-act.v1'),
      negotiate: loadPrompt('game-negotiate.v1'),
      compile: loadPrompt('game-compile.v1'),
    },
    actName: 'action',
    actSchema: actionSchema,
    describeRole: (situation) => describeRole(situation, telling),
    describeAct: (situation) =>
      describeAct(situation, telling, listActions(mandate, situation.params)),
    describeNegotiation: (situation) =>
      describeNegotiation(situation, telling, computeDepositMax(mandate, situation.params)),
    describeLanguage,
    checkAction: (situation, action) => checkAction(listActions(mandate, situation.params), action),
    checkMove: (situation, move) => checkGameMove(mandate, situation, move),
  }
}

const actionSchema: z.ZodType<number, unknown> = z
  .strictObject({
    action: z.int().min(0),
    reason: z.exactOptional(z.string().max(1_000)),
  })
  .transform(({ action }) => action)
