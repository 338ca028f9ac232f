package provider

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azure"
)

// azureAttributes are the attributes of the provider for the table of settings.
func azureAttributes() map[string]schema.Attribute {
	attrs := map[string]schema.Attribute{}
	for _, s := range arm.Settings() {
		doc := describe(s)
		switch s.Kind {
		case arm.KindBool:
			attrs[s.Name] = schema.BoolAttribute{Optional: true, Sensitive: s.Sensitive, MarkdownDescription: doc}
		case arm.KindList:
			attrs[s.Name] = schema.ListAttribute{Optional: true, Sensitive: s.Sensitive, ElementType: types.StringType, MarkdownDescription: doc}
		default:
			attrs[s.Name] = schema.StringAttribute{Optional: true, Sensitive: s.Sensitive, MarkdownDescription: doc}
		}
	}
	return attrs
}

func describe(s arm.Setting) string {
	doc := s.Description
	if len(s.Env) > 0 {
		names := make([]string, len(s.Env))
		for i, name := range s.Env {
			names[i] = "`" + name + "`"
		}
		list := names[0]
		if last := len(names) - 1; last > 0 {
			list = strings.Join(names[:last], ", ") + " or " + names[last]
		}
		doc += " Environment: " + list
		if s.Kind == arm.KindList {
			doc += ", separated by semicolons"
		}
		doc += "."
	}
	if s.Default != "" {
		doc += " Default: `" + s.Default + "`."
	}
	return doc
}

// connection makes the client of Azure when it is first needed, so that judging
// plans needs no setting and no credential.
type connection struct {
	explicit map[string]string
	unknown  []string // settings that are not known yet
	getenv   func(string) string
	options  arm.Options // its Config is set once the client is made
	now      func() time.Time

	once  sync.Once
	first *azure.Reader
	err   error
}

// newConnection reads the settings from the provider's configuration.
func newConnection(config tfsdk.Config) *connection {
	c := &connection{explicit: map[string]string{}}
	for _, s := range arm.Settings() {
		switch n := (node{v: config.Raw}).Get(s.Name); {
		case !n.v.IsFullyKnown():
			c.unknown = append(c.unknown, s.Name)
		case !n.null():
			c.explicit[s.Name] = settingOf(n)
		}
	}
	return c
}

// settingOf is a configured value as the environment would have it.
func settingOf(n node) string {
	switch s := n.Scalar(); s.Kind {
	case 't', 'f':
		return strconv.FormatBool(s.Kind == 't')
	case '[':
		var texts []string
		for _, item := range n.items() {
			texts = append(texts, item.Scalar().Text)
		}
		return strings.Join(texts, ";")
	default:
		return s.Text
	}
}

const wrongSetting = "Azure cannot be asked: a setting of the provider is wrong"

// reader returns a new reader of Azure. Each reader reads again what caches share,
// because Terraform may change it in between; all share the quotas of one client.
func (c *connection) reader() (*azure.Reader, diag.Diagnostics) {
	var diags diag.Diagnostics
	if len(c.unknown) > 0 {
		diags.AddError("Azure cannot be asked yet: the provider's "+strings.Join(c.unknown, ", ")+" is not known",
			"An existing cache is read while Terraform plans, so that whatever says how to sign in must be known by then. "+
				"Use a literal, a variable or the environment, or create what the setting comes from first, in a configuration of its own or with "+
				"-target.")
		return nil, diags
	}
	c.once.Do(func() {
		if c.options.Config, c.err = arm.NewConfig(c.explicit, c.getenv); c.err == nil {
			var client *arm.Client
			client, c.err = arm.NewClient(c.options)
			c.first = azure.NewReader(client, c.now)
		}
	})
	if c.err != nil {
		diags.AddError(wrongSetting, sentence(c.err.Error()))
		return nil, diags
	}
	return c.first.Anew(), diags
}
