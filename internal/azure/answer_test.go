package azure

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

var theCache = regexp.MustCompile(`(?i)/redis/cache$`)

// An answer without the resource that was asked for is no resource without facts.
func TestRead_AnswerAboutNothing(t *testing.T) {
	for name, body := range map[string]string{
		"empty object": `{}`, "null": `null`, "without id": `{"name":"cache","properties":{}}`,
		"another id": `{"id":"/subscriptions/` + sub + `/resourceGroups/rg/providers/Microsoft.Cache/redis/other","properties":{}}`,
		"empty":      ``,
	} {
		d := open(t, armtest.Options{})
		id := d.fake.PutCache(armtest.Cache{})
		d.fake.Inject(armtest.Fault{Path: theCache, Body: []byte(body), Times: -1})
		c, err := d.reader.Read(t.Context(), id)
		if c != nil || err == nil || strings.Contains(err.Error(), "another resource") != (name == "another id") {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
	d := open(t, armtest.Options{})
	id := d.fake.PutCache(armtest.Cache{})
	d.fake.Inject(armtest.Fault{Path: theCache, Status: http.StatusNotFound, Body: []byte("<html>no</html>"), Times: -1})
	if _, err := d.reader.Read(t.Context(), id); err == nil || arm.IsNotFound(err) || !strings.Contains(err.Error(), "proxy") ||
		strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a proxy's 404: %v", err)
	}
}
