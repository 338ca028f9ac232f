package migrate

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

const (
	nothingChanged = "nothing to take back: the old cache is as it was"
	noWayBack      = "none"
)

var (
	stepBlockers = Step{"Settle the blockers", "each blocker has somebody who decides", "a new plan of the migration shows no certain blocker", nothingChanged}
	stepOrder    = Step{"Order the target", "the region offers the size and the quota allows it; the plan passes the gate",
		"the cache and its database are Running", "delete the new cache: nobody uses it yet"}
	stepNetwork = Step{"Connect network, identities and logs", "the subnet has free addresses, the object ids of all clients are at hand",
		"a test client in the network resolves the new name to a private address, signs in and writes a key; the log shows it",
		"delete the private endpoint, the assignments and the diagnostic setting of the new cache"}
	stepFill = Step{"Fill the target, or let it start empty", "it is decided whether the data is needed; a Basic or Standard cache exports no files",
		"the clients that write to both caches see the same values", nothingChanged}
	stepCopy = Step{"Copy the data, or let the target start empty", "used memory is below 80 % of the new size; the RDB export is complete",
		"both caches have about the same number of keys", "flush the target: the old cache is as it was"}
	stepGroup = Step{"Link the members of geo-replication", "every member has the same size, clustering policy, modules and protocol, and no persistence",
		"a key that is written in one region is read in the others", "take the new members out of the group: the old link is as it was"}
	stepSwitch = Step{"Switch the clients", "load, connections and errors of the old cache are noted",
		"the clients of the old cache fall to zero, errors and latency stay as noted", "write the old host name, port and sign-in back into the clients"}
	stepReferences = Step{"Move what refers to the old cache", "the list of references of this cache is at hand",
		"no output, secret, alert, role or policy names the old cache", "write the old references back"}
	stepDelete = Step{"Delete the old cache", "it had no client for a week, and its data is not needed; the plan destroys nothing else",
		"the next plan is empty", "none: name and data of the old cache are gone"}

	stepSameRegion = Step{"Order the target", "the target lies in the same region and subscription; access keys are on where clients use them",
		"the cache and its database are Running", "delete the new cache: nobody uses it yet"}
	stepValidate = Step{"Validate the migration", "the old cache is Running, and no other operation runs on it",
		"az redisenterprise migration validate, or Validate in the portal, shows no error; each warning is understood", nothingChanged}
	stepStart = Step{"Start the migration", "it is a quiet hour: all clients lose their connection once, at a time that nobody chooses",
		"az redisenterprise migration show says Succeeded, and clients work by the old name",
		"az redisenterprise migration undo, while rollbackEligibleUntil has not passed"}
	stepNewName = Step{"Give the clients the new name", "the clients work by the old name",
		"no client uses the old name or port", "write the old name back, until it is unlinked"}
	stepUnlink = Step{"Unlink the old name", "no client uses the old name", "the old name no longer resolves", noWayBack}

	stepPlanOld = Step{"Plan before the move", "nobody else changes the cluster", "the plan is empty", nothingChanged}
	stepTag     = Step{"Tag the cluster and choose the SKU", "az redisenterprise list-skus-for-scaling names the target size",
		"the tag amr-migration-data-preserve is on the cluster", "remove the tag"}
	stepInPlace = Step{"Change the SKU", "the data is exported or may be lost; it is a quiet hour: all clients lose their connection once",
		"the cluster is Running with the new SKU after 15 to 30 minutes, and clients work by the old name",
		"none: a move in place can be neither paused nor taken back"}
	stepImport = Step{"Move the state", "removed blocks with destroy = false name the old resources, an import block the cluster",
		"the plan imports the cluster and changes and destroys nothing", "import the old resources again with azurerm 4"}
	stepNewEndpoint = Step{"Make a private endpoint with the new zone", "the zone of Azure Managed Redis is linked to the networks of the clients",
		"the new name resolves to a private address", "delete the new endpoint: the old one still answers for the old name"}
)

// newCacheSteps are those of a new cache beside the old one.
func (r *retiring) newCacheSteps(blocked bool) []Step {
	steps := make([]Step, 0, 8)
	if blocked {
		steps = append(steps, stepBlockers)
	}
	steps = append(steps, stepOrder, stepNetwork)
	switch {
	case r.replicated == posture.True && r.service == service.Enterprise:
		steps = append(steps, stepGroup) // the members hand the data on
	case r.premium == posture.False && r.service != service.Enterprise:
		steps = append(steps, stepFill)
	default:
		steps = append(steps, stepCopy)
	}
	if r.replicated == posture.True && r.service != service.Enterprise {
		steps = append(steps, stepGroup)
	}
	return append(steps, stepSwitch, stepReferences, stepDelete)
}

var (
	stepsAutomated = []Step{stepBlockers, stepSameRegion, stepValidate, stepStart, stepNewName, stepReferences, stepDelete, stepUnlink}
	stepsInPlace   = []Step{stepBlockers, stepPlanOld, stepTag, stepInPlace, stepImport, stepNewEndpoint, stepNewName, stepReferences}
)

func automatedSteps(blocked bool) []Step { return afterBlockers(stepsAutomated, blocked) }

func inPlaceSteps(blocked bool) []Step { return afterBlockers(stepsInPlace, blocked) }

// afterBlockers leaves the step about blockers out where there is none.
func afterBlockers(steps []Step, blocked bool) []Step {
	if blocked {
		return steps
	}
	return steps[1:]
}
