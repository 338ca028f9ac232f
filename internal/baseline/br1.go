package baseline

import "github.com/redisbaseline/terraform-provider-redisbaseline/internal/report"

const br1Title = "Ensure regular automated backups"

var azureBackup = Feature{
	ID: "BR-1/azure-backup", Control: "BR-1", ControlTitle: br1Title,
	Title:          "Azure Backup",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary:     "The article lists Azure Backup as not supported.",
		Why:         "Azure Backup cannot protect a cache; Premium offers persistence and export, which are no backup in that sense.",
		Remediation: "nothing to configure",
		References:  []Reference{refArticle, refPersist},
	},
	Check: unsupported("not supported by the service"),
}

var serviceNativeBackup = Feature{
	ID: "BR-1/service-native-backup", Control: "BR-1", ControlTitle: br1Title,
	Title:          "Service Native Backup Capability",
	Responsibility: ResponsibilityAbsent, Severity: report.None,
	Documentation: Documentation{
		Summary: "The article lists a backup capability of the service as not supported.",
		Why: "Premium can persist data (RDB, AOF) and export it on demand. Persistence helps after a failure of the nodes and " +
			"restores no earlier point in time; where it is on, advisory/persistence-identity looks at how it reaches its storage account.",
		Remediation: "nothing to configure",
		Property:    "properties.redisConfiguration[\"rdb-backup-enabled\"]", APIVersion: "2015-08-01",
		References: []Reference{refArticle, refPersist},
	},
	Check: unsupported("the article lists it as not supported; Premium offers persistence and export, which restore no earlier point in time"),
}
