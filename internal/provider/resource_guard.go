package provider

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

var (
	_ resource.ResourceWithConfigure  = (*guardResource)(nil)
	_ resource.ResourceWithModifyPlan = (*guardResource)(nil)
)

type guardResource struct{ settings *settings }

func newGuardResource() resource.Resource { return &guardResource{} }

type guardModel struct {
	ID         types.String `tfsdk:"id"`
	Cache      types.Object `tfsdk:"cache"`
	Companions types.List   `tfsdk:"companions"`
	Label      types.String `tfsdk:"label"`
	Effect     types.String `tfsdk:"effect"`
	Advisories types.Bool   `tfsdk:"advisories"`
}

// Metadata names the resource.
func (r *guardResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_guard"
}

// Schema describes the resource. Everything but the id is write-only.
func (r *guardResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Judges a cache on every plan, before anything is created, and stores nothing but an id. It may name the cache " +
			"directly, and sees it even where parts of it are not known yet. " +
			"Requires Terraform 1.11, or OpenTofu 1.11.\n\nThe `effect` of the provider decides whether a violation warns or fails. " +
			"Where it denies a cache that existed before the guard, `terraform destroy` fails too, because Terraform plans the whole " +
			"configuration once more before it destroys: use `terraform destroy -refresh=false`, or set `effect` back to `Audit`.\n\n" +
			"A value that the service does not document, such as `sku_name = \"Standrd\"`, leaves rules unknown: a warning, with `Deny` too.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "A random id.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"cache": schema.SingleNestedAttribute{
				Required: true, WriteOnly: true, Attributes: cacheShape().ordered().writeOnlyAttributes(),
				MarkdownDescription: "The planned cache: " + code(strings.ReplaceAll(service.AzurermTypes(), " or ", ".example or ")+".example") +
					", or an object of its shape. A `redisbaseline_cache` judges itself and needs no guard: of one Terraform says `list of " +
					"object required`.",
			},
			"companions": schema.ListNestedAttribute{
				Optional: true, WriteOnly: true,
				NestedObject:        schema.NestedAttributeObject{Attributes: companionShape().ordered().writeOnlyAttributes()},
				MarkdownDescription: companionsDoc + " Passing one asserts that it belongs to the cache, unless known ids say otherwise.",
			},
			"label": schema.StringAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "What messages call the cache where its name is not known yet.",
			},
			"effect": schema.StringAttribute{
				Optional: true, WriteOnly: true, Validators: effectValidators(),
				MarkdownDescription: "`Audit` warns, `Deny` fails the plan, `Disabled` only computes; the provider's `effect` by default.",
			},
			"advisories": schema.BoolAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "Whether advisories are shown as warnings; `false` by default.",
			},
		},
	}
}

// Configure takes the provider's settings.
func (r *guardResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.settings, _ = req.ProviderData.(*settings)
}

// ModifyPlan judges; Terraform calls it on every plan, also when nothing changes.
func (r *guardResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.settings == nil {
		return // destroyed
	}
	var config guardModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(refuseUnknownEffect(config.Effect)...)
	if resp.Diagnostics.HasError() {
		return
	}
	own := r.settings.forResource(effect(config.Effect.ValueString()))
	if config.Cache.IsUnknown() {
		if own != effectDisabled {
			label := cmp.Or(config.Label.ValueString(), "the cache")
			resp.Diagnostics.AddAttributeWarning(path.Root("cache"), label+" is not judged in this plan", notKnownAtAll)
		}
		return
	}
	passed := config.Companions.Elements()
	if config.Companions.IsUnknown() { // counts as one unknown companion
		passed = []attr.Value{types.ObjectUnknown(companionShape().ordered().attrTypes())}
	}
	cache, companions, err := nodesOf(ctx, config.Cache, passed)
	if err != nil {
		resp.Diagnostics.AddError("the cache cannot be read", err.Error())
		return
	}
	c, fingerprint, err := plannedCache(config.Label.ValueString(), cache, companions)
	var kind *unknownKindError
	switch {
	case errors.As(err, &kind):
		resp.Diagnostics.AddAttributeError(path.Root("companions"), "the companions cannot be read", sentence(err.Error()))
		return
	case err != nil:
		resp.Diagnostics.AddAttributeError(path.Root("cache"), "the cache cannot be read", sentence(err.Error()))
		return
	}
	speak := speaker{
		documents: r.settings.documents, effect: own,
		advisories: config.Advisories.ValueBool(), at: path.Root("cache"), again: judgedAgain,
	}
	resp.Diagnostics.Append(speak.diagnose([]judgement{r.settings.judge(c, fingerprint)})...)
}

const judgedAgain = "It is judged again during apply, after the cache was created: a violation then fails the apply."

var notKnownAtAll = "Nothing of the cache is known yet, so that this plan holds no verdict on it; the guard judges it during " +
	"apply. " +
	"Often a function such as try stands in between, which knows nothing while a part is not known: " +
	fmt.Sprintf("write cache = %[1]s.example, or %[1]s.example[0].", service.All[0].Azurerm[0])

// Create stores an id.
func (r *guardResource) Create(ctx context.Context, _ resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), rand.Text())...)
}

// Read keeps the state: there is nothing to read.
func (r *guardResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update keeps the id.
func (r *guardResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete forgets the id.
func (r *guardResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
