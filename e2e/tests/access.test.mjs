/** Signing in and out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, NAME, PASSWORD, launch, open, signIn } from '../lib/browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('a wrong password is refused in words and leaves one at the sign-in page', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${BASE}/kaart`);
  await page.getByLabel('Naam').fill(NAME);
  await page.getByLabel('Wachtwoord').fill(`${PASSWORD}-fout`);
  await page.getByRole('button', { name: 'Inloggen' }).click();
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /klopt niet/);
  assert.equal(new URL(page.url()).pathname, '/inloggen');
  await context.close();
});

test('after signing in one is where one wanted to be, and signing out ends it', async () => {
  const { page, context } = await open(browser);
  await signIn(page, '/signalen');
  await page.getByRole('heading', { level: 1, name: 'Signalen' }).waitFor();
  await page.getByRole('button', { name: /Uitloggen/ }).click();
  await page.waitForURL(/\/inloggen/);
  await page.goto(`${BASE}/signalen`);
  await page.waitForURL(/\/inloggen/);
  await context.close();
});

test('an address of another site is not followed after signing in', async () => {
  const { page, context, strange } = await open(browser);
  await page.goto(`${BASE}/inloggen?naar=${encodeURIComponent('//elders.example/kaart')}`);
  await page.getByLabel('Naam').fill(NAME);
  await page.getByLabel('Wachtwoord').fill(PASSWORD);
  await page.getByRole('button', { name: 'Inloggen' }).click();
  await page.waitForURL(/\/kaart/);
  assert.equal(new URL(page.url()).origin, new URL(BASE).origin);
  assert.deepEqual(strange, []);
  await context.close();
});
