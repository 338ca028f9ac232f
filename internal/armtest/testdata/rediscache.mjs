// Drives the fake with @azure/arm-rediscache: create, update, list, delete.
// The package must lie in the folder that NODE_MODULES names:
//   npm install @azure/arm-rediscache@8.2.0
import { createRequire } from "node:module";

const { RedisManagementClient } = createRequire(process.env.NODE_MODULES + "/")("@azure/arm-rediscache");
const credential = {
  getToken: async () => ({ token: process.env.ARM_TOKEN, expiresOnTimestamp: Date.now() + 3600_000 }),
};
const client = new RedisManagementClient(credential, process.env.SUBSCRIPTION, { endpoint: process.env.ENDPOINT });
const fast = { updateIntervalInMs: 5 };
const parameters = {
  location: "westeurope",
  minimumTlsVersion: "1.2",
  sku: { name: "Premium", family: "P", capacity: 1 },
};

const created = await client.redis.beginCreateAndWait("rg", "from-node", parameters, fast);
console.log("created", created.hostName, created.provisioningState);
const updated = await client.redis.beginUpdateAndWait("rg", "from-node", { publicNetworkAccess: "Disabled" }, fast);
console.log("updated", updated.publicNetworkAccess);
await client.firewallRules.createOrUpdate("rg", "from-node", "office", { startIP: "203.0.113.1", endIP: "203.0.113.9" });
for await (const rule of client.firewallRules.list("rg", "from-node")) console.log("rule", rule.name, rule.startIP);
for await (const cache of client.redis.listBySubscription()) console.log("listed", cache.name);
await client.redis.beginDeleteAndWait("rg", "from-node", fast);
for await (const cache of client.redis.listBySubscription()) console.log("left", cache.name);
try {
  await client.redis.get("rg", "from-node");
} catch (error) {
  console.log("gone", error.statusCode, error.code);
}
