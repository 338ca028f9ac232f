package cacheresource

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armid"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// ModifyPlan completes the plan, refuses what Azure would refuse, and judges.
func (r *cacheResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.host == nil {
		return
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(leftBehind(ctx, req)...)
		return
	}
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	var prior *model
	if !req.State.Raw.IsNull() {
		prior = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, prior)...)
	}
	private, diags := loadPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	subscription, known := r.host.Subscription()
	if known && subscription == "" && prior == nil {
		resp.Diagnostics.AddError("the provider has no subscription",
			"A new cache needs one: set subscription_id in the provider's configuration, or ARM_SUBSCRIPTION_ID.")
		return
	}
	plan := completion{config: config, prior: prior, unfinished: private.Unfinished, zoneless: private.Zoneless}.plan(ctx)
	if prior != nil {
		plan = withPriorSpelling(ctx, plan, *prior)
		if same := plan; private.Adopted && !private.Unfinished {
			// A change of removed_with_cache alone is no change of a cache that was
			// imported or moved.
			same.RemovedWithCache = prior.RemovedWithCache
			resp.Diagnostics.Append(resp.Plan.Set(ctx, &same)...)
			if resp.Plan.Raw.Equal(req.State.Raw) {
				plan = same
			}
		}
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	change := posture.ChangeCreate
	if prior != nil {
		change = posture.ChangeNoOp
		if private.Unfinished || !resp.Plan.Raw.Equal(req.State.Raw) {
			change = posture.ChangeUpdate
			if private.Unfinished || prior.ProvisioningState.ValueString() != "Succeeded" {
				resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("provisioning_state"), types.StringUnknown())...)
			}
		}
	}
	named := r.host.Title(postureOf(ctx, plan, change, view{config, prior, private}))
	resp.Diagnostics.Append(unreachable(plan, config, prior, private, named)...)
	if prior != nil {
		resp.Diagnostics.Append(unmanagedWarnings(plan, config, *prior, private)...)
	}
	resp.Diagnostics.Append(refuse(ctx, plan, config, prior)...)
	if change == posture.ChangeUpdate {
		replaced, diags := unchangeable(ctx, plan, config, *prior)
		resp.Diagnostics.Append(diags...)
		resp.RequiresReplace = append(resp.RequiresReplace, replaced...)
		switch {
		case len(replaced) > 0:
			change = posture.ChangeCreate // Terraform drops the diagnostics of the plan for the new cache
			resp.Diagnostics.AddWarning(title(*prior)+" is destroyed and created anew",
				"Its data is lost, and clients lose their connection. Where Azure refuses new caches to this tenant, there will be none afterwards.")
		case !diags.HasError():
			resp.Diagnostics.Append(disruptions(ctx, plan, config, *prior, private.Linked)...)
		}
	}
	resp.Diagnostics.Append(r.host.Judge(postureOf(ctx, plan, change, view{config, prior, private}), config.Advisories.ValueBool(), place)...)
}

// unreachable warns of a new cache to which no way leads that the plan shows, and of one
// that loses its only way. Where the configuration says that there is no private
// endpoint, a rule says that.
func unreachable(plan, config model, prior *model, private privateState, title string) diag.Diagnostics {
	if !isOff(plan.PublicNetworkAccessEnabled) || !plan.SubnetID.IsNull() || !config.PrivateEndpoint.IsNull() {
		return nil
	}
	summary := "no client can reach this cache yet"
	if prior != nil {
		_, unread := private.Unread["private_endpoint"]
		if !prior.PublicNetworkAccessEnabled.ValueBool() || len(private.Connections) > 0 || unread {
			return nil
		}
		summary = "no client can reach this cache any more"
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("public_network_access_enabled"), title+": "+summary,
		"Public network access is off, and the cache has no private endpoint. Write, with a subnet that clients reach and their private DNS "+
			"zone:\n\n"+
			"  private_endpoint = {\n    subnet_id            = azurerm_subnet.example.id\n"+
			"    private_dns_zone_ids = [azurerm_private_dns_zone.example.id]\n  }\n\n"+
			"An azurerm_private_endpoint for the id of this cache does as well. This resource sees it once it is there.")}
}

// place finds the root attribute to which evidence belongs.
func place(evidence []string) (path.Path, bool) {
	for _, e := range evidence {
		root := strings.FieldsFunc(e+" ", func(r rune) bool { return r == '.' || r == '[' || r == ' ' })
		if len(root) == 0 {
			continue
		}
		name := root[0]
		if full, ok := plural[name]; ok {
			name = full
		}
		if (model{}).attribute(name) != nil {
			return path.Root(name), true
		}
	}
	return path.Empty(), false
}

// plural is the attribute by the name that evidence has for one companion.
var plural = map[string]string{
	"diagnostic_setting": "diagnostic_settings", "firewall_rule": "firewall_rules", "private_dns_zone_group": "private_endpoint",
	"access_policy_assignment": "access_policy_assignments", "access_policy": "access_policies",
}

// unchangeable finds the changes that Azure cannot make in place: they are errors or,
// with allow_replacement, replace the cache.
func unchangeable(ctx context.Context, plan, config, prior model) (path.Paths, diag.Diagnostics) {
	var paths path.Paths
	var diags diag.Diagnostics
	forbid := func(attribute, why string) {
		at := path.Root(attribute)
		if config.AllowReplacement.ValueBool() {
			paths = append(paths, at)
			return
		}
		diags.AddAttributeError(at, fmt.Sprintf("%s: %s cannot be changed in place", title(prior), attribute), why+
			" Azure Cache for Redis is retiring, so that a cache that was destroyed may not be creatable again. "+
			"Take the change back, or make a second cache and move the clients; to destroy this one and create it anew, set allow_replacement = "+
			"true.")
	}
	for _, c := range []struct {
		attribute string
		is, was   types.String
		same      func(a, b string) bool
	}{
		{"name", plan.Name, prior.Name, strings.EqualFold},
		{"resource_group_name", plan.ResourceGroupName, prior.ResourceGroupName, strings.EqualFold},
		{"location", plan.Location, prior.Location, sameRegion},
		{"subnet_id", plan.SubnetID, prior.SubnetID, strings.EqualFold},
		{"private_static_ip_address", plan.PrivateStaticIPAddress, prior.PrivateStaticIPAddress, strings.EqualFold},
	} {
		if !c.is.IsUnknown() && !c.same(c.is.ValueString(), c.was.ValueString()) {
			forbid(c.attribute, fmt.Sprintf("It is %s and would become %s.", quote(c.was), quote(c.is)))
		}
	}
	if isKnown(config.Zones) && !config.Zones.Equal(prior.Zones) {
		forbid("zones", "Only zonal_allocation_policy can move a cache between zones.")
	}
	is, was := decode[configurationModel](ctx, plan.RedisConfiguration).Databases,
		decode[configurationModel](ctx, prior.RedisConfiguration).Databases
	switch {
	case isKnown(is) && isKnown(was) && !is.Equal(was):
		forbid("redis_configuration", fmt.Sprintf("databases is %d and would become %d: Azure takes the number only when the cache is created.",
			was.ValueInt64(), is.ValueInt64()))
	case isKnown(is) && was.IsNull():
		diags.AddAttributeWarning(path.Root("redis_configuration"), title(prior)+": the number of databases cannot be compared",
			"Azure does not say how many databases this cache has, and takes the number only when a cache is created. What is written is "+
				"believed, and nothing is sent.")
	}
	if isKnown(plan.SKUName) && isKnown(plan.Capacity) {
		from := azurecache.SKU{Name: prior.SKUName.ValueString(), Capacity: int(prior.Capacity.ValueInt64())}
		to := azurecache.SKU{Name: plan.SKUName.ValueString(), Capacity: int(plan.Capacity.ValueInt64())}
		if _, err := azurecache.ScalePath(from, to); err != nil {
			attribute := "sku_name"
			if from.Name == to.Name {
				attribute = "capacity"
			}
			forbid(attribute, sentence(err.Error()))
		}
	}
	return paths, diags
}

func quote(v types.String) string {
	if v.ValueString() == "" {
		return "unset"
	}
	return fmt.Sprintf("%q", v.ValueString())
}

// disruptions warns of changes that clients will notice, and of changes that Azure
// refuses for a cache with links.
func disruptions(ctx context.Context, plan, config, prior model, links []string) diag.Diagnostics {
	var diags diag.Diagnostics
	var refused, servers []string
	have, want := observationOf(ctx, prior), withOwnEndpoint(adjusted(desired(ctx, plan, config), prior), prior)
	if err := azurecache.Occupied(have, want); err != nil {
		diags.AddAttributeError(path.Root("private_endpoint"), title(prior)+": another private endpoint is in the way", sentence(err.Error())+
			" State it as it is to manage it here, give another name, or remove it where it was made.")
	}
	for _, step := range azurecache.Steps(have, want) {
		if step.Disruption != "" {
			diags.AddWarning(fmt.Sprintf("%s: clients will notice: %s", title(prior), step.Name), sentence(step.Disruption))
		}
		if azurecache.RefusedWhileLinked(step) {
			refused = append(refused, step.Name)
		}
	}
	for _, id := range links {
		servers = append(servers, armid.Last(id))
	}
	if len(servers) > 0 && len(refused) > 0 {
		diags.AddWarning(fmt.Sprintf("%s is linked with %s: Azure will refuse part of this", title(prior), strings.Join(servers, ", ")),
			fmt.Sprintf(
				"While a cache is linked for geo-replication Azure refuses: %s. The rest of the plan can be applied; the apply then ends with an "+
					"error. %s", strings.Join(refused, ", "), unlink))
	}
	return diags
}

// withPriorSpelling is a plan with the values of the state where both mean the same, so
// that letter case and order are no changes.
func withPriorSpelling(ctx context.Context, plan, prior model) model {
	like := func(is *types.String, was types.String, same func(a, b string) bool) {
		if isKnown(*is) && isKnown(was) && same(is.ValueString(), was.ValueString()) {
			*is = was
		}
	}
	like(&plan.Name, prior.Name, strings.EqualFold)
	like(&plan.ResourceGroupName, prior.ResourceGroupName, strings.EqualFold)
	like(&plan.Location, prior.Location, sameRegion)
	like(&plan.SubnetID, prior.SubnetID, strings.EqualFold)
	if isKnown(plan.PatchSchedule) && isKnown(prior.PatchSchedule) && fullyKnown(ctx, plan.PatchSchedule) {
		if same := observedWindows(ctx, prior.PatchSchedule, windowsOf(ctx, plan.PatchSchedule)); same.Equal(prior.PatchSchedule) {
			plan.PatchSchedule = same
		}
	}
	if isKnown(plan.Identity) && isKnown(prior.Identity) {
		is, was := decode[identityModel](ctx, plan.Identity), decode[identityModel](ctx, prior.Identity)
		is.IdentityIDs = setWithPriorSpelling(is.IdentityIDs, was.IdentityIDs)
		plan.Identity = encode(ctx, identityTypes(), is)
	}
	if isKnown(plan.PrivateEndpoint) && isKnown(prior.PrivateEndpoint) {
		is, was := decode[endpointModel](ctx, plan.PrivateEndpoint), decode[endpointModel](ctx, prior.PrivateEndpoint)
		like(&is.SubnetID, was.SubnetID, strings.EqualFold)
		like(&is.Name, was.Name, strings.EqualFold)
		like(&is.Location, was.Location, sameRegion)
		is.DNSZoneIDs = setWithPriorSpelling(is.DNSZoneIDs, was.DNSZoneIDs)
		plan.PrivateEndpoint = encode(ctx, endpointTypes(), is)
	}
	plan.DiagnosticSettings = diagnosticsWithPriorSpelling(ctx, plan.DiagnosticSettings, prior.DiagnosticSettings, like)
	return plan
}

func diagnosticsWithPriorSpelling(ctx context.Context, plan, prior types.Map,
	like func(*types.String, types.String, func(a, b string) bool)) types.Map {
	if !isKnown(plan) || !isKnown(prior) {
		return plan
	}
	values := plan.Elements()
	_, before := elements[diagnosticModel](ctx, prior)
	for key, v := range values {
		was, ok := before[key]
		if !ok || !isKnown(v) {
			continue
		}
		is := decode[diagnosticModel](ctx, v.(types.Object)) //nolint:forcetypeassert // the schema says so
		like(&is.WorkspaceID, was.WorkspaceID, strings.EqualFold)
		like(&is.StorageAccountID, was.StorageAccountID, strings.EqualFold)
		like(&is.EventHubRuleID, was.EventHubRuleID, strings.EqualFold)
		like(&is.PartnerID, was.PartnerID, strings.EqualFold)
		like(&is.ServiceBusRuleID, was.ServiceBusRuleID, strings.EqualFold)
		values[key] = encode(ctx, diagnosticTypes(), is)
	}
	return types.MapValueMust(objects(diagnosticTypes()), values)
}

func setWithPriorSpelling(is, was types.Set) types.Set {
	if items, known := textsOf(is); known && isSet(is) && isSet(was) {
		return keepSet(was, items)
	}
	return is
}

func fullyKnown(ctx context.Context, l types.List) bool {
	raw, err := l.ToTerraformValue(ctx)
	return err == nil && raw.IsFullyKnown()
}
