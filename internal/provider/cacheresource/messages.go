package cacheresource

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// createFailed is the error for a cache that Azure did not accept.
func createFailed(plan model, err error) diag.Diagnostic {
	name := title(plan)
	var exists *azurecache.AlreadyExistsError
	var retired *azurecache.RetiredError
	switch {
	case errors.As(err, &exists):
		return diag.NewErrorDiagnostic(name+" exists already", fmt.Sprintf(
			"Nothing was changed. An earlier apply may have been killed, or somebody else made the cache. If it is yours, adopt it, with the "+
				"address of this resource:\n\n"+
				"  import {\n    to = redisbaseline_cache.ADDRESS\n    id = %q\n  }\n\nThen plan again: the plan says what differs. "+
				"If the plan was to replace this very cache, nothing is to be adopted: take create_before_destroy out, because no two caches can "+
				"have one name.", importID(exists.ID)))
	case errors.As(err, &retired):
		return diag.NewErrorDiagnostic(name+" cannot be created: Azure Cache for Redis is retiring", fmt.Sprintf(
			"Azure refuses new caches to tenants that had none before 2026-04-01. No retry helps, and nothing was created. "+
				"The successor is Azure Managed Redis, which is not generally offered in Azure operated by 21Vianet; for Azure Government, "+
				"no public documentation of it was found: "+
				"https://aka.ms/AzureCacheForRedisRetirement\n\n  Azure said: %s", retired.Message))
	}
	return diag.NewErrorDiagnostic(name+" could not be created", sentence(err.Error())+"\n\nNothing was created.")
}

// importID is the id of a cache in the spelling of this provider.
func importID(text string) string {
	if id, err := azure.ParseCacheIDOf(service.Redis, text); err == nil {
		return service.Redis.ID(id.Subscription, id.ResourceGroup, id.Name)
	}
	return text
}

// notFinished is the warning for a cache that Azure accepted and that is not as planned.
func notFinished(plan model, last azurecache.Progress, err error) diag.Diagnostic {
	var failure *azurecache.FailedError
	if errors.As(err, &failure) && (last.Step == "" || last.Step == "create") {
		return diag.NewWarningDiagnostic(fmt.Sprintf("%s was accepted and then failed: it is in the state %s", title(plan), failure.State),
			fmt.Sprintf(
				"Azure did not finish the cache, which is in the state of Terraform and does not work. Where Azure's reason will pass, apply again; "+
					"else destroy it. "+
					"This is a warning because Terraform would destroy and create anew what fails with an error while it is created.\n\n  %s", err))
	}
	return diag.NewWarningDiagnostic(title(plan)+" is not finished: apply again", fmt.Sprintf(
		"Azure accepted the cache, which is in the state now, and then something stood in the way%s. The next apply goes on from there; "+
			"nothing is created twice. "+
			"This is a warning because Terraform would destroy and create anew what fails with an error while it is created.\n\n  %s", during(last),
		err))
}

// updateFailed is the error for an update that failed.
func updateFailed(plan model, last azurecache.Progress, err error) diag.Diagnostic {
	summary := title(plan) + " could not be updated"
	var linked *azurecache.LinkedError
	if errors.As(err, &linked) {
		return diag.NewErrorDiagnostic(fmt.Sprintf("%s is linked for geo-replication: Azure refuses part of the update", title(plan)),
			sentence(linked.Error())+" Everything else was changed, and the state says what Azure has. "+unlink)
	}
	var refused *azurecache.NotAppliedError
	if errors.As(err, &refused) {
		summary = title(plan) + ": Azure accepted but did not apply " + strings.Join(refused.Properties, ", ")
	}
	return diag.NewErrorDiagnostic(summary, sentence(err.Error())+
		fmt.Sprintf("\n\nThe state says what Azure has%s. The next plan shows what is left to do.", during(last)))
}

const unlink = "Unlink the caches first (remove the azurerm_redis_linked_server, or `az redis server-link delete`), apply again, and " +
	"link them again."

func during(last azurecache.Progress) string {
	if last.Step == "" {
		return ""
	}
	return " (step: " + last.Step + ")"
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimRight(s[1:], ".") + "."
}
