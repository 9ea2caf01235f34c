import { BLACK, lookOf } from './palette.ts'
import { renderSvg } from './render.ts'

export interface FlowLink {
  readonly from: string
  readonly to: string
  readonly amount: number
}

export interface FlowPlot {
  readonly name: string
  /** Names that occur in links, with what is written at them. */
  readonly labels: ReadonlyMap<string, string>
  /** Without cycles. */
  readonly links: readonly FlowLink[]
}

/** Bands from left to right, as wide as what passes: a Sankey diagram. */
export function drawFlow({ name, labels, links }: FlowPlot): string {
  const { colour } = lookOf(0)
  return renderSvg(
    name,
    {
      series: [
        {
          type: 'sankey',
          silent: true,
          left: 12,
          right: 230,
          top: 16,
          bottom: 16,
          nodeAlign: 'left',
          nodeGap: 14,
          nodeWidth: 14,
          layoutIterations: 64,
          emphasis: { disabled: true },
          itemStyle: { color: colour, borderWidth: 0 },
          lineStyle: { color: lookOf(4).colour, opacity: 0.55, curveness: 0.5 },
          label: {
            color: BLACK,
            fontSize: 12,
            position: 'right',
            formatter: (node) => labels.get(node.name) ?? node.name,
          },
          data: [...labels.keys()].map((node) => ({ name: node })),
          links: links.map(({ from, to, amount }) => ({ source: from, target: to, value: amount })),
        },
      ],
    },
    520,
  )
}
