/** Short names for what the API answers, taken from the paths so that they follow the OpenAPI file. */
import type { paths } from './schema';

type Get<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } };
}
  ? T
  : never;

export type Session = Get<'/api/session'>;
export type ReleaseDescription = Get<'/api/release'>;
export type BackgroundMap = NonNullable<ReleaseDescription['background_map']>;
export type LevelEntry = ReleaseDescription['levels'][number];
export type Indicator = ReleaseDescription['indicators'][number];
export type TableEntry = ReleaseDescription['tables'][number];
export type MemberEntry = TableEntry['members'][number];
export type SourceStatement = ReleaseDescription['sources'][number];
export type AreaList = Get<'/api/areas/{level}'>;
export type Area = AreaList['areas'][number];
export type Figures = Get<'/api/figures'>;
export type AreaFigure = Figures['areas'][number];
export type Provenance = Figures['provenance'];
export type CellStatus = AreaFigure['status'];
export type AreaProfile = Get<'/api/area/{level}/{code}'>;
export type ProfileFigure = AreaProfile['figures'][number];
export type CompositionEntry = AreaProfile['composition'][number];
export type Series = Get<'/api/area/{level}/{code}/series'>;
export type SeriesPoint = Series['points'][number];
export type SignalList = Get<'/api/signals'>;
export type Signal = SignalList['signals'][number];
export type Outlook = Get<'/api/forecast'>;
export type LevelOutlook = Outlook['levels'][number];
export type Verdict = NonNullable<LevelOutlook['verdict']>;
export type Calibration = Verdict['calibration'];
export type AreaOutlook = NonNullable<Outlook['shown']>;
export type Feasible = Get<'/api/feasibility'>;
export type Reason = Signal['why'][number];

/** A number that the API may leave out or send as null. */
export type Maybe<T> = T | null | undefined;

/** Texts by language code; `nl` is always there. */
export type Texts = Record<string, string>;
export type PriorityList = Get<'/api/priorities'>;
export type Placed = PriorityList['priorities'][number];
export type TakeUpAnswer = Get<'/api/take-up'>;
export type ShownTakeUp = NonNullable<TakeUpAnswer['shown']>;
export type AreaTakeUp = ShownTakeUp['areas'][number];
export type ReleaseList = Get<'/api/releases'>;
export type PastRelease = ReleaseList['releases'][number];
export type Difference = Get<'/api/releases/difference'>;
export type TableChange = Difference['tables'][number];
