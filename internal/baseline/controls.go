package baseline

// Controls are the ids of a control in the versions of the Microsoft cloud
// security benchmark; empty where a version has none.
type Controls struct{ V1, V2 string }

// mcsbV2 is how a document names version 2 of the benchmark.
const mcsbV2 = "MCSB v2"

// both is a control that has the same id in both versions.
func both(id string) Controls { return Controls{id, id} }

// titlesV1 are the titles of controls in version 1 of the benchmark, by id.
// Source: Microsoft_cloud_security_benchmark_v1.xlsx, github.com/MicrosoftDocs/SecurityBenchmarks at 8b9505a (2023-10-10).
var titlesV1 = map[string]string{
	"NS-1": "Establish network segmentation boundaries",
	"NS-2": "Secure cloud native services with network controls",
	"IM-1": "Use centralized identity and authentication system",
	"IM-3": "Manage application identities securely and automatically",
	"IM-7": "Restrict resource access based on conditions",
	"IM-8": "Restrict the exposure of credential and secrets",
	"PA-1": "Separate and limit highly privileged/administrative users",
	"PA-7": "Follow just enough administration (least privilege) principle",
	"PA-8": "Determine access process for cloud provider support",
	"DP-1": "Discover, classify, and label sensitive data",
	"DP-2": "Monitor anomalies and threats targeting sensitive data",
	"DP-3": "Encrypt sensitive data in transit",
	"DP-4": "Enable data at rest encryption by default",
	"DP-5": "Use customer-managed key option in data at rest encryption when required",
	"DP-6": "Use a secure key management process",
	"DP-7": "Use a secure certificate management process",
	"AM-2": "Use only approved services",
	"LT-1": "Enable threat detection capabilities",
	"LT-3": "Enable logging for security investigation",
	"LT-4": "Enable network logging for security investigation",
	"BR-1": "Ensure regular automated backups",
}

// changedInV2 are the titles that version 2 of the benchmark, which is a preview,
// gives to controls of version 1 anew; empty where no source tells the title.
// Source: github.com/MicrosoftDocs/learn, module
// design-solutions-microsoft-cybersecurity-cloud-security-benchmark, and the
// benchmark's pages of version 2 (2026-01-15). No page with PA-7 was found.
var changedInV2 = map[string]string{
	"IM-1": "Centralize identity and authentication while ensuring isolation",
	"IM-8": "Restrict the exposure of credentials and secrets",
	"PA-7": "",
}

// TitleV1 returns the title of a control in version 1 of the benchmark.
func TitleV1(id string) string { return titlesV1[id] }

// TitleV2 returns the title of a control in version 2 of the benchmark; empty
// where it is not known.
func TitleV2(id string) string {
	if title, changed := changedInV2[id]; changed {
		return title
	}
	return titlesV1[id]
}
