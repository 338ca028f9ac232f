package baseline

import (
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

var dataInTransitEncryption = &Rule{
	ID: "DP-3/data-in-transit-encryption",
	Documentation: Documentation{
		Summary: "The non-TLS port is off and clients need at least TLS 1.2.",
		Why: "On port 6379 keys and data cross the network in clear. TLS 1.0 and 1.1 are broken and on their way out of Azure. The " +
			"service's own defaults are right; this rule finds where a configuration undoes them, under any name the azurerm provider has used " +
			"for it.",
		Good: `resource "azurerm_redis_cache" "example" {
  non_ssl_port_enabled = false
  minimum_tls_version  = "1.2"
  # ...
}`,
		Bad: `resource "azurerm_redis_cache" "example" {
  non_ssl_port_enabled = true
  minimum_tls_version  = "1.0"
  # ...
}`,
		Property: "properties.enableNonSslPort, properties.minimumTlsVersion", APIVersion: "2018-03-01",
		References: []Reference{refConfig, refTLS},
		Policies: []Policy{
			{"22bee202-a82f-4305-9a2a-6d7f44d4dedb", "does not look at the TLS version"},
			{"766f5de3-c6c0-4327-9f4d-042ab8ae846c", "switches the port off; does not look at the TLS version"},
		},
		Peers: []Peer{
			{"Checkov", "CKV_AZURE_91", oldPortOnly},
			{"Checkov", "CKV_AZURE_148", "looks at the TLS version only, and accepts nothing but 1.2 that is written out"},
			{"KICS", "e29a75e6", oldPortOnly},
			{"KICS", "e22e5620", "looks at the TLS version only, and accepts nothing but 1.2 that is written out"},
			{"Terrascan", "AC_AZURE_0394", oldPortOnly},
			{"PSRule", "Azure.Redis.NonSslPort (AZR-000163)", "looks at the port only, which has to be switched off in writing"},
			{"PSRule", "Azure.Redis.MinTLS (AZR-000164)", "looks at the TLS version only, which has to be written out"},
			{"Semgrep", "azure-redis-cache-enable-non-ssl-port", oldPortOnly},
			{"Prancer", "PR-AZR-TRF-ARC-001", oldPortOnly},
			{"Prancer", "PR-AZR-TRF-ARC-007", "looks at the TLS version only"},
			{"Template Analyzer", "TA-000022", "looks at the port only"},
		},
	},
	Remedies: []Remedy{{
		Part:     "port",
		Azurerm:  `set non_ssl_port_enabled = false`,
		Azurerm3: `set {port} = false`,
		Azapi:    `set properties.enableNonSslPort = false inside body`,
		Az:       `az resource patch {resource} --properties '{"enableNonSslPort":false}'`,
		Set:      nonTLSPortOff,
	}, {
		Part:    "version",
		Azurerm: `set minimum_tls_version = "1.2"`,
		Azapi:   `set properties.minimumTlsVersion = "1.2" inside body`,
		Az:      `az resource patch {resource} --properties '{"minimumTlsVersion":"1.2"}'`,
		Set:     tlsVersion,
	}},
	Check: checkDataInTransit,
}

func checkDataInTransit(c *posture.Cache) Verdict {
	port := c.NonTLSPort.OrDefault(false)
	return checkTLS(cleartext{
		on: port, evidence: evidence(port), part: "port",
		isOn: "the non-TLS port is on", isOff: "the non-TLS port is off, and TLS 1.0 and 1.1 are refused",
		notKnown: "whether the non-TLS port is on is not known",
	}, c.MinimumTLSVersion.OrDefault("1.2"))
}

// cleartext is a setting that lets clients connect without TLS.
type cleartext struct {
	on                    posture.Value[bool]
	evidence              report.Evidence
	part                  string
	isOn, isOff, notKnown string // messages
}

func checkTLS(setting cleartext, tls posture.Value[string]) Verdict {
	ev := []report.Evidence{setting.evidence, evidence(tls)}

	var messages, headlines, parts, decisive []string
	var against []report.Evidence // of the facts that violate
	if posture.Is(setting.on, true) == posture.True {
		messages, headlines = append(messages, setting.isOn), append(headlines, "accepts connections without TLS")
		parts, decisive = append(parts, setting.part), append(decisive, setting.on.Source.Path)
		against = append(against, setting.evidence)
	}
	if posture.Is(posture.Map(tls, oldTLS), true) == posture.True {
		old := shown(tls, tls.V, "older than 1.2")
		messages, headlines = append(messages, "the minimum TLS version is "+old), append(headlines, "accepts TLS "+old)
		parts, decisive = append(parts, "version"), append(decisive, tls.Source.Path)
		against = append(against, evidence(tls))
	}
	switch {
	case len(messages) > 0:
		return violated(strings.Join(messages, " and "), strings.Join(headlines, " and "), against...).about(decisive...).part(parts...)
	case setting.on.IsUnknown():
		return notKnown(setting.on, setting.notKnown, ev...).about(setting.on.Source.Path)
	case tls.IsUnknown():
		return notKnown(tls, "the minimum TLS version is not known", ev...).about(tls.Source.Path)
	}
	return compliant(setting.isOff, ev...)
}

// oldTLS reports whether one of the documented minimum versions is older than 1.2.
func oldTLS(s string) bool { return s == "1.0" || s == "1.1" }
