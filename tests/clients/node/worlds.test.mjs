// Worlds of tests, whatever their titles are written in and whoever runs them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { World, call, worldName } from './shipmock.mjs';

const VALID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;

test('names are readable, valid and of one test alone', () => {
  const titles = ['books a parcel', 'books  a parcel!', 'Großbestellung über Nacht', 'يلغي الطلب مرة واحدة', '注文を取り消す', '…', '.hidden', 'x'.repeat(200), ''];
  const names = titles.flatMap((title) => ['a.test.mjs', 'b.test.mjs', 'b.test.mjs'].map((file) => worldName(title, file)));
  for (const name of names) assert.match(name, VALID);
  assert.equal(new Set(names).size, names.length);
  assert.match(names[0], /^books-a-parcel-[0-9a-f]{8}$/);
  assert.match(names[6], /^Gro-bestellung-uber-Nacht-[0-9a-f]{8}$/);
});

test('يلغي الطلب', async (t) => {
  assert.match((await World.of(t)).name, VALID);
});

/** What is there of a world, by its name. */
async function isThere(name) {
  const { worlds } = (await call('GET', `${process.env.SHIPMOCK_URL}/_shipmock/worlds`)).json();
  return worlds.some((world) => world.name === name);
}

test('vitest hands its context over', async () => {
  const finished = [];
  const suite = { name: 'orders', suite: { name: '' } };
  const task = { name: 'books', suite, file: { filepath: '/shop/orders.test.ts' } };
  const world = await World.of({ task, onTestFinished: (done) => finished.push(done) });
  assert.match(world.name, /^orders-books-[0-9a-f]{8}$/);
  assert.ok(await isThere(world.name));
  await Promise.all(finished.map((done) => done()));
  assert.ok(!(await isThere(world.name)));
});

test('jest has its state where all can see it', async (t) => {
  const hooks = [];
  globalThis.afterEach = (hook) => hooks.push(hook);
  globalThis.expect = { getState: () => ({ currentTestName: 'orders books', testPath: '/shop/orders.test.js' }) };
  t.after(() => {
    delete globalThis.afterEach;
    delete globalThis.expect;
  });
  // As jest loads it: its hooks are there before.
  const jest = await import('./shipmock.mjs?jest');
  const world = await jest.World.of();
  assert.match(world.name, /^orders-books-[0-9a-f]{8}$/);
  assert.ok(await isThere(world.name));
  await Promise.all(hooks.map((hook) => hook()));
  assert.ok(!(await isThere(world.name)));
});

test('who is nobody of them is told what is missing', async () => {
  await assert.rejects(World.of(), /context of node:test or vitest/);
});
