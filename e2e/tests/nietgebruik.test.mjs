/** Non-take-up: how many could be reached, with an interval, and what cannot be estimated. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, axe, launch, open, picture, signIn } from '../lib/browser.mjs';
import { readTruths } from '../lib/truth.mjs';

const planted = readTruths()?.find((truth) => truth.kind === 'non_take_up');
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('the municipality as a whole is told in a sentence, with intervals', async () => {
  const { page, context, faults, strange } = await open(browser);
  await signIn(page, '/nietgebruik');
  const said = page.locator('.utrecht-alert');
  await said.waitFor();
  const told = await said.innerText();
  assert.match(told, /gebruikt ongeveer \d+ van de 10 .* met recht op hulp die hulp niet: \d+% \(\d+% tot \d+%\)/);
  assert.match(told, /Te bereiken: naar schatting [\d.]+ .* \([\d.]+ tot [\d.]+\)/);
  assert.ok(await page.getByText(/Wat de bronnen niet weten, is meegerekend/).isVisible());
  assert.deepEqual(await axe(page), []);
  assert.deepEqual([faults, strange], [[], []]);
  await context.close();
});

test('the table names every area, and says of some that it cannot be estimated', async () => {
  const { page, context } = await open(browser);
  await signIn(page, '/nietgebruik?niveau=buurt');
  await page.locator('.utrecht-alert').waitFor();
  const { shown } = await ask(page, '/api/take-up?level=buurt');
  await page.getByText('Toon als tabel').click();
  assert.equal(await page.locator('tr[data-area]').count(), shown.areas.length);
  const refused = shown.areas.filter((one) => one.refused);
  assert.equal(await page.getByText('niet te schatten:').count(), refused.length);
  for (const { reachable } of shown.areas.filter((one) => one.reachable))
    assert.ok(reachable.low <= reachable.middle && reachable.middle <= reachable.high);
  await picture(page, 'nietgebruik');
  await context.close();
});

const skip = planted ? false : 'KUBUS_E2E_TRUTH names no planted non-take-up';
test(
  'of the Eilanden it says that most who are entitled do not use debt help, more than elsewhere',
  { skip },
  async () => {
    const { page, context } = await open(browser);
    await signIn(page);
    const code = planted.areas[0];
    await page.goto(`${BASE}/nietgebruik?${new URLSearchParams({ niveau: planted.level, gebied: code })}`);
    const said = page.locator('.utrecht-alert');
    await said.waitFor();
    const told = await said.innerText();
    const found = /ongeveer (\d+) van de 10 .*: (\d+)% \((\d+)% tot (\d+)%\)/.exec(told);
    assert.ok(found, told);
    const [, tenths, share, low, high] = found.map(Number);
    assert.ok(tenths >= 6 && low <= share && share <= high, told);
    const { shown } = await ask(page, `/api/take-up?level=${planted.level}`);
    assert.ok(low > shown.whole.share.high, `${low}% is more than in the municipality`);
    await picture(page, 'nietgebruik-eilanden');
    await context.close();
  },
);
