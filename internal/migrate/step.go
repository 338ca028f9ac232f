package migrate

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// nothingChanged is the way back from a step that leaves the old cache alone.
const nothingChanged = "nothing to take back: the old cache is as it was"

// Steps that several ways have.
var (
	stepBlockers = Step{
		ID:     "blockers",
		Title:  "Settle the blockers",
		Before: "each blocker has somebody who decides",
		After:  "a new plan of the migration shows no certain blocker",
		Back:   nothingChanged,
	}
	stepReferences = Step{
		ID:     "references",
		Title:  "Move what refers to the old cache",
		Before: "the list of references to this cache is at hand",
		After:  "no output, alert, role or policy names the old cache; only secrets with its keys do, until it is deleted",
		Back:   "write the old references back",
	}
	stepNewName = Step{
		ID:     "new-name",
		Title:  "Give the clients the new name",
		Before: "the clients work by the old name",
		After:  "no client uses the old name or port",
		Back:   "write the old name back, while it answers",
	}
	stepDelete = Step{
		ID:     "delete",
		Title:  "Delete the old cache",
		Before: "it had no client for a week, nobody reads a secret with its keys, and its data is not needed; the plan destroys nothing else",
		After:  "the next plan is empty",
		Back:   "none: name and data of the old cache are gone",
	}
)

// Steps of a new cache beside the old one.
// Source: migrate-basic-standard-premium-self-service, 2026.
var (
	stepOrder = Step{
		ID:     "order",
		Title:  "Order the target",
		Before: "the region offers the size and the quota allows it; the plan passes redisbaseline check",
		After:  "the cache and its database are Running",
		Back:   "delete the new cache: nobody uses it yet",
	}
	stepConnect = Step{
		ID:     "connect",
		Title:  "Connect network, identities and logs",
		Before: "the subnet has free addresses, and the object ids of all clients are at hand",
		After:  "a test client in the network resolves the new name to a private address, signs in and writes a key; the log shows it",
		Back:   "delete the private endpoint, the assignments and the diagnostic setting of the new cache",
	}
	stepFill = Step{
		ID:     "fill",
		Title:  "Fill the target, or let it start empty",
		Before: "it is decided whether the data is needed; a Basic or Standard cache exports no files",
		After:  "clients that write to both caches read the same values from both",
		Back:   nothingChanged,
	}
	stepCopy = Step{
		ID:     "copy",
		Title:  "Copy the data, or let the target start empty",
		Before: "used memory is below 80 % of the new size, and the RDB export is complete",
		After:  "both caches have about the same number of keys",
		Back:   "flush the target: the old cache is as it was",
	}
	stepLink = Step{
		ID:     "link",
		Title:  "Link the members of geo-replication",
		Before: "all members have the same size, clustering policy, modules and protocol, and no persistence",
		After:  "a key that is written in one region is read in the others",
		Back:   "take the new members out of the group: the old ones are as they were",
	}
	stepSwitch = Step{
		ID:     "switch",
		Title:  "Switch the clients",
		Before: "load, connections and errors of the old cache are noted",
		After:  "the connections to the old cache fall to zero; errors and latency stay as noted",
		Back:   "write the old host name, port and sign-in back into the clients",
	}
)

// Steps of the automated migration.
// Source: migrate-basic-standard-premium-with-tooling, 2026-03-26; reference of Az.RedisEnterpriseCache.
var (
	stepOrderNear = Step{
		ID:     "order-near",
		Title:  "Order the target",
		Before: "the target lies in the same region and subscription, and has access keys where clients use them",
		After:  "the cache and its database are Running",
		Back:   "delete the new cache: nobody uses it yet",
	}
	stepValidate = Step{
		ID:     "validate",
		Title:  "Validate the migration",
		Before: "the old cache is Running, and no other operation runs on it",
		After:  "Test-AzRedisEnterpriseCacheMigration, or Validate in the portal, shows no error, and each warning is understood",
		Back:   nothingChanged,
	}
	stepStart = Step{
		ID:     "start",
		Title:  "Start the migration",
		Before: "it is a quiet hour: all clients lose their connection once, at a time that nobody chooses",
		After:  "az redisenterprise migration show says Succeeded, and clients work by the old name",
		Back:   "az redisenterprise migration undo, for a limited time",
	}
	stepUnlink = Step{
		ID:     "unlink",
		Title:  "Unlink the old name",
		Before: "no client uses the old name",
		After:  "the old name resolves no more",
		Back:   "none",
	}
)

// Steps of the move in place.
// Source: migrate-redis-enterprise-with-tooling, 2026-04-14.
var (
	stepPlanOld = Step{
		ID:     "plan",
		Title:  "Plan before the move",
		Before: "nobody else changes the cluster",
		After:  "the plan is empty",
		Back:   nothingChanged,
	}
	stepTag = Step{
		ID:     "tag",
		Title:  "Tag the cluster and choose the SKU",
		Before: "az redisenterprise list-skus-for-scaling names the target size",
		After:  "the tag amr-migration-data-preserve is on the cluster",
		Back:   "remove the tag",
	}
	stepInPlace = Step{
		ID:     "change-sku",
		Title:  "Change the SKU",
		Before: "the data is exported or may be lost; it is a quiet hour: all clients lose their connection once",
		After:  "the cluster is Running with the new SKU after 15 to 30 minutes, and clients work by the old name",
		Back:   "none: a move in place can be neither paused nor taken back",
	}
	stepImport = Step{
		ID:     "import",
		Title:  "Move the state",
		Before: "removed blocks with destroy = false name the old resources, and an import block names the cluster",
		After:  "the plan imports the cluster, and changes and destroys nothing",
		Back:   "none: the old resources cannot hold a cluster of Azure Managed Redis",
	}
	stepNewEndpoint = Step{
		ID:     "new-endpoint",
		Title:  "Make a private endpoint with the new zone",
		Before: "the zone of Azure Managed Redis is linked to the networks of the clients",
		After:  "the new name resolves to a private address",
		Back:   "delete the new endpoint: the old one still answers for the old name",
	}
)

// newCacheSteps are the ids of the steps of a new cache beside the old one.
func (r *retiring) newCacheSteps(blocked bool) []string {
	steps := make([]string, 0, 8)
	if blocked {
		steps = append(steps, stepBlockers.ID)
	}
	steps = append(steps, stepOrder.ID, stepConnect.ID)
	enterprise, replicated := r.service == service.Enterprise, r.replicated == posture.True
	switch {
	case enterprise && replicated: // the members of the group hand the data on
	case !enterprise && r.premium == posture.False:
		steps = append(steps, stepFill.ID)
	default:
		steps = append(steps, stepCopy.ID)
	}
	if replicated {
		steps = append(steps, stepLink.ID)
	}
	return append(steps, stepSwitch.ID, stepReferences.ID, stepDelete.ID)
}

var (
	automatedSteps = []string{stepBlockers.ID, stepOrderNear.ID, stepValidate.ID, stepStart.ID, stepNewName.ID,
		stepReferences.ID, stepDelete.ID, stepUnlink.ID}
	inPlaceSteps = []string{stepBlockers.ID, stepPlanOld.ID, stepTag.ID, stepInPlace.ID, stepImport.ID, stepNewEndpoint.ID,
		stepNewName.ID, stepReferences.ID}
)

// afterBlockers leaves the step about blockers out where there is none.
func afterBlockers(steps []string, blocked bool) []string {
	if blocked {
		return steps
	}
	return steps[1:]
}

// allSteps are those of the catalogue.
var allSteps = []Step{
	stepBlockers, stepOrder, stepConnect, stepFill, stepCopy, stepLink, stepSwitch, stepReferences, stepDelete,
	stepOrderNear, stepValidate, stepStart, stepNewName, stepUnlink,
	stepPlanOld, stepTag, stepInPlace, stepImport, stepNewEndpoint,
}
