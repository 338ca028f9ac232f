package tfconfig

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// backend is where a configuration keeps its state, as a terraform block says.
type backend struct {
	rng hcl.Range
	typ string // cloud for a block of that name
	// workspace is the only one of a cloud block; empty where it allows others.
	workspace string
}

// hosted reports whether runs take place, or may, where variables are set that are not
// seen here: in HCP Terraform or Terraform Enterprise.
func (b *backend) hosted() bool { return b != nil && (b.typ == "cloud" || b.typ == "remote") }

// backendOf is the backend of a terraform block; nil where it has none.
func backendOf(body hcl.Body) *backend {
	content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "backend", LabelNames: []string{"type"}}, {Type: "cloud"}}})
	if content == nil || len(content.Blocks) == 0 {
		return nil
	}
	b := content.Blocks[0]
	out := &backend{rng: b.DefRange, typ: "cloud"}
	if len(b.Labels) > 0 {
		out.typ = b.Labels[0]
		return out
	}
	for _, w := range blocks(b.Body, "workspaces") {
		if a := attribute(w.Body, "name"); a != nil {
			out.workspace, _ = literal(a.Expr)
		}
	}
	return out
}

// InWorkspace is the configuration in a workspace; empty for one that is not known.
func (c *Configuration) InWorkspace(name string) *Configuration {
	out := *c
	out.workspace = name
	return &out
}

// Open is the configuration whatever the root variables and the workspace are: no value of
// them is known, defaults do not count.
func (c *Configuration) Open() *Configuration {
	out := c.InWorkspace("")
	out.open = true
	return out
}

// Workspace is the workspace in which a root module is, given the values of TF_WORKSPACE and
// TF_DATA_DIR; empty where it is not known. It is the only one that a cloud block names, else
// that of TF_WORKSPACE, else the one that `terraform workspace select` selected. With the
// backend remote, what terraform.workspace is depends on where Terraform runs.
func (c *Configuration) Workspace(environment, dataDir string) string {
	b := c.root.backend
	if b != nil && b.typ == "remote" {
		return ""
	}
	if b != nil && b.workspace != "" {
		return b.workspace
	}
	return cmp.Or(environment, selectedWorkspace(c.dir, dataDir))
}

// selectedWorkspace is the one that `terraform workspace select` selected in a directory.
func selectedWorkspace(dir, dataDir string) string {
	data, err := readRegular(filepath.Join(inDataDir(dir, dataDir), "environment"), "environment")
	if err != nil || notText(data) >= 0 {
		return ""
	}
	return strings.TrimSpace(string(data))
}
