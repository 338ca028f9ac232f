package baseline

import (
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
)

// authenticationOn is what to write where authentication is switched off.
var authenticationOn = []Remedy{{
	Azurerm:  `remove authentication_enabled = false inside redis_configuration`,
	Azurerm3: `remove authentication_enabled = false, also written enable_authentication, inside redis_configuration`,
	Azapi:    `remove authnotrequired inside body.properties.redisConfiguration`,
	Az:       `az resource patch {resource} --properties '{"redisConfiguration":{"authnotrequired":"false"}}'`,
	Set:      authenticationRequired,
}}

var localAuthenticationMethods = &Rule{
	ID: "IM-1/local-authentication-methods",
	Documentation: Documentation{
		Summary: "Clients must authenticate: authentication is never switched off.",
		Why: "A cache without authentication answers whoever reaches its port. The service permits that only inside a virtual " +
			"network, where one compromised host is then enough. Access keys count as authentication here; advisory/access-keys-disabled asks " +
			"for more.",
		Good: `redis_configuration {
  active_directory_authentication_enabled = true
}`,
		Bad: `redis_configuration {
  authentication_enabled = false
}`,
		Property: "properties.redisConfiguration.authnotrequired", APIVersion: "2020-12-01",
		References: []Reference{refConfig},
		Peers: []Peer{
			{"SonarQube", "S6380", "knows the name that azurerm 4 removed, enable_authentication, only"},
			{"Mondoo", "auth-required", "objects to configuration without a block redis_configuration"},
			{"CodeQL", "bicep/redis-no-auth", ""},
		},
	},
	Remedies: authenticationOn,
	Check:    checkLocalAuthentication,
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
	return notKnown(required, "whether clients must authenticate is not known", evidence(required),
		evidence(c.SubnetID))
}
