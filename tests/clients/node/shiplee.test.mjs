// A shop's integration with Shiplee, tested as a shop would: run with `shipmock exec -- node --test tests/clients/node/`.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { World, call } from './shipmock.mjs';

const ORIGIN = { Origin: 'http://localhost' };
const BOOKING = {
  orderId: 484900,
  warehouseId: 2147483833,
  action: 'book_shipment',
  carrierId: 'delhivery_e_prepaid',
  carrierName: 'Delhivery Express',
  shipmentType: 'forward',
};

async function login(world) {
  const { SHIPLEE_USERNAME: username, SHIPLEE_API_KEY: apikey } = process.env;
  const answer = await call('POST', `${world.baseUrl('shiplee')}/login`, { username, apikey }, ORIGIN);
  assert.equal(answer.status, 200, answer.text);
  const authorization = `Bearer ${answer.json().token}`;
  return (path, body) => call('POST', world.baseUrl('shiplee') + path, body, { ...ORIGIN, Authorization: authorization });
}

test('booking gives the documented numbers, once', async (t) => {
  const world = await World.of(t);
  const shiplee = await login(world);
  const booked = await shiplee('/create_shipment', BOOKING);
  assert.equal(booked.status, 201, booked.text);
  assert.equal(booked.json().awb_number, 'XB1234567890');
  const again = await shiplee('/create_shipment', BOOKING);
  assert.notEqual(again.json().success, true);
  await world.verify({ on: 'POST /shiplee/create_shipment' }, { exactly: 2 });
});

test('a token lasts an hour of the world', async (t) => {
  const world = await World.of(t);
  const shiplee = await login(world);
  await world.advance({ by: '59m' });
  assert.equal((await shiplee('/rates', { orderId: 484900, warehouseId: 2147483833, shipmentType: 'forward' })).status, 200);
  await world.advance({ by: '2m' });
  assert.equal((await shiplee('/rates', { orderId: 484900, warehouseId: 2147483833, shipmentType: 'forward' })).status, 401);
});

test('an empty wallet refuses a booking and a recharge allows it', async (t) => {
  const world = await World.of(t);
  const shiplee = await login(world);
  const wallet = (rupees) => world.ask('PATCH', '/shiplee/entities/seller/62', { wallet: rupees });
  await wallet(499.99);
  assert.notEqual((await shiplee('/create_shipment', BOOKING)).json().success, true);
  await wallet(5000);
  assert.equal((await shiplee('/create_shipment', BOOKING)).json().success, true);
});

test('a parcel arrives while the test waits for it', async (t) => {
  const world = await World.of(t);
  const shiplee = await login(world);
  const { awb_number: id } = (await shiplee('/create_shipment', BOOKING)).json();
  const waiting = world.await({ state: { provider: 'shiplee', kind: 'shipment', id, is: 'Delivered' }, within: '20s' });
  await world.advance({ until: 'idle' });
  assert.equal((await waiting).entity.state, 'Delivered');
});

test('a missing answer is told apart from a refusal', async (t) => {
  const world = await World.of(t);
  const shiplee = await login(world);
  const rule = { on: 'POST /shiplee/create_shipment', first: 1, then: { fault: 'reset' } };
  assert.equal((await world.control('POST', '/rules', rule)).status, 201);
  await assert.rejects(shiplee('/create_shipment', BOOKING), TypeError);
  const inside = await world.ask('GET', '/shiplee/entities/shipment/XB1234567890');
  assert.equal(inside.id, 'XB1234567890');
});
