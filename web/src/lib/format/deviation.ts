/** Whether a figure deviates from what was expected, in the words of the profile. Pure. */
import type { Indicator, ProfileFigure } from '../api/types';
import type { MessageKey } from '../lang/messages';

/** From this certainty on a profile calls a figure deviating. */
export const DEVIATES_FROM = 0.9;

/** The key of `higher than expected`, `lower than expected` or `as expected`; nothing without a reference. */
export function deviationKey(
  indicator: Pick<Indicator, 'direction'>,
  figure: Pick<ProfileFigure, 'certainty' | 'low' | 'high' | 'reference' | 'too_uncertain'>,
): MessageKey | null {
  const { low, high, reference, certainty } = figure;
  if (figure.too_uncertain || reference == null || low == null || high == null) return null;
  const sure = (certainty ?? 0) >= DEVIATES_FROM;
  if (indicator.direction === 'low_is_unfavourable' ? sure || high < reference : high < reference)
    return 'deviation.lower';
  if (indicator.direction === 'high_is_unfavourable' ? sure || low > reference : low > reference)
    return 'deviation.higher';
  return 'deviation.none';
}
