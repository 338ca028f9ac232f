package baseline

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/posture"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"
)

// managedEncrypted is what to write where clients connect without TLS.
var managedEncrypted = Remedy{
	Azurerm:    `set client_protocol = "Encrypted" inside default_database`,
	Enterprise: `set client_protocol = "Encrypted" in the azurerm_redis_enterprise_database, which replaces it`,
	Azapi:      `set properties.clientProtocol = "Encrypted" inside body of the database`,
	Az:         patchDatabase(`{"clientProtocol":"Encrypted"}`),
	Set:        clientsEncrypted,
}

var managedTransit = &Rule{
	ID: "DP-3/data-in-transit-encryption",
	Documentation: Documentation{
		Summary: "Clients connect with TLS, of version 1.2 at least.",
		Why: "The database listens on one port, 10000, in one of two modes. Plaintext sends keys and data in clear. The minimum version is 1.2 " +
			"unless azurerm_redis_enterprise_cluster or a body lowers it.",
		Good: `default_database {
  client_protocol = "Encrypted"
}`,
		Bad: `default_database {
  client_protocol = "Plaintext"
}`,
		Property: "databases/default: properties.clientProtocol; properties.minimumTlsVersion", APIVersion: "2020-10-01-preview",
		References: []Reference{refManagedTLS},
		Peers: []Peer{
			{"azqr", "redis-018", "is not automated"},
			{"SonarQube", "S5332", "compares with PLAINTEXT, which azurerm never writes"},
			{"PSRule", "Azure.RedisEnterprise.MinTLS (AZR-000301)", "looks at the TLS version only, which has to be written out"},
		},
	},
	Remedies: []Remedy{managedEncrypted.of("protocol"), {
		Part:       "version",
		Azurerm:    `nothing to write: azurerm always sends 1.2`,
		Enterprise: `set minimum_tls_version = "1.2", which replaces the cluster`,
		Azapi:      `set properties.minimumTlsVersion = "1.2" inside body of the cluster`,
		Az:         patchCluster(`{"minimumTlsVersion":"1.2"}`),
		Set:        tlsVersion,
	}},
	Check: func(c *posture.Cache) Verdict {
		v := checkTLS(cleartext{
			on: plaintext(c), evidence: evidence(c.ClientProtocol.OrDefault("Encrypted")), part: "protocol",
			isOn: "clients connect in plaintext", isOff: "clients connect with TLS, and TLS 1.0 and 1.1 are refused",
			notKnown: "whether clients connect in plaintext is not known",
		}, c.MinimumTLSVersion.OrDefault("1.2"))
		// An old minimum TLS version of the cluster counts without a database too, and
		// nothing else does.
		if hasDatabase(c) == posture.False && v.Status != report.NonCompliant {
			return withoutDatabase(c)
		}
		return v
	},
}

// plaintext returns whether clients connect without TLS.
func plaintext(c *posture.Cache) posture.Value[bool] {
	return posture.Map(c.ClientProtocol.OrDefault("Encrypted"), func(s string) bool { return strings.EqualFold(s, "Plaintext") })
}

var managedPlatformKeys = &Rule{
	ID: "DP-4/platform-key-encryption",
	Documentation: Documentation{
		Summary: "The platform encrypts data at rest with its own keys.",
		Why: "Azure does this by itself for the disks of every size, and no property switches it. Memory, and the local disks of the Flash " +
			"sizes, never take a key of the customer.",
		References: []Reference{refManagedDisk},
	},
	Remedies: []Remedy{{Any: `nothing to configure`}},
	Check:    platformKeyEncryption.Check,
}

// managedKey is what to write for a customer-managed key.
var managedKey = []Remedy{{
	Azurerm: `add customer_managed_key { key_vault_key_id = var.key_id, user_assigned_identity_id = var.identity_id }, written as a block, ` +
		`and the same identity in identity_ids inside identity`,
	Enterprise: moveTo(`add customer_managed_key, and the same identity in identity_ids inside identity`),
	Azapi: `set properties.encryption.customerManagedKeyEncryption with keyEncryptionKeyUrl and a keyEncryptionKeyIdentity inside body, and ` +
		`the same identity in an identity block`,
	Az: `az redisenterprise update --cluster-name {name} {group} --key-encryption-key-url "$KEY_URL" ` +
		`--key-encryption-identity-type userAssignedIdentity --key-encryption-identity-resource-id "$IDENTITY_ID" ` +
		`--assigned-identities "$IDENTITY_ID"`,
}}

var managedCustomerKey = &Rule{
	ID: "DP-5/customer-managed-key-encryption",
	Documentation: Documentation{
		Summary: "Where a key of the customer encrypts the disks, the configuration says so.",
		Why: "The platform's keys encrypt in any case; a key of one's own is a choice, which advisory/customer-managed-key looks at. An empty " +
			"customerManagedKeyEncryption is none. Changing between the two is a long operation that disturbs clients.",
		Good: `customer_managed_key {
  key_vault_key_id          = azurerm_key_vault_key.example.id
  user_assigned_identity_id = azurerm_user_assigned_identity.example.id
}`,
		Bad:      `# customer_managed_key is not required`,
		Property: "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl", APIVersion: "2022-11-01-preview",
		References: []Reference{refManagedDisk},
		Policies:   []Policy{{"09aa11bb-87ec-409f-bf0b-49b7c1561a87", "demands a key, and passes one that is empty"}},
		Peers:      []Peer{{"Mondoo", "redis-cmk-encryption", "demands a key, and looks at azurerm only"}},
	},
	Remedies: managedKey,
	Check: func(c *posture.Cache) Verdict {
		return byCustomerKey(c, notApplicable("platform keys encrypt the disks, and a key of one's own is a choice"))
	},
}

// byCustomerKey is the verdict on whether there is a customer-managed key; none is the one
// without it.
func byCustomerKey(c *posture.Cache, none Verdict) Verdict {
	key := c.CustomerManagedKey.OrDefault(false)
	return byFact(key, posture.Is(key, true), compliant("a customer-managed key encrypts the disks"), none,
		"whether a customer-managed key is configured is not known")
}

var managedKeyVault = &Rule{
	ID: "DP-6/key-vault-key-management",
	Documentation: Documentation{
		Summary: "A user-assigned identity of the cluster reads the customer-managed key from Key Vault.",
		Why: "Only a user-assigned identity can reach the key, and it has to be one of the cluster's: otherwise Azure Resource Manager refuses " +
			"the cluster. It needs the role Key Vault Crypto Service Encryption User, and the vault soft delete and purge protection.",
		Good: `identity {
  type         = "UserAssigned"
  identity_ids = [azurerm_user_assigned_identity.example.id]
}

customer_managed_key {
  key_vault_key_id          = azurerm_key_vault_key.example.id
  user_assigned_identity_id = azurerm_user_assigned_identity.example.id
}`,
		Bad: `identity {
  type = "SystemAssigned"
}

customer_managed_key {
  # ...
}`,
		Property: "properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyIdentity", APIVersion: "2022-11-01-preview",
		References: []Reference{refManagedDisk},
	},
	Remedies: managedKey,
	Check:    checkManagedKeyIdentity,
}

func checkManagedKeyIdentity(c *posture.Cache) Verdict {
	key := c.CustomerManagedKey.OrDefault(false)
	switch posture.Is(key, true) {
	case posture.False:
		return notApplicable("without a customer-managed key there is none to manage", evidence(key))
	case posture.Maybe:
		return notKnown(key, "whether a customer-managed key is configured is not known", evidence(key))
	}
	reader, identities := c.KeyIdentity, c.Identities.OrDefault(nil)
	ev := []report.Evidence{evidence(reader), evidence(identities)}
	switch {
	case identities.IsKnown() && len(identities.V) == 0:
		return violated("a customer-managed key is set, and the cluster has no user-assigned identity to read it",
			"has no identity that reads its key", ev...)
	case reader.IsUnset():
		return violated("a customer-managed key is set, and no user-assigned identity is named to read it",
			"has no identity that reads its key", ev...)
	case identities.IsUnknown():
		return notKnown(identities, "the user-assigned identities of the cluster are not known", ev...)
	case reader.IsUnknown():
		return notKnown(reader, "the identity that reads the key is not known", ev...)
	case slices.ContainsFunc(identities.V, func(id string) bool { return strings.EqualFold(id, reader.V) }):
		return compliant("a user-assigned identity of the cluster reads the key from Key Vault", ev...)
	case !isID(reader.V) || slices.ContainsFunc(identities.V, func(id string) bool { return !isID(id) }):
		// A reference proves that two identities are one, and never that they differ.
		return undecided(posture.ReasonKnownAfterApply,
			"whether the identity that is to read the key is one of the cluster's is not known", ev...)
	default:
		return violated("the identity that is to read the customer-managed key is none of the cluster's",
			"has no identity that reads its key", ev...)
	}
}

// isID reports whether a text is an id of Azure Resource Manager, and not a reference to
// a resource whose id is known after apply.
func isID(text string) bool { return strings.HasPrefix(text, "/") }

var managedCustomerKeyAdvisory = &Rule{
	ID: "advisory/customer-managed-key", Title: "Customer-managed key", Severity: report.Info,
	Documentation: Documentation{
		Summary: "A key of the customer encrypts the disks.",
		Why: "Rules of an industry may ask for a key that the customer can withdraw. The platform's keys encrypt as well, so that this is a " +
			"hint and no more.",
		Good: `customer_managed_key {
  # ...
}`,
		Bad:      `# no customer_managed_key`,
		Property: "properties.encryption.customerManagedKeyEncryption", APIVersion: "2022-11-01-preview",
		References: []Reference{refManagedDisk},
		Policies:   []Policy{{"09aa11bb-87ec-409f-bf0b-49b7c1561a87", "passes a key that is empty"}},
		Peers:      []Peer{{"azqr", "redis-016", ""}},
	},
	Remedies: managedKey,
	Check: func(c *posture.Cache) Verdict {
		return byCustomerKey(c, violated("no customer-managed key is configured", "encrypts its disks with keys of the platform only"))
	},
}
