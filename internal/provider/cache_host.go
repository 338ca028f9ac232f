package provider

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurecache"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/provider/cacheresource"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// cacheHost is the host of the cache resource: it judges and supplies the client.
// There is one for each configured provider, so that writes to one cache wait for
// one another.
type cacheHost struct {
	settings *settings
	sleep    func(context.Context, time.Duration) error

	once   sync.Once
	client *azurecache.Client
	err    error
}

func hostOf(providerData any) cacheresource.Host {
	s, ok := providerData.(*settings)
	if !ok {
		return nil
	}
	return s.cache
}

// Judge returns the diagnostics for one planned cache. Every new cache gets a short
// warning that the service retires, even where advisories are not shown.
func (h *cacheHost) Judge(c *posture.Cache, advisories bool, place func([]string) (path.Path, bool)) diag.Diagnostics {
	own := h.settings.forResource(effectUnset)
	j := h.settings.judge(c, fingerprintOf(c))
	var diags diag.Diagnostics
	say := func(f report.Finding, one report.Cache) {
		var evidence []string
		for _, e := range f.Evidence {
			evidence = append(evidence, e.Path)
		}
		speak := speaker{documents: h.settings.documents, effect: own, advisories: advisories}
		if at, found := place(evidence); found { // else Terraform shows the whole block
			speak.at = at
		}
		if f.ID == retirementID && f.Status == report.NonCompliant && c.Change == posture.ChangeCreate && own != effectDisabled {
			diags.Append(speak.retirement(j, f))
			return
		}
		diags.Append(speak.diagnose([]judgement{{posture: j.posture, report: one, title: j.title}})...)
	}
	for _, f := range j.report.Features {
		say(f, report.Cache{Type: c.Type, Features: []report.Finding{f}})
	}
	for _, f := range j.report.Advisories {
		say(f, report.Cache{Type: c.Type, Advisories: []report.Finding{f}})
	}
	for _, n := range j.report.Notes {
		say(report.Finding{}, report.Cache{Notes: []string{n}})
	}
	return diags
}

// Title is what summaries call a planned cache.
func (h *cacheHost) Title(c *posture.Cache) string { return titleOf(c, fingerprintOf(c)) }

// fingerprintOf is the text by which [titleOf] tells caches without a name apart.
func fingerprintOf(c *posture.Cache) string {
	return fmt.Sprint(c.Location, c.Tier, c.Capacity, c.ResourceGroup)
}

// retirement is the warning for a new cache of a service that retires.
func (s speaker) retirement(j judgement, f report.Finding) diag.Diagnostic {
	e := s.documents.For(j.report.Type).Entry(f.ID)
	return s.warn(fmt.Sprintf("Advisory %s: %s %s", e.Title, j.title, predicate(f)), fmt.Sprintf("%s\n\n  More: %s\n\n"+
		"Every new cache gets this warning, whatever its argument advisories. %s", sentence(f.Message), e.Help, s.silencing(j.posture, f.ID)))
}

// Client makes the client when it is first needed.
func (h *cacheHost) Client() (*azurecache.Client, diag.Diagnostics) {
	// The error of the connection names the wrong setting.
	if _, diags := h.settings.azure.reader(); diags.HasError() {
		return nil, diags
	}
	h.once.Do(func() {
		options := h.settings.azure.options
		var writer *arm.Writer
		if options.Config, h.err = arm.NewConfig(h.settings.azure.explicit, h.settings.azure.getenv); h.err != nil {
			return
		}
		if writer, h.err = arm.NewWriter(options); h.err == nil {
			h.client = azurecache.New(writer, h.sleep)
		}
	})
	if h.err != nil {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Azure cannot be asked", sentence(h.err.Error()))}
	}
	return h.client, nil
}

// Subscription is the subscription of the provider's configuration or of the
// environment.
func (h *cacheHost) Subscription() (id string, known bool) {
	c := h.settings.azure
	if slices.Contains(c.unknown, arm.SubscriptionID) {
		return "", false
	}
	config, err := arm.NewConfig(c.explicit, c.getenv)
	if err != nil {
		return c.explicit[arm.SubscriptionID], true
	}
	return config.String(arm.SubscriptionID), true
}

// Caches lists the caches of a service in a subscription.
func (h *cacheHost) Caches(ctx context.Context, of *service.Service, subscription string) ([]string, error) {
	reader, diags := h.settings.azure.reader()
	if diags.HasError() {
		return nil, fmt.Errorf("%s", diags[0].Summary())
	}
	if subscription == "" {
		subscription, _ = h.Subscription()
	}
	return reader.CacheIDs(ctx, of, subscription)
}
