import { BLACK } from './palette.ts'
import { renderSvg } from './render.ts'

export interface HeatPlot {
  readonly name: string
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** By row and column; null where nothing was measured. */
  readonly values: readonly (readonly (number | null)[])[]
  readonly digits: number
}

const ROW_HEIGHT = 34
/** More columns than this have their names upright, or they would run into one another. */
const LEVEL_COLUMNS_MAX = 6
const UPRIGHT_HEIGHT = 110
/** Narrow columns leave the names of the rows less room. */
const LEFT = { level: 300, upright: 150 }
/** From what an attacker loses, over nothing, to what it gains: dark at both ends, so that paper in grey shows the size. */
const COLOURS = ['#0072b2', '#8fc1e3', '#f7f7f7', '#f2b27a', '#d55e00']

/** A table in colours with its numbers in the places. The colours of each column run over that column alone, 0 in the middle. */
export function drawHeat({ name, rows, columns, values, digits }: HeatPlot): string {
  const extents = columns.map((_, column) =>
    Math.max(1e-9, ...values.map((line) => Math.abs(line[column] ?? 0))),
  )
  const places = rows.flatMap((_, row) =>
    columns.flatMap((_column, column) => {
      const value = values[row]?.[column] ?? null
      if (value === null) return []
      const tint = value / (extents[column] ?? 1)
      const label = { color: Math.abs(tint) > 0.75 ? '#ffffff' : BLACK }
      return [{ value: [column, row, tint], name: formatValue(value, digits), label }]
    }),
  )
  const isLevel = columns.length <= LEVEL_COLUMNS_MAX
  const top = isLevel ? 44 : UPRIGHT_HEIGHT
  const axis = { axisLabel: { color: BLACK, interval: 0 }, axisTick: { show: false } }
  return renderSvg(
    name,
    {
      grid: { left: isLevel ? LEFT.level : LEFT.upright, right: 24, top, bottom: 12 },
      xAxis: {
        type: 'category',
        data: [...columns],
        position: 'top',
        ...axis,
        axisLabel: { ...axis.axisLabel, rotate: isLevel ? 0 : 90 },
      },
      yAxis: { type: 'category', data: [...rows], inverse: true, ...axis },
      visualMap: { show: false, min: -1, max: 1, dimension: 2, inRange: { color: COLOURS } },
      series: [
        {
          type: 'heatmap',
          silent: true,
          data: places,
          itemStyle: { borderColor: '#ffffff', borderWidth: 2 },
          label: { show: true, fontSize: isLevel ? 13 : 10, formatter: ({ name: text }) => text },
        },
      ],
    },
    top + 16 + ROW_HEIGHT * rows.length,
  )
}

function formatValue(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
}
