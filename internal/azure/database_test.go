package azure

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/arm"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/service"
)

const (
	keyReader  = "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
	databaseID = "/subscriptions/" + sub + "/resourceGroups/rg/providers/Microsoft.Cache/redisEnterprise/managed/databases/default"
)

var theDatabase = regexp.MustCompile(`(?i)/databases/default$`)

// fact is what a fact says of itself: its value, unset, or why it is unknown.
func fact[T any](v posture.Value[T]) any {
	switch {
	case v.IsUnset():
		return "unset"
	case v.IsUnknown():
		return v.Why()
	default:
		return v.V
	}
}

// A cache with all that it can have is read with its database, and what stands
// around the two.
func TestRead_Managed(t *testing.T) {
	d := open(t, armtest.Options{})
	id := d.fake.PutManagedCache(armtest.ManagedCache{
		Properties: object{"publicNetworkAccess": "Disabled", "encryption": object{"customerManagedKeyEncryption": object{
			"keyEncryptionKeyUrl": "https://kv1.vault.azure.net/keys/k1/1",
			"keyEncryptionKeyIdentity": object{"identityType": "userAssignedIdentity",
				"userAssignedIdentityResourceId": keyReader}}}},
		Identity: object{"type": "UserAssigned", "userAssignedIdentities": object{keyReader: object{}}},
		Database: object{"persistence": object{"rdbEnabled": true, "rdbFrequency": "6h"}, "clientProtocol": "Plaintext",
			"accessKeysAuthentication": "Enabled", "modules": []any{object{"name": "RedisJSON"}}},
		Children: map[string]object{
			"databases/default/accessPolicyAssignments/app": {"accessPolicyName": "default", "user": object{"objectId": "1"}},
			"privateEndpointConnections/pe":                 {"privateLinkServiceConnectionState": object{"status": "Approved"}},
			"databases/default/" + logsPath: {"workspaceId": "/w",
				"logs": []any{object{"categoryGroup": "allLogs", "enabled": true}}},
			logsPath: {"workspaceId": "/w",
				"metrics": []any{object{"category": "AllMetrics", "enabled": true}}},
		},
	})
	c, err := d.reader.Read(t.Context(), id)
	if err != nil || len(c.MissingActions) > 0 {
		t.Fatal(err, c)
	}
	for name, pair := range map[string][2]any{
		"SKU":           {fact(c.SKU), "Balanced_B5"},
		"public":        {fact(c.PublicNetworkAccess), false},
		"key":           {fact(c.CustomerManagedKey), true},
		"key reader":    {fact(c.KeyIdentity), keyReader},
		"database":      {fact(c.HasDatabase), true},
		"protocol":      {fact(c.ClientProtocol), "Plaintext"},
		"access keys":   {fact(c.AccessKeyAuthentication), true},
		"RDB":           {fact(c.RDBBackup), true},
		"AOF":           {fact(c.AOFBackup), "unset"},
		"group":         {fact(c.GeoReplicationGroup), "unset"},
		"replicas":      {fact(c.GeoReplicas), "unset"},
		"endpoints":     {len(c.PrivateEndpoints.Items), 1},
		"settings":      {len(c.DiagnosticSettings.Items), 1}, // that of the database only
		"assignments":   {len(c.AccessPolicyAssignments.Items), 1},
		"evidence":      {c.AccessKeyAuthentication.Source.Path, "databases/default.properties.accessKeysAuthentication"},
		"high availabi": {fact(c.HighAvailability), true},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
	if !slices.Equal(c.Identities.V, []string{keyReader}) || !slices.Equal(c.Modules.V, []string{"RedisJSON"}) {
		t.Errorf("identities %v, modules %v", c.Identities.V, c.Modules.V)
	}
	if a := c.AccessPolicyAssignments.Items[0]; fact(a.PolicyName) != "default" || !a.Permissions.IsUnset() {
		t.Errorf("%+v", a)
	}
	if s := c.DiagnosticSettings.Items[0]; !strings.Contains(s.Address, "/databases/default/") {
		t.Errorf("%+v", s)
	}
}

// Settings on the cluster are read where its database has none, and marked.
func TestRead_ClusterSettings(t *testing.T) {
	const action = "Microsoft.Insights/diagnosticSettings/read"
	d := open(t, armtest.Options{})
	id := d.fake.PutManagedCache(armtest.ManagedCache{Database: object{}, Children: map[string]object{
		logsPath: {"workspaceId": "/w", "metrics": []any{object{"category": "AllMetrics", "enabled": true}}},
	}})
	c, err := d.reader.Read(t.Context(), id)
	if err != nil || len(c.DiagnosticSettings.Items) != 1 || !c.DiagnosticSettings.Items[0].OnCluster || !c.DiagnosticSettings.Observed {
		t.Fatalf("%v, %+v", err, c.DiagnosticSettings)
	}
	// No verdict needs them.
	d.fake.Deny(regexp.MustCompile(`(?i)/managed/providers/Microsoft.Insights/diagnosticSettings$`), action)
	if c, err = d.reader.Anew().Read(t.Context(), id); err != nil || len(c.DiagnosticSettings.Items) > 0 || !c.DiagnosticSettings.Observed ||
		len(c.MissingActions) > 0 {
		t.Errorf("denied: %v, %+v", err, c.DiagnosticSettings)
	}
}

// A cluster that was made with an older api-version, without what it may leave out.
func TestRead_ManagedWithout(t *testing.T) {
	d := open(t, armtest.Options{})
	c, err := d.reader.Read(t.Context(), d.fake.PutManagedCache(armtest.ManagedCache{Database: object{}}))
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]any{
		"public": fact(c.PublicNetworkAccess), "key": fact(c.CustomerManagedKey), "key reader": fact(c.KeyIdentity),
		"identities": fact(c.Identities), "RDB": fact(c.RDBBackup), "AOF": fact(c.AOFBackup), "group": fact(c.GeoReplicationGroup),
	} {
		if got != "unset" {
			t.Errorf("%s: %v", name, got)
		}
	}
	if fact(c.AccessKeyAuthentication) != false || !c.PrivateEndpoints.Observed || !c.DiagnosticSettings.Observed ||
		!c.AccessPolicyAssignments.Observed {
		t.Errorf("%+v", c)
	}
}

// What an answer leaves out without a documented meaning is unknown, and so is all
// of a cluster or a database that is returned without properties.
func TestRead_ManagedUnknown(t *testing.T) {
	without := func(id, properties string) []byte { return []byte(`{"id":"` + id + `","name":"x"` + properties + `}`) }
	for name, tt := range map[string]struct {
		fault armtest.Fault
		facts func(*posture.Cache) []any
		want  any
	}{
		"no access keys": {armtest.Fault{Path: theDatabase, Body: without(databaseID, `,"properties":{"clientProtocol":"Encrypted"}`)},
			func(c *posture.Cache) []any { return []any{fact(c.AccessKeyAuthentication)} }, posture.ReasonNotObserved},
		"an odd word": {armtest.Fault{Path: theDatabase, Body: without(databaseID, `,"properties":{"accessKeysAuthentication":"Perhaps"}`)},
			func(c *posture.Cache) []any { return []any{c.AccessKeyAuthentication.IsUnknown()} }, true},
		"a database without properties": {armtest.Fault{Path: theDatabase, Body: without(databaseID, "")},
			func(c *posture.Cache) []any {
				return []any{fact(c.AccessKeyAuthentication), fact(c.ClientProtocol), fact(c.RDBBackup), fact(c.GeoReplicas)}
			}, posture.ReasonNotObserved},
		"a cluster without properties": {armtest.Fault{Path: regexp.MustCompile(`(?i)/managed$`),
			Body: without(strings.TrimSuffix(databaseID, "/databases/default"), "")},
			func(c *posture.Cache) []any {
				return []any{fact(c.PublicNetworkAccess), fact(c.MinimumTLSVersion), fact(c.CustomerManagedKey), fact(c.SKU)}
			}, posture.ReasonNotObserved},
		"null for access from the internet": {armtest.Fault{Path: regexp.MustCompile(`(?i)/managed$`),
			Body: without(strings.TrimSuffix(databaseID, "/databases/default"), `,"properties":{"publicNetworkAccess":null,"encryption":null}`)},
			func(c *posture.Cache) []any { return []any{fact(c.PublicNetworkAccess), fact(c.CustomerManagedKey)} }, "unset"},
		"a key without a URL": {armtest.Fault{Path: regexp.MustCompile(`(?i)/managed$`),
			Body: without(strings.TrimSuffix(databaseID, "/databases/default"),
				`,"properties":{"encryption":{"customerManagedKeyEncryption":{}}}`)},
			func(c *posture.Cache) []any { return []any{fact(c.CustomerManagedKey)} }, "unset"},
	} {
		d := open(t, armtest.Options{})
		id := d.fake.PutManagedCache(armtest.ManagedCache{Database: object{}})
		tt.fault.Times = -1
		d.fake.Inject(tt.fault)
		c, err := d.reader.Read(t.Context(), id)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, got := range tt.facts(c) {
			if got != tt.want {
				t.Errorf("%s: fact %d is %v, want %v", name, i, got, tt.want)
			}
		}
	}
}

// A cluster without a database is no error; what only a database has stays
// unknown, and is not asked for.
func TestRead_NoDatabase(t *testing.T) {
	d := open(t, armtest.Options{})
	c, err := d.reader.Read(t.Context(), d.fake.PutManagedCache(armtest.ManagedCache{}))
	if err != nil || !c.HasDatabase.IsUnset() || len(c.MissingActions) > 0 {
		t.Fatal(err, fact(c.HasDatabase))
	}
	if fact(c.AccessKeyAuthentication) != posture.ReasonNotObserved || fact(c.ClientProtocol) != posture.ReasonNotObserved ||
		c.DiagnosticSettings.Observed || c.AccessPolicyAssignments.Observed || !strings.Contains(c.DiagnosticSettings.Detail, "no database") {
		t.Errorf("%+v", c)
	}
	for _, r := range d.fake.Requests() {
		if strings.Contains(r.Path, "/databases/default/") {
			t.Errorf("asked: %s", r.Path)
		}
	}
}

// A database that may not be read is unknown with the missing action.
func TestRead_DatabaseForbidden(t *testing.T) {
	const action = "Microsoft.Cache/redisEnterprise/databases/read"
	d := open(t, armtest.Options{})
	id := d.fake.PutManagedCache(armtest.ManagedCache{Database: object{}})
	d.fake.Deny(theDatabase, action)
	c, err := d.reader.Read(t.Context(), id)
	if err != nil || !slices.Equal(c.MissingActions, []string{action}) {
		t.Fatal(err, c)
	}
	for i, got := range []any{fact(c.HasDatabase), fact(c.AccessKeyAuthentication), fact(c.ClientProtocol), fact(c.RDBBackup)} {
		if got != posture.ReasonForbidden {
			t.Errorf("fact %d: %v", i, got)
		}
	}
	if !strings.Contains(c.HasDatabase.Source.Detail, action) || !c.DiagnosticSettings.Observed || fact(c.SKU) != "Balanced_B5" {
		t.Errorf("%+v", c)
	}
	d.fake.Inject(armtest.Fault{Path: theDatabase, Status: http.StatusNotFound, Body: []byte("<html>no</html>"), Times: -1})
	if c, err = d.reader.Anew().Read(t.Context(), id); err == nil || !c.HasDatabase.IsUnknown() || !c.ClientProtocol.IsUnknown() {
		t.Errorf("a proxy's 404: %v, %v", err, c)
	}
}

// The Enterprise tiers have no access policies, and what api-version 2025-07-01
// does not return of a policy is unknown.
func TestRead_ManagedAssignments(t *testing.T) {
	d := open(t, armtest.Options{})
	c, err := d.reader.Read(t.Context(), d.fake.PutManagedCache(armtest.ManagedCache{SKU: "Enterprise_E10", Database: object{}}))
	if err != nil || c.AccessPolicyAssignments.Observed || !strings.Contains(c.AccessPolicyAssignments.Detail, "Enterprise") ||
		service.OfCache(c) != service.Enterprise {
		t.Errorf("%v, %+v", err, c)
	}
	c, err = d.reader.Read(t.Context(), d.fake.PutManagedCache(armtest.ManagedCache{Database: object{}, Children: map[string]object{
		"databases/default/accessPolicyAssignments/app": {"accessPolicyName": "custom", "user": object{"objectId": "1"}}}}))
	if err != nil || len(c.AccessPolicyAssignments.Items) != 1 || !c.AccessPolicyAssignments.Items[0].Permissions.IsUnknown() {
		t.Errorf("%v, %+v", err, c)
	}
}

// A cluster that is deleted while its database is read is gone.
func TestRead_ManagedGone(t *testing.T) {
	var d *door
	id := ""
	d = open(t, armtest.Options{Before: func(r *http.Request) {
		if theDatabase.MatchString(r.URL.Path) {
			d.fake.Remove(id)
		}
	}})
	id = d.fake.PutManagedCache(armtest.ManagedCache{Database: object{}})
	if c, err := d.reader.Read(t.Context(), id); c != nil || !arm.IsGone(err, id) {
		t.Errorf("%v, %v", c, err)
	}
}
