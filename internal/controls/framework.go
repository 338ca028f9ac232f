package controls

import (
	"slices"
	"strings"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/baseline"
)

// Meaning is what a mapping says and does not say, a sentence each.
var Meaning = []string{
	"A mapping is a relation that Microsoft prints between a control of its benchmark and those of another framework. It is not " +
		"compliance with that framework.",
	"NIST SP 800-53 r4 and PCI-DSS 3.2.1 are superseded by newer versions. Nothing here is derived from one version for another.",
	"What version 2 of the benchmark maps to is told as Microsoft's preview prints it, second hand, and only for LT-1, LT-3 and LT-4.",
	"\"none\" is what the benchmark says; what is empty is not known.",
	"Microsoft's article on Azure Managed Redis prints no controls: redisbaseline puts its features under those of " +
		"version 2 of the benchmark.",
	"Advisories of redisbaseline stand under no control and are left out.",
}

// Framework is a catalogue of controls to which a version of the Microsoft cloud
// security benchmark (MCSB) maps its own.
type Framework struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Benchmark  string `json:"benchmark"`  // the version of the benchmark whose mapping is told
	Superseded bool   `json:"superseded"` // by a newer version of the framework
	SecondHand bool   `json:"second_hand"`
	Source     Source `json:"source"`
}

// Source is where a mapping was read.
type Source struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	Commit string `json:"commit,omitempty"`
	Date   string `json:"date,omitempty"` // of the source; empty where that is not known
}

// The versions of the benchmark.
const (
	v1 = "MCSB v1"
	v2 = "MCSB v2"
)

// workbook is Microsoft's own table of version 1, read first hand.
var workbook = Source{
	Title: "Microsoft_cloud_security_benchmark_v1.xlsx", URL: "https://github.com/MicrosoftDocs/SecurityBenchmarks",
	Commit: "8b9505a", Date: "2023-10-10",
}

// preview is Microsoft's page on the logging controls of version 2, of which public copies
// were read; the mapping of the other domains was found nowhere.
var preview = Source{
	Title: "Logging and threat detection, as Microsoft's preview prints it (second hand: read in a public copy of the page)",
	URL:   "https://learn.microsoft.com/security/benchmark/azure/mcsb-v2-logging-threat-detection",
}

// Frameworks are the frameworks to which the benchmark maps, in the order of the columns
// of mappedV1 and then of mappedV2.
var Frameworks = []Framework{
	{"nist-sp-800-53-r4", "NIST SP 800-53 r4", v1, true, false, workbook},
	{"cis-controls-v8", "CIS Controls v8", v1, false, false, workbook},
	{"pci-dss-3.2.1", "PCI-DSS 3.2.1", v1, true, false, workbook},
	{"nist-sp-800-53-r5", "NIST SP 800-53 r5", v2, false, true, preview},
	{"cis-controls-v8.1", "CIS Controls v8.1", v2, false, true, preview},
	{"pci-dss-v4", "PCI-DSS v4", v2, false, true, preview},
	{"nist-csf-2.0", "NIST CSF 2.0", v2, false, true, preview},
	{"iso-27001-2022", "ISO 27001:2022", v2, false, true, preview},
	{"soc-2", "SOC 2", v2, false, true, preview},
}

// none stands where the source says that there is no counterpart (the workbook: N/A). An
// empty text stands where the source says nothing.
const none = "none"

// mappedV1 are the counterparts of controls of version 1, by id, in the first three of
// Frameworks. The cell of LT-1 for PCI-DSS is blank in the workbook.
var mappedV1 = map[string][3]string{
	"NS-1": {"AC-4, SC-2, SC-7", "3.12, 13.4, 4.4", "1.1, 1.2, 1.3"},
	"NS-2": {"AC-4, SC-2, SC-7", "3.12, 4.4", "1.1, 1.2, 1.3"},
	"IM-1": {"AC-2, AC-3, IA-2, IA-8", "6.7, 12.5", "7.2, 8.3"},
	"IM-3": {"AC-2, AC-3, IA-4, IA-5, IA-9", none, none},
	"IM-7": {"AC-2, AC-3, AC-6", "3.3, 6.4, 13.5", "7.2"},
	"IM-8": {"IA-5", "16.9, 16.12", "3.5, 6.3, 8.2"},
	"PA-1": {"AC-2, AC-6", "5.4, 6.8", "7.1, 7.2, 8.1"},
	"PA-7": {"AC-2, AC-3, AC-6", "3.3, 6.8", "7.1, 7.2"},
	"PA-8": {"AC-4, AC-2, AC-3", "6.1, 6.2", none},
	"DP-1": {"RA-2, SC-28", "3.2, 3.7, 3.13", "A3.2"},
	"DP-2": {"AC-4, SI-4", "3.13", "A3.2"},
	"DP-3": {"SC-8", "3.10", "3.5, 3.6, 4.1"},
	"DP-4": {"SC-28", "3.11", "3.4, 3.5"},
	"DP-5": {"SC-12, SC-28", "3.11", "3.4, 3.5, 3.6"},
	"DP-6": {"IA-5, SC-12, SC-28", none, "3.6"},
	"DP-7": {"IA-5, SC-12, SC-17", none, "3.6"},
	"AM-2": {"CM-8, PM-5", "2.5, 2.6, 2.7, 4.8", "6.3"},
	"LT-1": {"AU-3, AU-6, AU-12, SI-4", "8.11", ""},
	"LT-3": {"AU-3, AU-6, AU-12, SI-4", "8.2, 8.5, 8.12", "10.1, 10.2, 10.3"},
	"LT-4": {"AU-3, AU-6, AU-12, SI-4", "8.2, 8.5, 8.6, 8.7, 13.6", "10.8"},
	"BR-1": {"CP-2, CP-4, CP-9", "11.2", none},
}

// mappedV2 are the counterparts of controls of version 2, by id, in the other Frameworks.
var mappedV2 = map[string][6]string{
	"LT-1": {
		"SI-4(1), SI-4(2), SI-4(5), SI-4(12), SI-4(23), AU-6(1), AU-6(3)", "8.11, 13.1, 13.2",
		"10.6.1, 10.6.2, 10.6.3, 10.8.1, 11.5.1", "DE.CM-1, DE.CM-4, DE.CM-7", "A.8.16, A.5.24", "CC7.2, CC7.3",
	},
	"LT-3": {
		"AU-2(1), AU-3(1), AU-6(1), AU-6(3), AU-12(1), SI-4(2)", "8.2, 8.3, 8.5, 8.12",
		"10.2.1, 10.2.2, 10.3.1, 10.3.2, 10.3.3", "DE.AE-3, DE.CM-1, DE.CM-6, PR.PT-1", "A.8.15, A.8.16, A.8.17", "CC4.1, CC7.2, CC7.3",
	},
	"LT-4": {
		"AU-2(1), AU-3(1), AU-6(1), AU-12(1), SI-4(2), SI-4(4), SI-4(5), SI-4(12)", "8.2, 8.5, 8.6, 8.11, 13.6",
		"10.2.1, 10.2.2, 10.3.1, 10.3.2, 11.4.1, 11.4.2", "DE.AE-3, DE.CM-1, DE.CM-4, DE.CM-6, DE.CM-7", "A.8.15, A.8.16", "CC7.2",
	},
}

// Mapping are the counterparts of a control in a framework.
type Mapping struct {
	Framework string   `json:"framework"` // id
	IDs       []string `json:"ids"`       // empty where the benchmark says that there are none
}

// mappings are the counterparts of a control as far as they are known.
func mappings(ids baseline.Controls) []Mapping {
	first, second := mappedV1[ids.V1], mappedV2[ids.V2]
	out := []Mapping{}
	for i, text := range slices.Concat(first[:], second[:]) {
		switch text {
		case "":
		case none:
			out = append(out, Mapping{Frameworks[i].ID, []string{}})
		default:
			out = append(out, Mapping{Frameworks[i].ID, strings.Split(text, ", ")})
		}
	}
	return out
}
