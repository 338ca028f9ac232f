package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

const im1Title = "Use centralized identity and authentication system"

var azureADAuthentication = Feature{
	ID: "IM-1/azure-ad-authentication", Control: "IM-1", ControlTitle: im1Title,
	Title:          "Azure AD Authentication Required for Data Plane Access",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists Microsoft Entra authentication as something the service lacks.",
		Why: "That is how it stood in February 2023. The service has offered Microsoft Entra authentication on all tiers since May " +
			"2024; advisory/entra-authentication and advisory/access-keys-disabled judge it.",
		Remediation: "nothing to configure for the article; see advisory/entra-authentication",
		Property:    `properties.redisConfiguration["aad-enabled"]`, APIVersion: "2023-05-01-preview",
		References: []Reference{refArticle, refEntra},
	},
	Check: unsupported("the article lists it as not supported; the service offers Microsoft Entra authentication since 2024, see " +
		"advisory/entra-authentication"),
}

var localAuthenticationMethods = Feature{
	ID: "IM-1/local-authentication-methods", Control: "IM-1", ControlTitle: im1Title,
	Title:          "Local Authentication Methods for Data Plane Access",
	Responsibility: Microsoft, Supported: true, Default: true, Severity: report.High,
	Documentation: Documentation{
		Summary: "Clients must authenticate: authentication is never switched off.",
		Why: "A cache without authentication answers whoever reaches its port. The service permits that only inside a virtual " +
			"network, where one compromised host is then enough. Access keys count as authentication here; advisory/access-keys-disabled asks " +
			"for more.",
		Remediation: `remove authentication_enabled = false from redis_configuration (azapi: remove redisConfiguration.authnotrequired)`,
		Good: `redis_configuration {
  active_directory_authentication_enabled = true
}`,
		Bad: `redis_configuration {
  authentication_enabled = false
}`,
		Property: "properties.redisConfiguration.authnotrequired", APIVersion: "2020-12-01",
		References: []Reference{refArticle, refConfig},
		Peers: []Peer{
			{"SonarQube", "S6380", "knows the name that azurerm 4 removed, enable_authentication, only"},
			{"Mondoo", "auth-required", "objects to configuration without a block redis_configuration"},
			{"CodeQL", "bicep/redis-no-auth", ""},
		},
	},
	Check: checkLocalAuthentication,
}

func checkLocalAuthentication(c *posture.Cache) Verdict {
	required := c.AuthenticationRequired.OrDefault(true)
	switch posture.Is(required, true) {
	case posture.True:
		return compliant("clients must authenticate", evidence(required))
	case posture.False:
		return violated("authentication is switched off", "lets clients in without authentication", evidence(required))
	}
	if c.Injected() == posture.False {
		return compliant("clients must authenticate: authentication can be switched off in a virtual network only", evidence(required),
			evidence(c.SubnetID))
	}
	return undecided(required.Why(), hidden("whether clients must authenticate is not known", required.Source.Detail), evidence(required),
		evidence(c.SubnetID))
}

// unsupported is the check of a feature that the article says the service lacks.
func unsupported(message string) func(*posture.Cache) Verdict {
	return func(*posture.Cache) Verdict {
		return Verdict{Status: report.NotSupported, Message: message}
	}
}
