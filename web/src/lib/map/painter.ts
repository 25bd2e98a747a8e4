/** Sets the look of areas on the map, only of those in view when there are many. */
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Drawing } from './classes';
import { AREAS, BASE_LAYER } from './style';

/** Up to this many areas all get their look at once; above it only what is in view (MapLibre issue 6633). */
export const ALL_AT_ONCE = 4000;

export class Painter {
  #drawings = new Map<number, Drawing>();
  #painted = new Set<number>();
  #marks = new Map<'chosen' | 'pointed', number>();

  constructor(readonly map: MapLibreMap) {}

  /** Replaces all looks. */
  show(drawings: Map<number, Drawing>): void {
    this.#drawings = drawings;
    this.#painted.clear();
    this.map.removeFeatureState({ source: AREAS });
    for (const [mark, id] of this.#marks) this.map.setFeatureState({ source: AREAS, id }, { [mark]: true });
    this.paint();
  }

  /** Gives a look to the areas that have none yet; call after the map has moved or loaded. */
  paint(): void {
    for (const id of this.#wanted()) {
      const look = this.#drawings.get(id);
      if (!look || this.#painted.has(id)) continue;
      this.#painted.add(id);
      this.map.setFeatureState({ source: AREAS, id }, { ...look });
    }
  }

  /** Marks one area as chosen or pointed at; `null` marks none. */
  mark(mark: 'chosen' | 'pointed', id: number | null): void {
    const before = this.#marks.get(mark);
    if (before === (id ?? undefined)) return;
    if (before !== undefined) this.map.setFeatureState({ source: AREAS, id: before }, { [mark]: false });
    this.#marks.delete(mark);
    if (id === null) return;
    this.#marks.set(mark, id);
    this.map.setFeatureState({ source: AREAS, id }, { [mark]: true });
  }

  #wanted(): Iterable<number> {
    if (this.#drawings.size <= ALL_AT_ONCE) return this.#drawings.keys();
    return this.map.queryRenderedFeatures({ layers: [BASE_LAYER] }).map((feature) => Number(feature.id));
  }
}
