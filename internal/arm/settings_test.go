package arm

import (
	"strings"
	"testing"
)

func environment(m map[string]string) func(string) string {
	return func(k string) string { return m[k] }
}

func TestConfig_ConfigurationBeforeEnvironmentBeforeDefault(t *testing.T) {
	tests := []struct {
		name     string
		explicit map[string]string
		env      map[string]string
		setting  string
		want     string
		origin   string
	}{
		{"default", nil, nil, UseCLI, "true", "the default"},
		{"environment", nil, map[string]string{"ARM_USE_CLI": "false"}, UseCLI, "false", "environment variable ARM_USE_CLI"},
		{"configuration", map[string]string{UseCLI: "true"}, map[string]string{"ARM_USE_CLI": "false"}, UseCLI, "true", "the configuration"},
		{"ARM before AZURE", nil, map[string]string{"ARM_TENANT_ID": "a", "AZURE_TENANT_ID": "b"}, TenantID, "a",
			"environment variable ARM_TENANT_ID"},
		{"AZURE where there is no ARM", nil, map[string]string{"AZURE_TENANT_ID": "b"}, TenantID, "b", "environment variable AZURE_TENANT_ID"},
		{"empty counts as not set", nil, map[string]string{"ARM_TENANT_ID": "", "AZURE_TENANT_ID": "b"}, TenantID, "b",
			"environment variable AZURE_TENANT_ID"},
		{"federated token file", nil, map[string]string{"AZURE_FEDERATED_TOKEN_FILE": "/f"}, OIDCTokenFilePath, "/f",
			"environment variable AZURE_FEDERATED_TOKEN_FILE"},
		{"GitHub", nil, map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "https://g"}, OIDCRequestURL, "https://g",
			"environment variable ACTIONS_ID_TOKEN_REQUEST_URL"},
		{"Azure DevOps", nil, map[string]string{"SYSTEM_OIDCREQUESTURI": "https://d"}, OIDCRequestURL, "https://d",
			"environment variable SYSTEM_OIDCREQUESTURI"},
		{"Azure DevOps token", nil, map[string]string{"SYSTEM_ACCESSTOKEN": "x"}, OIDCRequestToken, "x",
			"environment variable SYSTEM_ACCESSTOKEN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := NewConfig(tt.explicit, environment(tt.env))
			if err != nil {
				t.Fatal(err)
			}
			if c.String(tt.setting) != tt.want || c.Origin(tt.setting) != tt.origin {
				t.Errorf("%s = %q from %s, want %q from %s", tt.setting, c.String(tt.setting), c.Origin(tt.setting), tt.want, tt.origin)
			}
		})
	}
}

func TestConfig_Refused(t *testing.T) {
	for name, explicit := range map[string]map[string]string{
		"neither true nor false": {UseOIDC: "maybe"},
		"there is no setting":    {"use_magic": "true"},
	} {
		if _, err := NewConfig(explicit, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v, want an error that says %q", explicit, err, name)
		}
	}
}

func TestSettings_Complete(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings() {
		if seen[s.Name] || s.Description == "" || len(s.Env) == 0 {
			t.Errorf("%s: twice, without description or without environment variable", s.Name)
		}
		seen[s.Name] = true
		if secret := strings.HasSuffix(s.Name, "secret") || strings.HasSuffix(s.Name, "password") || strings.HasSuffix(s.Name, "_token") ||
			s.Name == ClientCertificate; secret != s.Sensitive {
			t.Errorf("%s: sensitive is %v", s.Name, s.Sensitive)
		}
	}
}

func TestCloud(t *testing.T) {
	tests := []struct {
		name     string
		explicit map[string]string
		endpoint string
		err      string
	}{
		{"public", nil, "https://management.azure.com", ""},
		{"usgovernment", map[string]string{Environment: "usgovernment"}, "https://management.usgovcloudapi.net", ""},
		{"china", map[string]string{Environment: "china"}, "https://management.chinacloudapi.cn", ""},
		{"custom", map[string]string{Environment: "custom", ResourceManagerEndpoint: "https://arm.example.test/"}, "https://arm.example.test",
			""},
		{"custom without endpoint", map[string]string{Environment: "custom"}, "", "needs resource_manager_endpoint"},
		{"unknown", map[string]string{Environment: "moon"}, "", "none of public, usgovernment, china and custom"},
		{"misspelt", map[string]string{Environment: "usgoverment"}, "", "custom; did you mean usgovernment?"},
		{"http endpoint", map[string]string{Environment: "custom", ResourceManagerEndpoint: "http://localhost:8080"}, "", "https only"},
		{"http endpoint in a public cloud", map[string]string{ResourceManagerEndpoint: "http://localhost:8080"}, "", "https only"},
		{"http authority", map[string]string{AuthorityHost: "http://login.example.test"}, "", "https only"},
		{"credentials in the address", map[string]string{ResourceManagerEndpoint: "https://a:b@arm.example.test"}, "", "user name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config, err := NewConfig(tt.explicit, nil)
			if err != nil {
				t.Fatal(err)
			}
			client, err := NewClient(Options{Config: config})
			switch {
			case tt.err != "":
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want one that says %q", err, tt.err)
				}
			case err != nil:
				t.Error(err)
			case client.endpoint.String() != tt.endpoint:
				t.Errorf("endpoint %s, want %s", client.endpoint, tt.endpoint)
			}
		})
	}
}
