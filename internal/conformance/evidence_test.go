package conformance

import "strings"

// The facts in the evidence of findings, as the table names them.
const (
	publicAccess   = "public access"
	plainPort      = "non-TLS port"
	minimumTLS     = "minimum TLS"
	authentication = "authentication"
	entra          = "Entra authentication"
	accessKeys     = "access keys"
	tier           = "tier"
	capacity       = "capacity"
	inSubnet       = "subnet"
	zones          = "zones"
	allocation     = "zonal allocation"
	redisVersion   = "Redis version"
	channel        = "update channel"
	window         = "maintenance window"
	reservation    = "reserved memory"
	rdb            = "RDB"
	aof            = "AOF"
	storageAuth    = "storage authentication"
	protocol       = "client protocol"
	availability   = "high availability"
	ownKey         = "customer-managed key"
	keyReaderID    = "reader of the customer-managed key"
	database       = "database"
	geoReplication = "geo-replication"
	clustering     = "clustering policy"
	upgrade        = "deferred upgrade"

	onEndpoint   = "private endpoint"
	onGroup      = "security group"
	onDiagnostic = "diagnostic setting"
	onFirewall   = "firewall rule"
	onPolicy     = "policy assignment"
	onGrant      = "access policy assignment"
	onZoneGroup  = "DNS zone group"
	onZoneLink   = "link of a DNS zone"
	keyConsumer  = "key consumer"
)

// factPaths are the facts by the paths that the doors give them in evidence.
var factPaths = map[string]string{
	"public_network_access_enabled": publicAccess, "properties.publicNetworkAccess": publicAccess,
	"non_ssl_port_enabled": plainPort, "enable_non_ssl_port": plainPort, "properties.enableNonSslPort": plainPort,
	"minimum_tls_version": minimumTLS, "properties.minimumTlsVersion": minimumTLS,
	"redis_configuration.authentication_enabled": authentication, "redis_configuration.enable_authentication": authentication,
	"properties.redisConfiguration.authnotrequired":               authentication,
	"redis_configuration.active_directory_authentication_enabled": entra, "properties.redisConfiguration.aad-enabled": entra,
	"access_keys_authentication_enabled": accessKeys, "properties.disableAccessKeyAuthentication": accessKeys,
	"sku_name": tier, "properties.sku.name": tier, "capacity": capacity, "properties.sku.capacity": capacity,
	"subnet_id": inSubnet, "properties.subnetId": inSubnet, "zones": zones,
	"zonal_allocation_policy": allocation, "properties.zonalAllocationPolicy": allocation,
	"redis_version": redisVersion, "properties.redisVersion": redisVersion,
	"update_channel": channel, "properties.updateChannel": channel, "updateChannel": channel,
	"patch_schedule": window, "patchSchedules/default": window,
	"properties.scheduleEntries": window, "patchSchedules/default.properties.scheduleEntries": window,
	"redis_configuration.maxmemory_reserved": reservation, "properties.redisConfiguration.maxmemory-reserved": reservation,
	"redis_configuration.rdb_backup_enabled": rdb, "properties.redisConfiguration.rdb-backup-enabled": rdb,
	"redis_configuration.aof_backup_enabled": aof, "properties.redisConfiguration.aof-backup-enabled": aof,

	"private_endpoint": onEndpoint, "diagnostic_setting": onDiagnostic, "firewall_rule": onFirewall, "policy_assignment": onPolicy,
	"network_security_group_id": onGroup, "network_security_group": onGroup, "subnet.properties.networkSecurityGroup": onGroup,
	"properties.networkSecurityGroup.id": onGroup,
	"access_policy_assignment":           onGrant, "private_dns_zone_group": onZoneGroup, "virtual_network_link": onZoneLink,
	"access_key": keyConsumer,

	"public_network_access": publicAccess, "publicNetworkAccess": publicAccess,
	"accessKeysAuthentication": accessKeys, "properties.accessKeysAuthentication": accessKeys,
	"minimumTlsVersion": minimumTLS, "sku.name": tier, "client_protocol": protocol, "properties.clientProtocol": protocol,
	"high_availability_enabled": availability, "highAvailability": availability, "properties.highAvailability": availability,
	"customer_managed_key": ownKey, "properties.encryption.customerManagedKeyEncryption": ownKey, "customerManagedKeyEncryption": ownKey,
	"customer_managed_key.user_assigned_identity_id":                                                             keyReaderID,
	"properties.encryption.customerManagedKeyEncryption.keyEncryptionKeyIdentity.userAssignedIdentityResourceId": keyReaderID,
	"default_database": database, "databases/default": database,
	"persistence_redis_database_backup_frequency": rdb, "properties.persistence.rdbEnabled": rdb,
	"persistence_append_only_file_backup_frequency": aof, "properties.persistence.aofEnabled": aof,
	"geo_replication_group_name": geoReplication, "linked_database_group_nickname": geoReplication,
	"properties.geoReplication.groupNickname": geoReplication, "properties.geoReplication.linkedDatabases": geoReplication,
	"geo_replication": geoReplication, "linked_database_id": geoReplication,
	"clustering_policy": clustering, "properties.clusteringPolicy": clustering, "properties.deferUpgrade": upgrade,
}

// databasePrefixes stand before the paths of what a database has.
var databasePrefixes = []string{"default_database.", "databases/default."}

// factOf is the fact at a path of evidence; the path itself where it is not listed.
func factOf(path string) string {
	path = strings.ReplaceAll(strings.TrimPrefix(path, "body."), "[0]", "")
	for _, prefix := range databasePrefixes {
		path = strings.TrimPrefix(path, prefix)
	}
	if fact, ok := factPaths[path]; ok {
		return fact
	}
	return path
}
