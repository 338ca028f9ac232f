package provider

import (
	"context"
	"errors"
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

const exemptionDoc = "Turns what violates or leaves undecided one rule, for the caches that it names, into `exempt`. An exemption that " +
	"has expired does not count, and says so."

// exemptionAttributes are the attributes of the block, all of them texts.
var exemptionAttributes = []struct {
	name     string
	required bool
	doc      string
}{
	{"feature", true, "Id of a feature or an advisory, for example `NS-2/azure-private-link`."},
	{"cache", true, "Name or resource id of the cache, or a glob in which only `*` and `?` are special. With `plan_file` also its address: " +
		"Terraform tells providers no other addresses. A resource id matches only " +
		"once it is known: for a new cache, after it was created."},
	{"category", true, "`Waiver` (the violation is accepted) or `Mitigated` (the intent is met by other means)."},
	{"expires_on", false, "Last day on which the exemption counts, as `YYYY-MM-DD` in UTC. Without it, the exemption never expires."},
	{"description", true, "Why the cache is exempt."},
	{"approved_by", false, "Who approved the exemption."},
}

func providerExemptionBlock() provider.Block {
	attrs := map[string]provider.Attribute{}
	for _, a := range exemptionAttributes {
		attrs[a.name] = provider.StringAttribute{Required: a.required, Optional: !a.required, MarkdownDescription: a.doc}
	}
	return provider.ListNestedBlock{MarkdownDescription: exemptionDoc, NestedObject: provider.NestedBlockObject{Attributes: attrs}}
}

func dataSourceExemptionBlock() datasource.Block {
	attrs := map[string]datasource.Attribute{}
	for _, a := range exemptionAttributes {
		attrs[a.name] = datasource.StringAttribute{Required: a.required, Optional: !a.required, MarkdownDescription: a.doc}
	}
	return datasource.ListNestedBlock{MarkdownDescription: exemptionDoc, NestedObject: datasource.NestedBlockObject{Attributes: attrs}}
}

// unknownExemptions is how a value that is not known yet is treated.
type unknownExemptions bool

const (
	skipUnknown   unknownExemptions = false // `terraform validate`: nothing is known yet
	refuseUnknown unknownExemptions = true
)

// validateExemptions checks the exemptions of a configuration as far as they are known.
func validateExemptions(ctx context.Context, config tfsdk.Config, documents baseline.Documents) diag.Diagnostics {
	var blocks types.List
	diags := config.GetAttribute(ctx, path.Root("exemption"), &blocks)
	if !diags.HasError() {
		_, diags = readExemptions(ctx, blocks, documents, skipUnknown)
	}
	return diags
}

// readExemptions reads and checks exemption blocks; each error names its block.
func readExemptions(ctx context.Context, blocks types.List, documents baseline.Documents,
	unknown unknownExemptions) ([]baseline.Exemption, diag.Diagnostics) {
	var diags diag.Diagnostics
	if blocks.IsNull() || (blocks.IsUnknown() && unknown == skipUnknown) {
		return nil, diags
	}
	if blocks.IsUnknown() {
		diags.AddAttributeError(path.Root("exemption"), "exemptions are not known yet", "Exemptions must be known while Terraform plans.")
		return nil, diags
	}
	list, err := nodeOf(ctx, blocks)
	if err != nil {
		diags.AddError("exemptions cannot be read", err.Error())
		return nil, diags
	}
	var out []baseline.Exemption
	for i, block := range list.items() {
		at := path.Root("exemption").AtListIndex(i)
		text, open := map[string]string{}, ""
		for _, a := range exemptionAttributes {
			if text[a.name] = block.Get(a.name).Scalar().Text; block.Get(a.name).unknown() && open == "" {
				open = a.name
			}
		}
		if open != "" {
			if unknown == refuseUnknown {
				diags.AddAttributeError(at.AtName(open), fmt.Sprintf("exemption %d: %s is not known yet", i+1, open),
					"An exemption must be known while Terraform plans. Name the cache by its name, or a pattern of it, instead of an id that exists "+
						"only after apply.")
			}
			continue
		}
		e := baseline.Exemption{Feature: text["feature"], Cache: text["cache"], Category: baseline.Category(text["category"]),
			ExpiresOn: text["expires_on"], Description: text["description"], ApprovedBy: text["approved_by"]}
		var faults baseline.Faults
		errors.As(documents.Validate(e), &faults)
		if !block.Get("expires_on").null() && e.ExpiresOn == "" {
			faults = append(faults, baseline.Fault{Attribute: "expires_on",
				Problem: `expires_on "" is not a date of the form YYYY-MM-DD; leave it out, or null, for an exemption that never expires`})
		}
		if !block.Get("approved_by").null() && e.ApprovedBy == "" {
			faults = append(faults, baseline.Fault{Attribute: "approved_by", Problem: "approved_by is empty: leave it out, or name somebody"})
		}
		for _, f := range faults {
			diags.AddAttributeError(at.AtName(f.Attribute), fmt.Sprintf("exemption %d is not valid: %s", i+1, f.Problem),
				"An exemption that cannot be understood never counts in silence.")
		}
		if faults == nil {
			out = append(out, e)
		}
	}
	return out, diags
}
