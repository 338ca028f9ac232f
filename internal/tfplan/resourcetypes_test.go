package tfplan

import (
	"path"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

// Every resource type of every service is known as what it is. A collection that
// nothing judges has to be named here.
func TestTypesOfServices(t *testing.T) {
	notJudged := map[string]bool{service.LinkedServers: true}
	for _, s := range service.All {
		for _, name := range s.Azurerm {
			if typ := resourceTypes[name]; typ == nil || typ.kind != kindCache || typ.service != s || typ.facts == nil {
				t.Errorf("%s is not known as a cache of %s", name, s.Name)
			}
		}
		for _, c := range s.Collections {
			arm := strings.ToLower(s.Type + "/" + c.Segment)
			if notJudged[path.Base(c.Segment)] || isConnection(arm) && writtenKinds[arm] == kindEndpoint {
				continue
			}
			if typ := armTypes[arm]; typ == nil || typ.service != s {
				t.Errorf("%s is not known as a companion of %s", arm, s.Name)
			}
			if typ := resourceTypes[c.Azurerm]; c.Azurerm != "" && (typ == nil || typ.service != s || typ.kind != armTypes[arm].kind) {
				t.Errorf("%s is not known as what %s is", c.Azurerm, arm)
			}
		}
	}
}
