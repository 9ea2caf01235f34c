import type { ForecastDesk } from '@commonweal/node/agent'

type DeskPorts = Pick<
  ConstructorParameters<typeof ForecastDesk>[0],
  'clock' | 'log' | 'timeoutMs' | 'onFault'
>

/** What stands around a desk where agents answer at once and do not fail: nothing in such a run may wait. */
export const atOncePorts: DeskPorts = {
  clock: {
    nowMs: () => 0,
    alarm: () => {
      throw new TypeError('an agent that forecasts without processes answers at once')
    },
  },
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  timeoutMs: 0,
  onFault: ({ sentence }) => {
    throw new Error(`an agent failed: ${sentence}`)
  },
}
